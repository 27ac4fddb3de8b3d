#include "log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>
#include <vector>

#include "base/json.h"
#include "base/secret.h"

namespace sluice::log {
namespace {

using testing::HasSubstr;
using testing::Not;

static_assert(!std::is_constructible_v<Value, Secret>, "a secret is not a loggable type");
static_assert(!std::is_constructible_v<Value, const Secret&>, "a secret is not a loggable type");

std::mutex guard;
std::vector<std::string> lines;
void keep(std::string_view line) {
  const std::lock_guard lock(guard);
  lines.emplace_back(line);
}

class Log : public testing::Test {
 protected:
  void SetUp() override {
    lines.clear();
    redirect(keep);
    start("sluice-test", Level::info);
  }
  void TearDown() override { redirect(nullptr); }
};

TEST_F(Log, WritesOneJsonObjectALine) {
  const std::string host = "a\"b\n";
  const std::size_t bytes = 12;
  event("tunnel.closed", {{"host", host}, {"bytes", bytes}, {"ratio", 0.5}, {"clean", true}, {"why", "end"}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0],
              HasSubstr(R"("level":"info","program":"sluice-test","event":"tunnel.closed","host":"a\"b\n","bytes":12,)"
                        R"("ratio":0.5,"clean":true,"why":"end"})"));
  EXPECT_TRUE(parse_json(lines[0]));
}

TEST_F(Log, LeavesOutWhatIsBelowTheLevel) {
  debug("quiet");
  set_level(Level::error);
  warning("quiet");
  EXPECT_TRUE(lines.empty());
  error("loud");
  EXPECT_EQ(lines.size(), 1U);
}

TEST_F(Log, NamesAFailureByItsRow) {
  failure(Level::warning, "snapshot.refused", Error{ErrorCode::expired, "since Monday"}, {{"version", 7}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0],
              HasSubstr(R"("error":"expired","detail":"The validity period is over: since Monday","version":7)"));
}

TEST_F(Log, CutsAHugeValue) {
  event("big", {{"text", std::string(100'000, 'x')}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_LT(lines[0].size(), 9'000U);
}

TEST_F(Log, KeepsTheLinesOfThreadsApart) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      for (int n = 0; n < 200; ++n) event("n", {{"n", n}});
    });
  threads.clear();
  ASSERT_EQ(lines.size(), 800U);
  for (const auto& line : lines) EXPECT_TRUE(parse_json(line)) << line;
}

TEST(RateLimit, LetsABurstThroughASecondAndCountsTheRest) {
  RateLimit limit(2);
  const SteadyPoint second{std::chrono::seconds(100)};
  std::uint64_t suppressed = 0;
  EXPECT_TRUE(limit.allow(second, suppressed));
  EXPECT_TRUE(limit.allow(second + std::chrono::milliseconds(500), suppressed));
  EXPECT_FALSE(limit.allow(second + std::chrono::milliseconds(600), suppressed));
  EXPECT_FALSE(limit.allow(second + std::chrono::milliseconds(999), suppressed));
  EXPECT_EQ(suppressed, 0U);
  EXPECT_TRUE(limit.allow(second + std::chrono::seconds(1), suppressed));
  EXPECT_EQ(suppressed, 2U);
  EXPECT_TRUE(limit.allow(second + std::chrono::seconds(1), suppressed));
  EXPECT_EQ(suppressed, 0U);
}

}  // namespace
}  // namespace sluice::log
