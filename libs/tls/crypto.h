// Hashes, authenticated encryption, key derivation and password hashes. Functions without Result end the process when
// the library fails for want of memory: nothing safe can follow. Threads: any.
#pragma once
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace sluice::tls {

using Digest = std::array<char, 32>;
inline std::string_view view(const Digest& digest) noexcept {
  return {digest.data(), digest.size()};
}

Digest sha256(std::string_view bytes);
// The digest of the pieces, one after the other.
Digest sha256(std::string_view first, std::string_view second, std::string_view third = {});
Digest sha256_of(std::initializer_list<std::string_view> pieces);
std::string sha256_hex(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);

// RFC 5869 with SHA-256.
Secret hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info, std::size_t length = 32);

// AES-256-GCM under a 32-byte key: 12 random nonce bytes, ciphertext, 16 tag bytes. `context` is authenticated and not
// stored: a text that says what the bytes are for ("sluice.gateway.snapshot.v1"), so that one sealed thing cannot stand
// for another. At most 2^32 seals under one key (NIST SP 800-38D §8.3).
std::string seal(const Secret& key, std::string_view plain, std::string_view context);
// bad_signature when key, context or bytes are not the ones sealed; malformed when too short.
Result<Secret> open_sealed(const Secret& key, std::string_view sealed, std::string_view context);

// "$scrypt$ln=15,r=8,p=1$SALT$HASH" (base64): 32 MiB and about 60 ms a call. Never call it on an event loop.
std::string hash_password(std::string_view password);
// False for a wrong password and for a text that hash_password did not make.
bool verify_password(std::string_view password, std::string_view encoded);

}  // namespace sluice::tls
