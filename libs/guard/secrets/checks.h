// Private to libs/guard/secrets: what can be said of a candidate beyond its shape.
#pragma once
#include <string_view>

#include "guard/secrets/secret_rules.h"

namespace sluice::guard {

bool passes(SecretCheck check, std::string_view secret) noexcept;

// Text that documentation puts where a secret goes: "EXAMPLE", "your-api-key", "xxxxxxxx", "<token>", "${TOKEN}",
// "1234567890abcdef", one character over and over.
bool is_placeholder(std::string_view secret) noexcept;

}  // namespace sluice::guard
