// HMAC-SHA-256 (RFC 2104), for libraries that need a keyed hash and nothing else of libs/tls.
#pragma once
#include <array>
#include <string_view>

namespace sluice {

// Ends the process when the library fails for want of memory. Threads: any.
std::array<char, 32> hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace sluice
