// The audit records of one request. An intent is written before the first byte goes upstream, a completion when the
// request is over; a request refused before that leaves one refusal, which carries both halves. They are joined by
// `request_id`. Text fields that do not apply are empty. No prompt, answer or secret is ever part of a record.
//
// JSON: one object, fields in the order below, `type`, `origin`, `sequence`, `time` first; origin and sequence are
// given by the spool. Tokens and cost that nobody knows are null. This header knows no chain: see chain.h.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace sluice::audit {

enum class Decision : std::uint8_t { allowed, denied, refused, failed, interrupted };
std::string_view name_of(Decision decision) noexcept;

struct RequestFacts {
  std::string request_id{};
  std::string client_request_id{};
  std::string device{};  // personal
  std::string user{};    // personal
  std::string app{};
  std::string app_version{};
  std::string virtual_key{};  // its id, never the key
  std::string team{};         // the key's; left out when empty
  std::string provider{};
  std::string model{};
  std::string dialect{};
  std::string operation{};
  bool streamed = false;
  std::string host{};
  std::string path{};  // without the query
};

struct Tokens {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  bool estimated = false;  // some of them: the provider had not said when its answer was stopped; left out when false
};

struct GuardrailOutcome {
  std::string rule{};      // the policy's
  std::string action{};    // shadow, flag, redact, block; not_checked: the check did not run
  std::string phase{};     // input, tool_results, output, tool_arguments
  std::string found_by{};  // the detector's rule; why it did not run. Never what was found
  std::int64_t count = 1;
};

struct Outcome {
  Decision decision = Decision::allowed;
  std::string reason{};  // for people: why it was denied or failed
  int status = 0;        // what the client got; 0 when nothing was answered
  std::string upstream_request_id{};
  std::optional<Tokens> tokens{};                  // unless the provider told them, or they were estimated
  std::optional<std::int64_t> cost_nanodollars{};  // unless there is a price
  std::int64_t latency_us = 0;
  std::int64_t overhead_us = 0;
  int attempts = 0;
  std::vector<GuardrailOutcome> guardrails{};
  // A streamed answer under guard: the most that was held back at once, and the longest that an event waited.
  std::int64_t guard_held_bytes = 0;
  std::int64_t guard_delay_us = 0;
};

struct Intent {
  TimePoint time{};
  RequestFacts request{};
};
struct Completion {
  TimePoint time{};
  std::string request_id{};
  Outcome outcome{};
};
struct Refusal {
  TimePoint time{};
  RequestFacts request{};
  Outcome outcome{};
};
using Record = std::variant<Intent, Completion, Refusal>;

const std::string& request_id_of(const Record& record) noexcept;
TimePoint time_of(const Record& record) noexcept;

struct PlacedRecord {
  std::string origin{};
  std::uint64_t sequence = 0;
  Record record;
};
// The JSON text of a record, personal fields included.
std::string to_json(const PlacedRecord& placed);
// Unknown fields, wrong types and duplicate keys are malformed, named by path. Records whose personal fields were
// removed (chain.h) parse with these empty.
Result<PlacedRecord> record_from_json(std::string_view text);

}  // namespace sluice::audit
