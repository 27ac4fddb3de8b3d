// `sluice guard rules`: the names that a guardrail's detector of kind "secrets" may choose.
#pragma once
#include <string>

namespace sluice::agent {

std::string guard_rules_text();

}  // namespace sluice::agent
