// Personal data: what names, reaches or identifies a person.
//
// Anchored things (e-mail, URL, MAC, IPv6, "my name is") are patterns of the engine's one pass. Numbers and
// capitalised words stand everywhere, so a pattern for them would report at every turn; one sweep over the text looks
// at them instead (sweep.h). Check digits, formats and nearby words make the score; at 0.5 a finding is a hit.
// Immutable; threads: any. docs/guardrails.md says what is found and what is not.
#pragma once
#include <memory>

#include "guard/ruleset.h"

namespace sluice::guard {

std::shared_ptr<const Ruleset> make_pii_rules();

}  // namespace sluice::guard
