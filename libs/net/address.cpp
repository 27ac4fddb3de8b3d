#include "net/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace sluice::net {
namespace {

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || value > 65535)
    return fail(ErrorCode::invalid_argument, "'" + std::string(text) + "' is not a port");
  return static_cast<std::uint16_t>(value);
}

bool parse_ip(std::string_view text, Address& out) {
  const std::string copy(text);
  if (::inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1) {
    out.v6 = false;
    return true;
  }
  out.v6 = true;
  return ::inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1;
}

struct Block {
  std::string_view text;
};
// IANA IPv4 and IPv6 Special-Purpose Address Registries, and multicast.
constexpr std::string_view special_blocks[] = {
    "0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",   "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4",    "::/127",         "100::/64",       "2001::/23",
    "2001:db8::/32",  "2002::/16",    "fc00::/7",       "fe80::/10",      "fec0::/10",      "ff00::/8",
    "3fff::/20",      "5f00::/16",
};

const std::vector<Network>& special_networks() {
  static const std::vector<Network> networks = [] {
    std::vector<Network> out;
    for (std::string_view block : special_blocks) out.push_back(*parse_network(block));
    return out;
  }();
  return networks;
}

// ::ffff:a.b.c.d, and 64:ff9b::a.b.c.d (RFC 6052), reach the IPv4 address that they hold.
bool embedded_v4(const Address& address, Address& v4) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> translated{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
  if (!address.v6) return false;
  if (!std::equal(mapped.begin(), mapped.end(), address.bytes.begin()) &&
      !std::equal(translated.begin(), translated.end(), address.bytes.begin()))
    return false;
  v4 = Address{};
  std::copy_n(address.bytes.begin() + 12, 4, v4.bytes.begin());
  return true;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return fail(ErrorCode::invalid_argument, "'" + std::string(text) + "' is not ADDRESS:PORT");
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  Address out;
  if (!parse_ip(host, out))
    return fail(ErrorCode::invalid_argument, "'" + std::string(host) + "' is not an IP address");
  auto port = parse_port(text.substr(colon + 1));
  if (!port) return fail(port.error());
  out.port = *port;
  return out;
}

std::string ip_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text, sizeof text);
  return text;
}

std::string to_string(const Address& address) {
  const std::string ip = ip_text(address);
  return (address.v6 ? "[" + ip + "]" : ip) + ":" + std::to_string(address.port);
}

bool Network::contains(const Address& address) const noexcept {
  if (address.v6 != base.v6) return false;
  int left = prefix;
  for (std::size_t i = 0; left > 0; ++i, left -= 8) {
    const int mask = left >= 8 ? 0xff : 0xff << (8 - left) & 0xff;
    if ((address.bytes[i] & mask) != (base.bytes[i] & mask)) return false;
  }
  return true;
}

Result<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  Network out;
  if (slash == std::string_view::npos || !parse_ip(text.substr(0, slash), out.base))
    return fail(ErrorCode::invalid_argument, "'" + std::string(text) + "' is not ADDRESS/PREFIX");
  auto prefix = parse_port(text.substr(slash + 1));
  if (!prefix || *prefix > (out.base.v6 ? 128 : 32))
    return fail(ErrorCode::invalid_argument, "'" + std::string(text) + "' has no valid prefix length");
  out.prefix = *prefix;
  return out;
}

bool is_special_purpose(const Address& address) noexcept {
  Address v4;
  if (embedded_v4(address, v4)) return is_special_purpose(v4);
  return std::ranges::any_of(special_networks(), [&](const Network& network) { return network.contains(address); });
}

}  // namespace sluice::net
