// Compiled patterns: from a cache, in shards side by side, and swapped while texts are scanned.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "guard_fixture.h"

namespace sluice::guard {
namespace {

using namespace testing_support;
using testing::ElementsAre;

struct Cache {
  std::string compiled;
  int kept = 0;
  Guard::Options options() {
    Guard::Options made;
    made.cached = [this](std::string_view) { return compiled.empty() ? std::nullopt : std::optional(compiled); };
    made.keep = [this](std::string_view, std::string_view text) {
      compiled = text;
      ++kept;
    };
    return made;
  }
};

std::string document_with(std::string_view regex, std::string_view word) {
  return custom_document(R"(["x","w"])", R"("patterns":[{"id":"x","regex":")" + std::string(regex) +
                                             R"("}],"word_lists":[{"id":"w","words":[")" + std::string(word) + "\"]}]");
}

TEST(GuardCache, SavesTheSecondCompilation) {
  Cache cache;
  ASSERT_TRUE(compile(document_with("E-[0-9]{3}", "falcon"), cache.options()));
  EXPECT_EQ(cache.kept, 1);
  const auto again = compile(document_with("E-[0-9]{3}", "falcon"), cache.options());
  ASSERT_TRUE(again);
  EXPECT_EQ(cache.kept, 1);
  EXPECT_THAT(found(**again, "E-123 falcon"), ElementsAre("E-123", "falcon"));
}

TEST(GuardCache, NeverServesOtherPatternsThanThoseOfTheDocument) {
  Cache cache;
  ASSERT_TRUE(compile(document_with("E-[0-9]{3}", "falcon"), cache.options()));
  const auto changed = compile(document_with("F-[0-9]{3}", "falcon"), cache.options());
  ASSERT_TRUE(changed);
  EXPECT_EQ(cache.kept, 2);
  EXPECT_THAT(found(**changed, "E-123 F-123 falcon"), ElementsAre("F-123", "falcon"));
}

// What is kept from one document serves another as far as the patterns are the same: families keep their shards
// whatever stands beside them.
TEST(GuardCache, ServesTheFamiliesThatAreBuiltInWhateverCustomersWriteBesideThem) {
  const auto document = [](std::string_view regex) {
    std::string text = document_with(regex, "falcon");
    const std::string custom = R"({"kind":"custom")";
    return text.insert(text.find(custom), R"({"kind":"secrets"},{"kind":"pii"},)");
  };
  Cache cache;
  int compiled = 0;
  const auto options = [&] {
    Guard::Options made = cache.options();
    made.hash_key = Secret(std::string(32, 'k'));
    made.run_all = [&compiled](std::vector<std::function<void()>> jobs) {
      compiled = static_cast<int>(jobs.size());
      for (const auto& job : jobs) job();
    };
    return made;
  };
  ASSERT_TRUE(compile(document("E-[0-9]{3}"), options()));
  EXPECT_EQ(compiled, 4) << "literals and expressions of the families, custom expressions, words";
  compiled = 0;
  const auto changed = compile(document("F-[0-9]{3}"), options());
  ASSERT_TRUE(changed);
  EXPECT_EQ(compiled, 0) << "one shard is compiled where it stands: that of the custom expressions";
  EXPECT_THAT(found(**changed, "F-123 falcon"), ElementsAre("F-123", "falcon"));
}

TEST(GuardCache, IsPassedOverWhenItIsDamaged) {
  Cache cache;
  ASSERT_TRUE(compile(document_with("E-[0-9]{3}", "falcon"), cache.options()));
  cache.compiled.resize(cache.compiled.size() / 2);
  const auto guard = compile(document_with("E-[0-9]{3}", "falcon"), cache.options());
  ASSERT_TRUE(guard);
  EXPECT_EQ(cache.kept, 2);
  EXPECT_THAT(found(**guard, "E-123"), ElementsAre("E-123"));
}

TEST(GuardCompile, HandsItsShardsToTheCallersThreads) {
  std::atomic<int> jobs_run = 0;
  Guard::Options options;
  options.run_all = [&](std::vector<std::function<void()>> jobs) {
    std::vector<std::jthread> threads;
    for (auto& job : jobs)
      threads.emplace_back([&jobs_run, job] {
        job();
        ++jobs_run;
      });
  };
  const auto guard = compile(document_with("E-[0-9]{3}", "falcon"), std::move(options));
  ASSERT_TRUE(guard);
  EXPECT_EQ(jobs_run, 2);  // expressions and words
  EXPECT_THAT(found(**guard, "E-123 falcon"), ElementsAre("E-123", "falcon"));
}

// What a gateway does: one thread scans with the guard that it read last, another puts a new one in its place.
TEST(GuardCompile, MayBeSwappedWhileTextsAreScanned) {
  std::mutex mutex;
  std::shared_ptr<const Guard> current = *compile(document_with("N0", "nothing"));
  std::atomic<bool> done = false;
  std::atomic<int> scans = 0;
  std::thread scanner([&] {
    Guard::Scratch scratch;
    std::vector<Finding> findings;
    std::vector<Match> matches;
    while (!done || scans < 100) {
      std::unique_lock lock(mutex);
      const std::shared_ptr<const Guard> guard = current;
      lock.unlock();
      constexpr std::string_view text = "N0 N1 N2 N3 N4 N5 N6 N7 N8 N9";
      ASSERT_TRUE(guard->scan(text, Phase::input, scratch, findings));
      guard->judge(text, findings, policy::Surface::input, guard->select({}), matches);
      ASSERT_EQ(matches.size(), 1u);
      EXPECT_EQ(text.substr(matches[0].start, 2), guard->document().patterns[0].regex);
      ++scans;
    }
  });
  for (int i = 1; i < 30; ++i) {
    auto next = compile(document_with("N" + std::to_string(i % 10), "nothing"));
    ASSERT_TRUE(next);
    const std::lock_guard lock(mutex);
    current = std::move(*next);
  }
  done = true;
  scanner.join();
  EXPECT_GE(scans, 100);
}

}  // namespace
}  // namespace sluice::guard
