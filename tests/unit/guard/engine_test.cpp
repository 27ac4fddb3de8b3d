#include "guard/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace sluice::guard {
namespace {

// Reports every match of its patterns as the four bytes before its end.
class FourBytes final : public Ruleset {
 public:
  explicit FourBytes(std::vector<std::string> regexes) : regexes_(std::move(regexes)) {}
  [[nodiscard]] Detector detector() const noexcept override { return Detector::custom; }
  void add_patterns(std::vector<Pattern>& patterns) const override {
    for (std::uint32_t i = 0; i < regexes_.size(); ++i) patterns.push_back({regexes_[i], false, i});
  }
  Judged confirm(std::uint32_t pattern, std::string_view, std::size_t, std::size_t end,
                 std::vector<Finding>& findings) const override {
    ++asked;
    findings.push_back({Detector::custom, regexes_[pattern], "secret", static_cast<std::uint32_t>(end - 4),
                        static_cast<std::uint32_t>(end), 1, true});
    return end + 4;
  }
  void finish(std::string_view, Phase, std::vector<Finding>&) const override { ++finished; }
  mutable int asked = 0;
  mutable int finished = 0;

 private:
  std::vector<std::string> regexes_;
};

TEST(Engine, AsksEachFamilyAboutItsOwnPatternsInOnePass) {
  auto one = std::make_shared<const FourBytes>(std::vector<std::string>{"ab12", "cd34"});
  auto two = std::make_shared<const FourBytes>(std::vector<std::string>{"ef56"});
  std::vector<Engine::Refusal> refused;
  const auto engine = Engine::make({one, two}, refused).value();
  EXPECT_TRUE(refused.empty());
  Engine::Scratch scratch;
  std::vector<Finding> findings;
  ASSERT_TRUE(engine->scan("x ef56 cd34 ab12", Phase::input, scratch, findings));
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].rule, "ef56");
  EXPECT_EQ(findings[0].start, 2u);
  EXPECT_EQ(findings[2].rule, "ab12");
  EXPECT_EQ(two->asked, 1);
  EXPECT_EQ(two->finished, 1);
}

TEST(Engine, AsksOnceAboutWhatIsSettledAndForgetsItForTheNextText) {
  auto rules = std::make_shared<const FourBytes>(std::vector<std::string>{"aaaa"});
  std::vector<Engine::Refusal> refused;
  const auto engine = Engine::make({rules}, refused).value();
  Engine::Scratch scratch;
  std::vector<Finding> findings;
  ASSERT_TRUE(engine->scan(std::string(14, 'a'), Phase::input, scratch, findings));
  EXPECT_EQ(rules->asked, 3);  // ends 4, 9 and 14; each settles four bytes more
  ASSERT_TRUE(engine->scan("aaaa", Phase::input, scratch, findings));
  EXPECT_EQ(findings.size(), 1u);
}

TEST(Engine, NamesWhatCannotBeCompiledAndKeepsTheRest) {
  auto rules = std::make_shared<const FourBytes>(std::vector<std::string>{"(unclosed", "ab12", "x*", "a(?=b)cd"});
  std::vector<Engine::Refusal> refused;
  const auto engine = Engine::make({rules}, refused).value();
  std::vector<std::uint32_t> ids;
  for (const auto& refusal : refused) {
    ids.push_back(refusal.pattern.id);
    EXPECT_FALSE(refusal.pattern.reason.empty());
  }
  EXPECT_THAT(ids, testing::UnorderedElementsAre(0u, 2u, 3u));
  Engine::Scratch scratch;
  std::vector<Finding> findings;
  ASSERT_TRUE(engine->scan("ab12", Phase::output, scratch, findings));
  EXPECT_EQ(findings.size(), 1u);
}

class Ends final : public PatternDatabase::Sink {
 public:
  void matched(std::uint32_t id, std::size_t end) override { seen[id].push_back(end); }
  std::map<std::uint32_t, std::vector<std::size_t>> seen;
};

std::vector<Pattern> words(std::size_t count) {
  std::vector<Pattern> patterns;
  for (std::uint32_t i = 0; i < count; ++i) patterns.push_back({"word" + std::to_string(i) + ";", false, i});
  return patterns;
}

TEST(PatternDatabase, FindsTheSameInOneShardAndInMany) {
  std::vector<PatternRefusal> refused;
  const auto one = PatternDatabase::compile(words(40), refused).value();
  PatternDatabase::Options options;
  options.shard_size = 7;
  const auto many = PatternDatabase::compile(words(40), refused, options).value();
  EXPECT_EQ(one.shards(), 1u);
  EXPECT_EQ(many.shards(), 6u);
  PatternDatabase::Scratch scratch;
  Ends in_one, in_many;
  ASSERT_TRUE(one.scan("word3; word39; word0;", scratch, in_one));
  ASSERT_TRUE(many.scan("word3; word39; word0;", scratch, in_many));
  EXPECT_EQ(in_one.seen, in_many.seen);
  EXPECT_EQ(in_one.seen.size(), 3u);
}

TEST(PatternDatabase, SurvivesItsCacheAndRefusesADamagedOne) {
  std::vector<PatternRefusal> refused;
  PatternDatabase::Options options;
  options.shard_size = 3;
  const std::string text = PatternDatabase::compile(words(7), refused, options)->serialise().value();
  const auto back = PatternDatabase::deserialise(text).value();
  EXPECT_EQ(back.shards(), 3u);
  PatternDatabase::Scratch scratch;
  Ends ends;
  ASSERT_TRUE(back.scan("word6;", scratch, ends));
  EXPECT_EQ(ends.seen.size(), 1u);
  EXPECT_FALSE(PatternDatabase::deserialise("not it"));
  for (const std::size_t cut : {std::size_t{20}, std::size_t{30}, text.size() / 2, text.size() - 1})
    EXPECT_FALSE(PatternDatabase::deserialise(std::string_view(text).substr(0, cut))) << cut;
}

TEST(PatternDatabase, AMegabyteOfOneCharacterIsAskedAboutInStepsOnly) {
  auto rules = std::make_shared<const FourBytes>(std::vector<std::string>{"[a-z]{16}"});
  std::vector<Engine::Refusal> refused;
  const auto engine = Engine::make({rules}, refused).value();
  Engine::Scratch scratch;
  std::vector<Finding> findings;
  ASSERT_TRUE(engine->scan(std::string(1'000'000, 'a'), Phase::input, scratch, findings));
  EXPECT_EQ(findings.size(), 199'997u);  // one a step of five: the end and the four bytes it settles
}

}  // namespace
}  // namespace sluice::guard
