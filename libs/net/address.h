// Socket addresses and the judgement whether one may be a destination.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::net {

struct Address {
  std::array<std::uint8_t, 16> bytes{};  // IPv4 in the first four
  bool v6 = false;
  std::uint16_t port = 0;
  auto operator<=>(const Address&) const = default;
};

// "127.0.0.1:8080", "[::1]:8080".
Result<Address> parse_address(std::string_view text);
std::string to_string(const Address& address);
std::string ip_text(const Address& address);  // without the port

// Loopback, private (RFC 1918, RFC 4193), link-local incl. cloud metadata, CGNAT, benchmark, documentation, multicast,
// unspecified, IPv4-mapped forms of these: IANA's special-purpose registries (RFC 6890).
bool is_special_purpose(const Address& address) noexcept;

// "198.18.0.0/15", "fd00::/8".
struct Network {
  Address base;
  int prefix = 0;
  [[nodiscard]] bool contains(const Address& address) const noexcept;
};
Result<Network> parse_network(std::string_view text);

}  // namespace sluice::net
