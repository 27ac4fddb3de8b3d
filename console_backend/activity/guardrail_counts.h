// What guardrails did over time, counted as completions come in.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "audit/record.h"
#include "base/clock.h"
#include "store/database.h"

namespace sluice::console {

// The finest step of time that counts are kept by.
inline constexpr std::chrono::minutes guardrail_bucket{5};

// Adds the outcomes of one request that completed at `time`. Called once per request.
void count_guardrails(store::Session& audit, const std::vector<audit::GuardrailOutcome>& outcomes, TimePoint time);

struct GuardrailCount {
  TimePoint time;  // the beginning of the step
  std::string rule, action, phase;
  std::int64_t requests = 0;  // in which the rule did this
  std::int64_t findings = 0;  // that it did this with
};
struct GuardrailCountQuery {
  TimePoint from, to;         // inclusive, exclusive; read in whole steps
  std::chrono::seconds step;  // a multiple of guardrail_bucket
  std::string rule = {};      // empty: all
};
// In order of time, rule, action, phase. Steps begin at multiples of their length since 1970.
std::vector<GuardrailCount> guardrail_counts(store::Session& audit, const GuardrailCountQuery& query,
                                             std::size_t limit);

}  // namespace sluice::console
