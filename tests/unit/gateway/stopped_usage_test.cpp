#include "gateway/pipeline/stopped_usage.h"

#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

using dialect::Operation;
using dialect::Usage;

TEST(StoppedUsage, IsEstimatedFromTheTextsWhereTheProviderSaidNothing) {
  const StoppedUsage stopped = usage_when_stopped(Operation::chat_completions, {}, 4000, 9);
  EXPECT_EQ(stopped.usage, (Usage{.input = 1000, .output = 3}));
  EXPECT_TRUE(stopped.estimated);
}

TEST(StoppedUsage, IsWhatTheProviderSaidSoFarWhereItDid) {
  const Usage seen{.input = 7, .output = 2, .cache_read = 5, .reported = true};
  const StoppedUsage stopped = usage_when_stopped(Operation::stream_generate_content, seen, 4000, 400);
  EXPECT_EQ(stopped.usage, seen);
  EXPECT_FALSE(stopped.estimated);
}

TEST(StoppedUsage, OfMessagesTakesTheTrueInputAndEstimatesTheAnswerThatWasOnlyBegun) {
  const Usage begun{.input = 7, .output = 1, .cache_read = 5, .reported = true};
  const StoppedUsage stopped = usage_when_stopped(Operation::messages, begun, 4000, 400);
  EXPECT_EQ(stopped.usage, (Usage{.input = 7, .output = 100, .cache_read = 5, .reported = true}));
  EXPECT_TRUE(stopped.estimated);
  EXPECT_FALSE(usage_when_stopped(Operation::messages, begun, 4000, 4).estimated);
}

}  // namespace
}  // namespace sluice::gateway
