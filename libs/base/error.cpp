#include "base/error.h"

#include <array>
#include <cstddef>

namespace sluice {
namespace {

using enum ErrorCode;
constexpr std::array rows{
    ErrorRow{internal, "internal", 500, Retry::later, "Something inside Sluice failed"},
    ErrorRow{invalid_argument, "invalid_argument", 400, Retry::never, "A value is not allowed"},
    ErrorRow{malformed, "malformed", 400, Retry::never, "The input is not well-formed"},
    ErrorRow{too_large, "too_large", 413, Retry::never, "The input is larger than the limit"},
    ErrorRow{unsupported, "unsupported", 501, Retry::never, "This is not supported here"},
    ErrorRow{unauthenticated, "unauthenticated", 401, Retry::never, "No valid credential was given"},
    ErrorRow{forbidden, "forbidden", 403, Retry::never, "This is not allowed for the caller"},
    ErrorRow{not_found, "not_found", 404, Retry::never, "There is no such thing"},
    ErrorRow{conflict, "conflict", 409, Retry::never, "The current state does not allow this"},
    ErrorRow{rate_limited, "rate_limited", 429, Retry::later, "Too many requests"},
    ErrorRow{quota_exceeded, "quota_exceeded", 429, Retry::never, "A budget is used up"},
    ErrorRow{app_denied, "app_denied", 400, Retry::never, "The organisation has denied this app"},
    ErrorRow{guardrail_blocked, "guardrail_blocked", 400, Retry::never, "A guardrail stopped this"},
    ErrorRow{model_not_allowed, "model_not_allowed", 403, Retry::never, "The key may not use this model"},
    ErrorRow{not_governed, "not_governed", 403, Retry::never, "This host is not in the governed set"},
    ErrorRow{bad_signature, "bad_signature", 400, Retry::never, "A signature does not verify"},
    ErrorRow{outdated, "outdated", 409, Retry::never, "The document is older than the one in force"},
    ErrorRow{expired, "expired", 403, Retry::never, "The validity period is over"},
    ErrorRow{revoked, "revoked", 403, Retry::never, "The credential was revoked"},
    ErrorRow{untrusted, "untrusted", 502, Retry::never, "The peer's certificate is not trusted"},
    ErrorRow{address_refused, "address_refused", 403, Retry::never, "The address is not allowed as a destination"},
    ErrorRow{resolve_failed, "resolve_failed", 502, Retry::later, "The name could not be resolved"},
    ErrorRow{connect_failed, "connect_failed", 502, Retry::later, "The connection could not be made"},
    ErrorRow{connection_closed, "connection_closed", 502, Retry::later, "The peer closed the connection"},
    ErrorRow{upstream_failed, "upstream_failed", 502, Retry::later, "The upstream answered wrongly"},
    ErrorRow{timed_out, "timed_out", 504, Retry::later, "The time for this ran out"},
    ErrorRow{cancelled, "cancelled", 503, Retry::later, "The work was cancelled"},
    ErrorRow{overloaded, "overloaded", 503, Retry::later, "There is too much work in progress"},
    ErrorRow{storage_full, "storage_full", 503, Retry::later, "There is no space left for records"},
    ErrorRow{io_failed, "io_failed", 500, Retry::later, "Reading or writing failed"},
};

constexpr bool rows_match_codes() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].code) != i) return false;
  return static_cast<std::size_t>(io_failed) + 1 == rows.size();
}
static_assert(rows_match_codes(), "one row per ErrorCode, in order");

}  // namespace

const ErrorRow& row_of(ErrorCode code) noexcept {
  return rows[static_cast<std::size_t>(code)];
}

Error Error::during(std::string_view activity) const {
  std::string text(activity);
  if (!detail.empty()) text.append(": ").append(detail);
  return Error{code, std::move(text)};
}

std::string Error::message() const {
  std::string text(row_of(code).sentence);
  if (!detail.empty()) text.append(": ").append(detail);
  return text;
}

}  // namespace sluice
