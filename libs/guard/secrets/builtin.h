// The built-in rules for credentials. Some were compared with the vendor's own page or a standard and name it; the
// others are by shape only.
#pragma once
#include <string_view>
#include <vector>

#include "guard/secrets/secret_rules.h"

namespace sluice::guard {

std::vector<SecretRule> builtin_secret_rules();

// The vendor's page or the standard that the rule was compared with; empty for a rule by shape only.
std::string_view builtin_secret_source(std::string_view id) noexcept;
std::size_t builtin_secret_sources() noexcept;  // how many have one

}  // namespace sluice::guard
