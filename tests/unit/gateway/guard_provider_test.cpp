// What decides whether a provider is asked at all; time is an argument.
#include <gtest/gtest.h>

#include "gateway/guard/breaker.h"
#include "gateway/guard/call_budget.h"
#include "gateway/guard/failure_log.h"

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;
using Outcome = Breaker::Outcome;

constexpr SteadyPoint start{std::chrono::hours(1)};

void call(Breaker& breaker, Outcome outcome, SteadyPoint now) {
  auto ticket = breaker.admit(now);
  ASSERT_TRUE(ticket);
  ticket->done(outcome, now);
}

TEST(Breaker, OpensAfterConsecutiveFailuresOnly) {
  Breaker breaker({.failures = 3, .open_for = 30s});
  call(breaker, Outcome::failure, start);
  call(breaker, Outcome::failure, start);
  call(breaker, Outcome::success, start);
  call(breaker, Outcome::failure, start);
  call(breaker, Outcome::failure, start);
  EXPECT_TRUE(breaker.admit(start));
  call(breaker, Outcome::failure, start);
  EXPECT_FALSE(breaker.admit(start));
}

TEST(Breaker, LetsOneCallTryWhenItsTimeIsOver) {
  Breaker breaker({.failures = 1, .open_for = 30s});
  call(breaker, Outcome::failure, start);
  EXPECT_FALSE(breaker.admit(start + 29s));
  auto probe = breaker.admit(start + 30s);
  ASSERT_TRUE(probe);
  EXPECT_FALSE(breaker.admit(start + 30s));
  probe->done(Outcome::success, start + 31s);
  EXPECT_TRUE(breaker.admit(start + 31s));
  EXPECT_TRUE(breaker.admit(start + 31s));
}

TEST(Breaker, StaysOpenWhenTheTryFails) {
  Breaker breaker({.failures = 5, .open_for = 30s});
  for (int i = 0; i < 5; ++i) call(breaker, Outcome::failure, start);
  call(breaker, Outcome::failure, start + 40s);
  EXPECT_FALSE(breaker.admit(start + 69s));
  EXPECT_TRUE(breaker.admit(start + 70s));
}

TEST(Breaker, LetsTheNextTryWhenATryWasGivenUp) {
  Breaker breaker({.failures = 1, .open_for = 30s});
  call(breaker, Outcome::failure, start);
  {
    const auto given_up = breaker.admit(start + 30s);
  }
  EXPECT_TRUE(breaker.admit(start + 30s));
}

TEST(Breaker, DoesNotListenToCallsOfBeforeItOpened) {
  Breaker breaker({.failures = 1, .open_for = 30s});
  auto late_success = breaker.admit(start), late_failure = breaker.admit(start), first = breaker.admit(start);
  first->done(Outcome::failure, start);
  late_success->done(Outcome::success, start + 1s);
  EXPECT_FALSE(breaker.admit(start + 29s));
  late_failure->done(Outcome::failure, start + 20s);
  EXPECT_TRUE(breaker.admit(start + 30s));
}

TEST(FailureLog, WritesALineAMinuteForEachProviderAndReasonAndCountsTheRest) {
  FailureLog log;
  EXPECT_EQ(log.count("lakera", "timed_out", start), 1U);
  EXPECT_EQ(log.count("lakera", "timed_out", start + 1s), std::nullopt);
  EXPECT_EQ(log.count("lakera", "unreachable", start + 1s), 1U);
  EXPECT_EQ(log.count("other", "timed_out", start + 1s), 1U);
  EXPECT_EQ(log.count("lakera", "timed_out", start + 59s), std::nullopt);
  EXPECT_EQ(log.count("lakera", "timed_out", start + 60s), 3U);
  EXPECT_EQ(log.count("lakera", "timed_out", start + 61s), std::nullopt);
}

TEST(CallBudget, HoldsAMinutesCallsAndFillsEvenly) {
  for (const std::int64_t rate : {1, 7, 60, 6000}) {
    CallBudget budget(rate);
    for (std::int64_t i = 0; i < rate; ++i) ASSERT_TRUE(budget.take(start)) << rate << " " << i;
    EXPECT_FALSE(budget.take(start));
    EXPECT_FALSE(budget.take(start + std::chrono::nanoseconds(59'000'000'000 / rate)));
    EXPECT_TRUE(budget.take(start + std::chrono::nanoseconds(60'000'000'000 / rate)));
    EXPECT_FALSE(budget.take(start + std::chrono::nanoseconds(60'000'000'000 / rate)));
  }
}

TEST(CallBudget, OfNoneRefusesAll) {
  CallBudget budget(0);
  EXPECT_FALSE(budget.take(start));
  EXPECT_FALSE(budget.take(start + 24h));
}

TEST(CallBudgets, GiveAllHoldersOfAProviderTheSameOne) {
  CallBudgets budgets;
  const auto first = budgets.of("a", 2);
  EXPECT_EQ(budgets.of("a", 2), first);
  EXPECT_NE(budgets.of("b", 2), first);
  EXPECT_NE(budgets.of("a", 3), first);
}

}  // namespace
}  // namespace sluice::gateway
