// External checks without I/O: what to send to a provider, and what its answer says.
//
//   auto calls = ask(provider, {.surface = …, .texts = texts, .now = now});   // one HTTP request each
//   auto found = read(provider, (*calls)[0], status, body);                   // findings, or why it did not run
//
// A check that did not run is an Error, never an empty list: an answer that is no answer of this vendor, places that
// are not in the text, wrong types, filters the vendor skipped. Errors hold nothing of the texts and nothing of the
// answer's body, which may quote them. Pure; threads: any.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "guard/external/content.h"
#include "policy/guardrails.h"

namespace sluice::guard::external {

struct Question {
  policy::Surface surface = policy::Surface::input;
  std::span<const std::string_view> texts;  // nothing of who asks goes along
  TimePoint now;                            // signed into requests to AWS
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// One POST. Host and Content-Length are the sender's; `authority` is what Host must say.
struct Call {
  std::string authority;  // "api.lakera.ai", "127.0.0.1:9000"
  std::string target;     // path and query, the URL's own path first
  Headers headers;
  std::string body;
  policy::Surface surface = policy::Surface::input;
  std::uint8_t step = 0;  // which of the vendor's operations, where it has more than one
  Content content;
};

// `rule` is the vendor's word; `type` lives as long as the program.
struct Found {
  std::uint32_t text = 0;            // index in the texts
  std::uint32_t start = 0, end = 0;  // bytes; all of the text when the vendor names no place
  std::string rule;
  std::string_view type;
  float score = 0;   // 0 to 1; 1 where the vendor has none
  bool hit = false;  // the vendor would intervene
};

// No calls when there is nothing to look at. too_large; unsupported when the provider looks at nothing on this surface;
// invalid_argument for a provider or a credential that policy/guard_providers.h refuses.
Result<std::vector<Call>> ask(const policy::GuardProvider& provider, const Question& question);

inline constexpr std::size_t largest_answer = 1024 * 1024;

// Findings in order of text and place. malformed; forbidden (401, 403); rate_limited (429); upstream_failed (other
// statuses, and a vendor that says it did not look at everything).
Result<std::vector<Found>> read(const policy::GuardProvider& provider, const Call& call, int status,
                                std::string_view body);

// Where a provider's URL leads: scheme and authority, without path and query.
std::string origin_of(std::string_view url);

// Why a check did not run, as audit records and metrics name it: timed_out, budget, breaker_open, refused, throttled,
// malformed_answer, unreachable, address_refused, vendor_failed, too_large, unsupported, misconfigured, cancelled.
std::string_view reason_of(const Error& error) noexcept;
std::span<const std::string_view> reasons() noexcept;

}  // namespace sluice::guard::external
