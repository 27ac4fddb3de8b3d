// The built-in rules for credentials, written from the vendors' own documentation of their formats.
#pragma once
#include <vector>

#include "guard/secrets/secret_rules.h"

namespace sluice::guard {

std::vector<SecretRule> builtin_secret_rules();

}  // namespace sluice::guard
