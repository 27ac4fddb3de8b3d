// Where a request goes: scheme, host and port, and which trust and which address rules hold on the way. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice::gateway {

enum class Transport : std::uint8_t { plain, tls };
// provider: the system's (or upstream.ca_file) CAs, and special-purpose addresses are refused unless allowed.
// console: the pinned key of the console, any address (admin_relay only).
enum class DestinationTrust : std::uint8_t { provider, console };

struct Destination {
  Transport transport = Transport::tls;
  DestinationTrust trust = DestinationTrust::provider;
  std::string host;  // lower case name, or an IP literal without brackets
  std::uint16_t port = 443;
  std::string base_path;  // "" or "/v1": put in front of the request's path; no trailing slash
  std::string authority;  // what the Host field says: the port only when it is not the scheme's
  std::string pool_key;   // "tls provider api.openai.com 443"; see parse_pool_key()
};

// "https://api.openai.com", "http://127.0.0.1:9000/v1". malformed or invalid_argument (user info, query, other
// schemes).
Result<Destination> destination_of_url(std::string_view url, DestinationTrust trust = DestinationTrust::provider);
// A governed host of the snapshot: always https on 443.
Destination destination_of_governed_host(std::string_view host);
// What the pool's connect function gets back out of a key that destination_of_* made.
Destination parse_pool_key(std::string_view key);

// base_path and the path that a client of that dialect uses, joined; "/v1" is not doubled when both have it.
std::string join_path(std::string_view base_path, std::string_view path);

}  // namespace sluice::gateway
