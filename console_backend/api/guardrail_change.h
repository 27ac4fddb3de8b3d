// What every change of guardrails does besides its own: the whole is compiled before, and told after.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "console_backend/api/call.h"
#include "console_backend/api/services.h"
#include "console_backend/guardrails/parts.h"

namespace sluice::console {

// With the deployment's own key.
Result<std::shared_ptr<const guard::Guard>> compile_guardrails(const Services& services, const GuardCheck::Turn& turn,
                                                               const policy::GuardrailDocument& document);

struct NamedPart {
  Part part = Part::rule;
  std::string id;
};
// Parts that no enabled rule uses are not compiled. What is put has to stand the day that a rule names it, so it is
// compiled with a rule that does.
void add_probe(policy::GuardrailDocument& document, const std::vector<NamedPart>& named);

// Writes it down, publishes the policy and tells the pages.
Result<void> tell_guardrails(Services& services, const Call& call, std::string_view what, std::string_view target,
                             std::string_view note);

}  // namespace sluice::console
