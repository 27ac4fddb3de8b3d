#include "dialect/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace sluice::dialect {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string header(const Answer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers)
    if (key == name) return value;
  return "-";
}

TEST(ErrorBody, HasTheProvidersShape) {
  EXPECT_EQ(
      error_body(Dialect::openai, 401, "no \"key\"", "invalid_api_key", "req_1"),
      R"({"error":{"message":"no \"key\"","type":"invalid_request_error","param":null,"code":"invalid_api_key"}})");
  EXPECT_EQ(error_body(Dialect::openai, 500, "m", "", ""),
            R"({"error":{"message":"m","type":"server_error","param":null,"code":null}})");
  EXPECT_EQ(error_body(Dialect::anthropic, 403, "m", "x", "req_1"),
            R"({"type":"error","error":{"type":"permission_error","message":"m"},"request_id":"req_1"})");
  EXPECT_EQ(error_body(Dialect::gemini, 404, "m", "x", "req_1"),
            R"({"error":{"code":404,"message":"m","status":"NOT_FOUND"}})");
}

struct Row {
  ErrorCode code;
  int status;
  const char* retry;  // x-should-retry
};

TEST(ErrorAnswer, FollowsTheContract) {
  using enum ErrorCode;
  const Row rows[] = {{app_denied, 400, "false"},
                      {malformed, 400, "false"},
                      {unauthenticated, 401, "false"},
                      {model_not_allowed, 403, "false"},
                      {not_found, 404, "false"},
                      {too_large, 413, "false"},
                      {rate_limited, 429, "-"},
                      {quota_exceeded, 429, "false"},
                      {upstream_failed, 502, "-"},
                      {overloaded, 503, "-"},
                      {timed_out, 504, "-"}};
  for (const auto dialect : {Dialect::openai, Dialect::anthropic, Dialect::gemini})
    for (const auto& row : rows) {
      const auto answer = error_answer(dialect, Error{row.code, "why"}, "req_1");
      EXPECT_EQ(answer.status, row.status) << row_of(row.code).name;
      EXPECT_EQ(header(answer, "x-should-retry"), row.retry) << row_of(row.code).name;
      EXPECT_EQ(header(answer, "x-request-id"), "req_1");
      EXPECT_EQ(header(answer, "content-type"), "application/json");
      EXPECT_THAT(answer.body, HasSubstr("why"));
      EXPECT_TRUE(parse_json(answer.body)) << answer.body;
    }
}

TEST(ErrorAnswer, UsesTheWordsThatClientsKnow) {
  const auto body = [](Dialect dialect, ErrorCode code) { return error_answer(dialect, Error{code, ""}, "r").body; };
  EXPECT_THAT(body(Dialect::openai, ErrorCode::quota_exceeded),
              HasSubstr(R"("type":"insufficient_quota","param":null,"code":"insufficient_quota")"));
  EXPECT_THAT(body(Dialect::anthropic, ErrorCode::quota_exceeded), HasSubstr(R"("type":"billing_error")"));
  EXPECT_THAT(body(Dialect::openai, ErrorCode::not_found), HasSubstr(R"("code":"model_not_found")"));
  EXPECT_THAT(body(Dialect::openai, ErrorCode::unauthenticated), HasSubstr(R"("code":"invalid_api_key")"));
  EXPECT_THAT(body(Dialect::gemini, ErrorCode::rate_limited), HasSubstr(R"("status":"RESOURCE_EXHAUSTED")"));
}

TEST(ErrorAnswer, BoundsTheWaitAndHidesTheInside) {
  EXPECT_EQ(header(error_answer(Dialect::openai, Error{ErrorCode::rate_limited, ""}, "r", 3600), "retry-after"), "60");
  EXPECT_EQ(header(error_answer(Dialect::openai, Error{ErrorCode::rate_limited, ""}, "r", 0), "retry-after"), "1");
  EXPECT_EQ(header(error_answer(Dialect::openai, Error{ErrorCode::quota_exceeded, ""}, "r", 5), "retry-after"), "-");
  EXPECT_THAT(error_answer(Dialect::openai, Error{ErrorCode::internal, "/var/lib/x"}, "r").body,
              Not(HasSubstr("/var/lib")));
}

TEST(ErrorEvent, EndsAStreamInItsForm) {
  EXPECT_EQ(error_event(Operation::messages, 503, "m", "", "r"),
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"},"
            "\"request_id\":\"r\"}\n\n");
  EXPECT_EQ(error_event(Operation::responses, 503, "m", "overloaded", "r"),
            "event: error\ndata: {\"type\":\"error\",\"code\":\"overloaded\",\"message\":\"m\",\"param\":null}\n\n");
  EXPECT_THAT(error_event(Operation::chat_completions, 503, "m", "", "r"), HasSubstr("data: {\"error\":{"));
}

}  // namespace
}  // namespace sluice::dialect
