// RSA signatures for other people's tokens; Sluice's own keys are EcKey and SigningKey (keys.h).
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace sluice::tls {

// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3, "RS256") under a PKCS#8 or PKCS#1 key. About 1 ms for 2048 bits.
// malformed: no RSA key, or one of less than 2048 bits.
Result<std::string> sign_rs256(const Secret& pem, std::string_view message);

}  // namespace sluice::tls
