// What cannot be enforced in a guardrail document. Private to libs/policy.
#pragma once
#include <optional>
#include <string>

#include "policy/guardrails.h"

namespace sluice::policy {

struct GuardrailProblem {
  std::string path = {};  // below the "guardrails" object
  std::string what = {};
};
std::optional<GuardrailProblem> first_problem(const GuardrailDocument& document);

// Ids stand in placeholders, audit rows, metrics and URLs: letters, digits, '.', '_' and '-', at most 64.
bool is_guardrail_id(std::string_view text) noexcept;

// Whether detector_types(kind) has the word.
bool is_detector_type(DetectorKind kind, std::string_view word) noexcept;

}  // namespace sluice::policy
