// Ready patterns, word lists and topics that administrators copy into a policy and fit to their company. They are a
// beginning, not detectors: nothing uses them until a rule does, and no recall is claimed.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "policy/guardrails.h"

namespace sluice::guard {

struct RuleTemplate {
  std::string id = {};      // that of the one pattern, word list or topic of the fragment
  std::string title = {};   // for people
  std::string sample = {};  // a text in which it finds something
  policy::GuardrailDocument fragment = {};
};

// In the order in which they are shown.
std::vector<RuleTemplate> rule_templates();

}  // namespace sluice::guard
