// Tokens that people and machines carry. Only the hash of one is stored: 256 random bits need no slow hash.
#pragma once
#include <string>
#include <string_view>

#include "base/secret.h"

namespace sluice::console {

// `prefix` and 43 characters of base64url: "slc_api_…", "slc_enrol_…", "sk-slc-…".
Secret make_token(std::string_view prefix);
// Lower-case hex SHA-256: what the store holds and is asked for, so that comparing takes no secret-dependent time.
std::string token_hash(std::string_view token);

}  // namespace sluice::console
