// Prompt injection and jailbreak: text that gives an assistant orders its operator did not give.
//
// Four layers over the normalised text (normalise.h): patterns of known phrasings in a dozen languages (patterns.h),
// linear heads over hashed n-grams (features.h, model.h), what surrounds each window (context.h), and a network that
// makes one score of it all (verdict.h). tools/train-injection writes the weights. docs/guardrails-injection.md says
// what is not caught.
//
// Findings: type `injection` or `jailbreak`; rule `injection-direct` when the text itself speaks to the assistant,
// `injection-indirect` when a mail, table, page or program does from within. Offsets are those of the source. At most
// `most_findings` per text, the best first kept; those under the threshold are reported with hit = false.
#pragma once
#include <cstddef>
#include <memory>

#include "guard/ruleset.h"

namespace sluice::guard {

inline constexpr float injection_threshold = 0.5F;
inline constexpr float lowest_injection_score = 0.02F;  // under it nothing is reported
inline constexpr std::size_t most_injection_findings = 4;

// Immutable; serves any number of threads. Working memory is kept per thread and is linear in the longest text.
std::shared_ptr<const Ruleset> make_injection_rules();

}  // namespace sluice::guard
