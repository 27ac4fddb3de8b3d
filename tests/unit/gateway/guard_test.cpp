// The gateway's compiler of guardrails and its memory of texts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "gateway/guard/compiler.h"
#include "gateway/guard/finding_cache.h"

namespace sluice::gateway {
namespace {

using testing::HasSubstr;

class GuardCompilerTest : public testing::Test {
 protected:
  ~GuardCompilerTest() override { std::filesystem::remove_all(folder); }
  static std::filesystem::path new_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "guard_test_XXXXXX").string();
    return ::mkdtemp(name.data());
  }
  static policy::GuardrailDocument document(std::string_view regex) {
    return *policy::parse_guardrails(
        R"({"rules":[{"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["p"]}],"action":"flag"}],)"
        R"("patterns":[{"id":"p","regex":")" +
        std::string(regex) + R"("}]})");
  }
  const std::filesystem::path folder = new_folder();
  const Secret hash_key{std::string(64, 'a')};
  GuardCompiler compiler{folder / "guard", Secret(std::string(32, 'k'))};
};

TEST_F(GuardCompilerTest, MakesNothingOfADocumentWithoutRules) {
  EXPECT_EQ(*compiler.compile({}, Secret()), nullptr);
}

TEST_F(GuardCompilerTest, KeepsTheGuardWhileDocumentAndKeyAreTheSame) {
  const Result<GuardPtr> first = compiler.compile(document("abc[0-9]"), hash_key);
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(*compiler.compile(document("abc[0-9]"), hash_key), *first);
  EXPECT_NE(*compiler.compile(document("abc[0-8]"), hash_key), *first);
}

TEST_F(GuardCompilerTest, NamesTheFieldThatCannotBeEnforced) {
  const Result<GuardPtr> made = compiler.compile(document("("), hash_key);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message(), HasSubstr("patterns[0].regex"));
}

TEST_F(GuardCompilerTest, WantsAKeyForItsHashes) {
  const Result<GuardPtr> made = compiler.compile(document("abc"), Secret("short"));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message(), HasSubstr("guard_hash_key"));
}

TEST_F(GuardCompilerTest, KeepsCompiledPatternsSealedAndUsesNoneThatAreNotItsOwn) {
  ASSERT_TRUE(compiler.compile(document("secretpattern[0-9]"), hash_key));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "guard")) {
    ++files;
    std::filesystem::resize_file(entry.path(), 10);
  }
  EXPECT_GT(files, 0U);
  GuardCompiler again(folder / "guard", Secret(std::string(32, 'k')));
  EXPECT_TRUE(again.compile(document("secretpattern[0-9]"), hash_key)) << "compiled anew";
}

std::string text_of(char c) {
  return std::string(FindingCache::least_text, c);
}

TEST(FindingCacheTest, ReturnsWhatWasFoundInTheSameTextAndPhaseOnly) {
  FindingCache cache;
  guard::Finding finding;
  finding.start = 7;
  EXPECT_EQ(cache.find(text_of('a'), guard::Phase::input), nullptr);
  cache.keep(text_of('a'), guard::Phase::input, {finding});
  ASSERT_NE(cache.find(text_of('a'), guard::Phase::input), nullptr);
  EXPECT_EQ(cache.find(text_of('a'), guard::Phase::input)->at(0).start, 7U);
  EXPECT_EQ(cache.find(text_of('a'), guard::Phase::output), nullptr);
  EXPECT_EQ(cache.find(text_of('b'), guard::Phase::input), nullptr);
}

TEST(FindingCacheTest, ForgetsTheTextsLeastUsedWhenItIsFull) {
  FindingCache cache(2000);
  for (char c = 'a'; c <= 'z'; ++c) {
    EXPECT_EQ(cache.find(text_of(c), guard::Phase::input), nullptr);
    cache.keep(text_of(c), guard::Phase::input, {});
    EXPECT_LE(cache.bytes(), 2000U);
    EXPECT_NE(cache.find(text_of(c), guard::Phase::input), nullptr);
  }
  EXPECT_EQ(cache.find(text_of('a'), guard::Phase::input), nullptr);
}

TEST(FindingCacheTest, ForgetsEverythingWhenTheRulesChange) {
  FindingCache cache;
  EXPECT_EQ(cache.find(text_of('a'), guard::Phase::input), nullptr);
  cache.keep(text_of('a'), guard::Phase::input, {});
  Result<std::shared_ptr<const guard::Guard>> guard = guard::Guard::compile(
      *policy::parse_guardrails(
          R"({"rules":[{"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["p"]}],"action":"flag"}],)"
          R"("patterns":[{"id":"p","regex":"x"}]})"),
      {.hash_key = Secret(std::string(64, 'a'))});
  ASSERT_TRUE(guard);
  cache.use(*guard);
  EXPECT_EQ(cache.find(text_of('a'), guard::Phase::input), nullptr);
}

}  // namespace
}  // namespace sluice::gateway
