// The built-in rules for credentials: the formats as vendors publish them. They were written from memory and have not
// been checked row by row against each vendor's page.
#pragma once
#include <vector>

#include "guard/secrets/secret_rules.h"

namespace sluice::guard {

std::vector<SecretRule> builtin_secret_rules();

}  // namespace sluice::guard
