// One error type for all of Sluice, and one table row per kind of error.
//
// Expected failures are values (`Result<T>`); exceptions are bugs or start-up failures. REST answers, retry
// decisions, metrics and the web console read the same row, and clients branch on its `name`.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

enum class ErrorCode : std::uint8_t {
  internal,
  invalid_argument,
  malformed,
  too_large,
  unsupported,
  unauthenticated,
  forbidden,
  not_found,
  conflict,
  rate_limited,
  quota_exceeded,
  app_denied,
  guardrail_blocked,
  model_not_allowed,
  not_governed,
  bad_signature,
  outdated,
  expired,
  revoked,
  untrusted,
  address_refused,
  resolve_failed,
  connect_failed,
  connection_closed,
  upstream_failed,
  timed_out,
  cancelled,
  overloaded,
  storage_full,
  io_failed,
};

enum class Retry : std::uint8_t { never, later };

struct ErrorRow {
  ErrorCode code;
  std::string_view name;  // stable: clients and metrics branch on it
  int http_status;        // what a REST answer carries
  Retry retry;
  std::string_view sentence;  // for people; the detail says where and what
};

const ErrorRow& row_of(ErrorCode code) noexcept;

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string detail;  // what was wrong, where, and what to do; never a secret

  // The same error, with the activity put in front: "reading the enrolment file: …".
  [[nodiscard]] Error during(std::string_view activity) const;
  // "<sentence>: <detail>", or the sentence alone.
  [[nodiscard]] std::string message() const;
  [[nodiscard]] std::string_view name() const noexcept { return row_of(code).name; }
};

}  // namespace sluice
