#include "console_backend/identity/token.h"

#include "base/encoding.h"
#include "base/random.h"
#include "tls/crypto.h"

namespace sluice::console {

Secret make_token(std::string_view prefix) {
  return Secret(std::string(prefix) + to_base64url(random_bytes(32)));
}

std::string token_hash(std::string_view token) {
  return tls::sha256_hex(token);
}

}  // namespace sluice::console
