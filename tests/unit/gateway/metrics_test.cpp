#include "gateway/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, RequestsAreCountedByTheirLabelsAndMergedOverWorkers) {
  Metrics first, second;
  first.count_request({"openai", "gpt-5", "curl", "allowed", 200});
  first.count_request({"openai", "gpt-5", "curl", "allowed", 200});
  second.count_request({"openai", "gpt-5", "curl", "allowed", 200});
  second.count_request({"openai", "gpt-5", "curl", "denied", 400});
  first.merge(second);
  std::string text;
  first.print(text);
  EXPECT_THAT(text, HasSubstr("sluice_requests_total{provider=\"openai\",model=\"gpt-5\",app=\"curl\",decision="
                              "\"allowed\",status=\"200\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("decision=\"denied\",status=\"400\"} 1\n"));
}

TEST(Metrics, AClientCannotMakeMoreSeriesThanTheLimitNorBreakTheFormat) {
  Metrics metrics;
  metrics.count_request({"p", "a\"b\\c\nd", "", "allowed", 200});
  for (std::size_t i = 0; i < 2 * series_limit; ++i)
    metrics.count_request({"p", "model-" + std::to_string(i), "", "allowed", 200});
  std::string text;
  metrics.print(text);
  EXPECT_THAT(text, HasSubstr("model=\"a\\\"b\\\\cd\""));
  EXPECT_THAT(text, HasSubstr("model=\"other\",app=\"\",decision=\"allowed\",status=\"200\"} 1001\n"));
  EXPECT_THAT(text, Not(HasSubstr("model-1500")));
  for (std::size_t i = 0; i < series_limit; ++i)
    metrics.count_request({"p", "m", "app-" + std::to_string(i), "allowed", 200});
  text.clear();
  metrics.print(text);
  EXPECT_THAT(text, HasSubstr("model=\"other\",app=\"other\",decision=\"allowed\",status=\"200\"} 1000\n"));
  EXPECT_THAT(text, Not(HasSubstr("app-5")));
}

TEST(Metrics, ANameThatIsNotAsciiOrCutWithinACharacterStaysValidText) {
  Metrics metrics;
  metrics.count_request({"p", std::string(127, 'a') + "\xc3\xa9", "\xff", "allowed", 200});
  std::string text;
  metrics.print(text);
  EXPECT_THAT(text, HasSubstr("model=\"" + std::string(127, 'a') + "?\",app=\"?\""));
}

TEST(Metrics, AHistogramIsCumulativeAndInSeconds) {
  Histogram histogram;
  histogram.observe(std::chrono::microseconds(25));
  histogram.observe(std::chrono::microseconds(26));
  histogram.observe(std::chrono::minutes(10));
  std::string text;
  histogram.print(text, "x");
  EXPECT_THAT(text, HasSubstr("x_bucket{le=\"2.5e-05\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("x_bucket{le=\"5e-05\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("x_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("x_count 3\n"));
  EXPECT_THAT(text, HasSubstr("x_sum 600.000051\n"));
}

TEST(Metrics, TokensAreCountedByType) {
  Metrics metrics;
  metrics.count_tokens("anthropic", "claude",
                       {.input = 5, .output = 7, .cache_read = 0, .cache_write = 2, .reported = true});
  std::string text;
  metrics.print(text);
  EXPECT_THAT(text, HasSubstr("sluice_tokens_total{provider=\"anthropic\",model=\"claude\",type=\"output\"} 7\n"));
  EXPECT_THAT(text, Not(HasSubstr("cache_read")));
}

TEST(Metrics, ChecksOfGuardProvidersAreCountedByOutcomeAndTimedByProvider) {
  Metrics first, second;
  first.count_guard_check("lakera", "clean", std::chrono::milliseconds(1));
  second.count_guard_check("lakera", "clean", std::chrono::milliseconds(2));
  second.count_guard_check("lakera", "timed_out", std::chrono::seconds(2));
  first.merge(second);
  std::string text;
  first.print(text);
  EXPECT_THAT(text, HasSubstr("sluice_guard_provider_checks_total{provider=\"lakera\",outcome=\"clean\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sluice_guard_provider_checks_total{provider=\"lakera\",outcome=\"timed_out\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sluice_guard_provider_seconds_bucket{provider=\"lakera\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("sluice_guard_provider_seconds_count{provider=\"lakera\"} 3\n"));
}

}  // namespace
}  // namespace sluice::gateway
