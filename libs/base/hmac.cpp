#include "base/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace sluice {

std::array<char, 32> hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<char, 32> digest{};
  const auto* const made = ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                  reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                                  reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  if (made == nullptr) std::abort();
  return digest;
}

}  // namespace sluice
