// Rules to start from. Each is a JSON object {"id", "title", "description", "rule", "parts"}: `parts` holds, by member
// of the policy document, what the rule names and the administrator fills in. The tests hold every one against the
// checker.
#pragma once
#include <span>
#include <string_view>

namespace sluice::console {

std::span<const std::string_view> guardrail_templates() noexcept;

}  // namespace sluice::console
