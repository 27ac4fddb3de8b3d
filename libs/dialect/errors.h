// Error answers in the shape of the dialect that was asked (OpenAI, Anthropic and Gemini API
// references). For API clients; what intercepted apps get is chosen in policy/refusal.h.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "dialect/dialect.h"

namespace sluice::dialect {

// A whole HTTP answer. Header names are lower case; content-length is left to the HTTP library.
struct Answer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

// The body alone, for any status: OpenAI {"error":{"message","type","param","code"}}, Anthropic
// {"type":"error","error":{"type","message"},"request_id"}, Gemini {"error":{"code","message","status"}}.
// `code` is Sluice's error name where the dialect has room for one (OpenAI), empty for null.
std::string error_body(Dialect dialect, int status, std::string_view message, std::string_view code,
                       std::string_view request_id);

// The answer to an API client: status by the table in errors.cpp, content-type, x-request-id, and where they apply
// retry-after (seconds, at most 60) and x-should-retry. `error.detail` is shown to the client: it must be fit for that;
// internal failures show only the row's sentence.
Answer error_answer(Dialect dialect, const Error& error, std::string_view request_id,
                    std::optional<int> retry_after_seconds = std::nullopt);

// An error event to end a stream that has already begun, in the dialect's form, bytes ready to send.
std::string error_event(Operation operation, int status, std::string_view message, std::string_view code,
                        std::string_view request_id);

}  // namespace sluice::dialect
