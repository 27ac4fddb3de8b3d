// What stands behind "Bearer" in a request to Google: a token as it is, or one that a service account's key signs for
// the service alone, which Google takes in place of an access token (google.aip.dev/auth/4111): no exchange, no
// renewal.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace sluice::guard::external {

// `credential` is a token, or the JSON of a service account's key. Valid for an hour from `now`. invalid_argument: a
// key that is none. Costs a signature, about 1 ms.
Result<std::string> google_token(std::string_view credential, std::string_view audience, TimePoint now);

}  // namespace sluice::guard::external
