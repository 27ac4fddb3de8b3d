#include "dialect/errors.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace sluice::dialect {
namespace {

struct StatusRow {
  int status;
  std::string_view openai;     // error.type
  std::string_view anthropic;  // error.type
  std::string_view gemini;     // error.status (google.rpc.Code)
};
// The providers' own words for a status. The last row stands for every other one.
constexpr std::array status_rows{
    StatusRow{400, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT"},
    StatusRow{401, "invalid_request_error", "authentication_error", "UNAUTHENTICATED"},
    StatusRow{403, "invalid_request_error", "permission_error", "PERMISSION_DENIED"},
    StatusRow{404, "invalid_request_error", "not_found_error", "NOT_FOUND"},
    StatusRow{409, "invalid_request_error", "conflict_error", "ABORTED"},
    StatusRow{413, "invalid_request_error", "request_too_large", "INVALID_ARGUMENT"},
    StatusRow{429, "rate_limit_exceeded", "rate_limit_error", "RESOURCE_EXHAUSTED"},
    StatusRow{500, "server_error", "api_error", "INTERNAL"},
    StatusRow{501, "invalid_request_error", "invalid_request_error", "UNIMPLEMENTED"},
    StatusRow{502, "server_error", "api_error", "UNAVAILABLE"},
    StatusRow{503, "server_error", "overloaded_error", "UNAVAILABLE"},
    StatusRow{504, "server_error", "api_error", "DEADLINE_EXCEEDED"},
    StatusRow{0, "server_error", "api_error", "UNKNOWN"},
};

const StatusRow& row_for(int status) {
  const auto row = std::ranges::find(status_rows, status, &StatusRow::status);
  return row == status_rows.end() ? status_rows.back() : *row;
}

// A used-up budget has types of its own: clients stop retrying on them.
constexpr std::string_view budget_code = "insufficient_quota";

void write_error(JsonWriter& out, Dialect dialect, int status, std::string_view message, std::string_view code) {
  const auto& row = row_for(status);
  switch (dialect) {
    case Dialect::openai:
      out.begin_object().field("message", message).field("type", code == budget_code ? budget_code : row.openai);
      out.key("param").null().key("code");
      code.empty() ? out.null() : out.text(code);
      out.end_object();
      return;
    case Dialect::anthropic:
      out.begin_object().field("type", code == budget_code ? std::string_view("billing_error") : row.anthropic);
      out.field("message", message).end_object();
      return;
    case Dialect::gemini:
      out.begin_object().field("code", status).field("message", message).field("status", row.gemini).end_object();
      return;
  }
}

struct PublicError {
  int status;
  std::string_view code;  // error.code of the OpenAI form
};

// What an API client sees for an ErrorCode (the gateway's public contract: 400 for what a person must read, 401, 403,
// 404, 413, 429, 5xx).
PublicError public_error(const Error& error) {
  using enum ErrorCode;
  switch (error.code) {
    case unauthenticated:
      return {401, "invalid_api_key"};
    case rate_limited:
      return {429, "rate_limit_exceeded"};
    case quota_exceeded:
      return {429, budget_code};
    case not_found:
      return {404, "model_not_found"};
    case app_denied:
      return {400, "app_denied"};
    default:
      return {row_of(error.code).http_status, row_of(error.code).name};
  }
}

// Details of these are for the caller; all others may speak of our inside and stay in the log.
bool detail_is_for_the_client(ErrorCode code) {
  return code != ErrorCode::internal && code != ErrorCode::io_failed;
}

// A guardrail's text is written for people: it stands alone, as in the last event of a stream.
std::string message_of(const Error& error) {
  if (error.code == ErrorCode::guardrail_blocked && !error.detail.empty()) return error.detail;
  return detail_is_for_the_client(error.code) ? error.message() : std::string(row_of(error.code).sentence);
}

}  // namespace

std::string error_body(Dialect dialect, int status, std::string_view message, std::string_view code,
                       std::string_view request_id) {
  JsonWriter out;
  out.begin_object();
  if (dialect == Dialect::anthropic) out.field("type", "error");
  out.key("error");
  write_error(out, dialect, status, message, code);
  if (dialect == Dialect::anthropic && !request_id.empty()) out.field("request_id", request_id);
  return out.end_object().take();
}

Answer error_answer(Dialect dialect, const Error& error, std::string_view request_id,
                    std::optional<int> retry_after_seconds) {
  const auto shown = public_error(error);
  const std::string message = message_of(error);
  Answer answer{.status = shown.status, .headers = {{"content-type", "application/json"}}, .body = {}};
  answer.headers.emplace_back("x-request-id", request_id);
  if (row_of(error.code).retry == Retry::never)
    answer.headers.emplace_back("x-should-retry", "false");
  else if (retry_after_seconds)
    answer.headers.emplace_back("retry-after", std::to_string(std::clamp(*retry_after_seconds, 1, 60)));
  answer.body = error_body(dialect, shown.status, message, shown.code, request_id);
  return answer;
}

std::string error_event(Operation operation, int status, std::string_view message, std::string_view code,
                        std::string_view request_id) {
  JsonWriter out;
  out.begin_object();
  switch (operation) {
    case Operation::responses:
      out.field("type", "error").field("code", code.empty() ? std::string_view("server_error") : code);
      out.field("message", message).key("param").null().end_object();
      return "event: error\ndata: " + out.take() + "\n\n";
    case Operation::messages:
    case Operation::count_tokens:
      return "event: error\ndata: " + error_body(Dialect::anthropic, status, message, code, request_id) + "\n\n";
    default:
      return "data: " + error_body(dialect_of(operation), status, message, code, request_id) + "\n\n";
  }
}

}  // namespace sluice::dialect
