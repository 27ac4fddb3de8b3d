// Literals instead of expressions: nothing that an expression finds may be lost by them.
#include "guard/literal_anchor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "guard/engine.h"
#include "guard/injection/order_hits.h"
#include "guard/secrets/builtin.h"
#include "guard/secrets/secret_places.h"
#include "sample_expression.h"

namespace sluice::guard {
namespace {

using testing::ElementsAre;
using testing_support::ExpressionSampler;

std::vector<LiteralAnchor> anchors(std::string_view regex) {
  return literal_anchors(*parse_open({.regex = regex}));
}

TEST(LiteralAnchors, AreTheLongestTextsThatEveryMatchHolds) {
  const auto token = anchors("(?:^|[^a-z])(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,20}");
  ASSERT_EQ(token.size(), 1u);
  EXPECT_THAT(token[0].literals, ElementsAre("rk_live_", "rk_test_", "sk_live_", "sk_test_"));
  EXPECT_EQ(token[0].before, 12u) << "a character of four bytes in front";
  EXPECT_EQ(token[0].after, 20u);
  EXPECT_FALSE(token[0].longer);
  EXPECT_FALSE(token[0].in_front->has('a'));
  EXPECT_EQ(token[0].next.size(), 10u);
  const auto named = anchors("(?i:my_?key)[ =]{1,4}([^ ]{3,})");
  ASSERT_EQ(named.size(), 1u);
  EXPECT_TRUE(named[0].caseless);
  EXPECT_TRUE(named[0].longer);
  EXPECT_THAT(anchors("abcd[0-9]{3}|[0-9]{3}wxyz"), testing::SizeIs(2));
  EXPECT_TRUE(anchors("[a-z]{4}[0-9]+").empty());
  EXPECT_TRUE(anchors("[a-z]{4}[0-9]+|abcd").empty()) << "an alternative without any";
}

TEST(LiteralAnchors, LieWhereAMatchOfABuiltInRuleIsFound) {
  ExpressionSampler sample(1);
  std::size_t literal_rules = 0, matches = 0;
  for (const SecretRule& rule : builtin_secret_rules()) {
    const OpenNode tree = *parse_open({.regex = rule.regex});
    SecretPlaces places;
    places.add(0, rule.regex);
    std::vector<Pattern> patterns;
    places.add_patterns(patterns);
    if (patterns.front().form != Pattern::Form::literal) continue;
    ++literal_rules;
    const re2::RE2 regex(rule.regex);
    ASSERT_TRUE(regex.ok()) << rule.id << ": the rules are compiled when they are first needed, not before";
    for (int i = 0; i < 12; ++i) {
      const std::string text = "text\n" + sample.text(tree) + "\n";
      re2::StringPiece match;
      if (!regex.Match(text, 0, text.size(), re2::RE2::UNANCHORED, &match, 1)) continue;
      ++matches;
      const auto begin = static_cast<std::size_t>(match.data() - text.data()), end = begin + match.size();
      bool seen = false;
      for (const Pattern& pattern : patterns) {
        const SecretWindow& window = places.window(pattern.id);
        for (std::size_t at = begin; at + pattern.regex.size() <= end && !seen; ++at) {
          const std::size_t stop = at + pattern.regex.size();
          const bool same = pattern.caseless ? ::strncasecmp(&text[at], pattern.regex.data(), pattern.regex.size()) == 0
                                             : text.compare(at, pattern.regex.size(), pattern.regex) == 0;
          seen = same && places.likely(pattern.id, text, stop) && begin + window.before >= stop &&
                 end <= stop + window.after + window.more;
        }
      }
      EXPECT_TRUE(seen) << rule.id << ": " << text;
    }
  }
  EXPECT_GT(literal_rules, 320u);
  EXPECT_GT(matches, 3500u);
}

class Ends final : public PatternDatabase::Sink {
 public:
  Ends(std::vector<Scored>& segments) : segments_(segments) {}
  void matched(std::uint32_t id, std::size_t end) override {
    Scored* last = nullptr;
    for (Scored& scored : segments_)
      if (scored.segment.start < end) last = &scored;
    const OrderPattern& pattern = order_patterns()[id];
    float& best = last->patterns[static_cast<std::size_t>(pattern.order)];
    best = std::max(best, pattern.weight);
  }

 private:
  std::vector<Scored>& segments_;
};

TEST(OrderHits, MarkTheSegmentsInWhichHyperscanSeesTheExpressionsEnd) {
  std::vector<Pattern> patterns;
  std::vector<OpenNode> trees;
  for (const OrderPattern& pattern : order_patterns()) {
    patterns.push_back({std::string(pattern.regex), false, static_cast<std::uint32_t>(patterns.size())});
    trees.push_back(*parse_open({.regex = pattern.regex, .unit = TextUnit::bytes}));
  }
  std::vector<PatternRefusal> refused;
  const auto whole = PatternDatabase::compile(patterns, refused).value();
  const OrderHits hits;
  ExpressionSampler sample(2);
  PatternDatabase::Scratch scratch;
  std::size_t marked = 0;
  for (int i = 0; i < 600; ++i) {
    std::string text = "please ";
    for (int k = 0; k < 3; ++k) {
      const std::string order = sample.text(trees[sample.below(trees.size())]);
      text += order.substr(0, sample.below(4) == 0 ? sample.below(order.size() + 1) : order.size());
      text += std::vector<std::string>{" ", "\n", "\v", " ignore ", ". ", ""}[sample.below(6)];
    }
    // Cut anywhere: which segments there are is not what is compared.
    std::vector<Scored> by_words, by_expressions;
    for (std::size_t at = 0; at < text.size(); at += 1 + sample.below(40))
      by_words.emplace_back().segment = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(text.size())};
    by_expressions = by_words;
    hits.mark(text, scratch, by_words);
    Ends ends(by_expressions);
    ASSERT_TRUE(whole.scan(text, scratch, ends));
    for (std::size_t s = 0; s < by_words.size(); ++s) {
      EXPECT_EQ(by_words[s].patterns, by_expressions[s].patterns)
          << testing::PrintToString(text) << "\nat " << by_words[s].segment.start;
      marked += std::ranges::any_of(by_words[s].patterns, [](float weight) { return weight > 0; }) ? 1 : 0;
    }
  }
  EXPECT_GT(marked, 900u);
}

}  // namespace
}  // namespace sluice::guard
