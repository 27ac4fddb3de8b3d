#include "gateway/upstream/destination.h"

#include <algorithm>
#include <charconv>

namespace sluice::gateway {
namespace {

void complete(Destination& destination) {
  const bool tls = destination.transport == Transport::tls;
  const bool literal6 = destination.host.find(':') != std::string::npos;
  destination.authority = literal6 ? "[" + destination.host + "]" : destination.host;
  if (destination.port != (tls ? 443 : 80)) destination.authority += ":" + std::to_string(destination.port);
  destination.pool_key = std::string(tls ? "tls " : "plain ") +
                         (destination.trust == DestinationTrust::console ? "console " : "provider ") +
                         destination.host + " " + std::to_string(destination.port);
}

std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

bool parse_port(std::string_view text, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port != 0;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

Result<Destination> destination_of_url(std::string_view url, DestinationTrust trust) {
  Destination destination;
  destination.trust = trust;
  const std::string_view whole = url;
  if (url.starts_with("https://")) {
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
    destination.transport = Transport::plain;
    destination.port = 80;
  } else {
    return fail(ErrorCode::invalid_argument, "must begin with https:// or http://: " + std::string(whole));
  }
  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  std::string_view path = url.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (authority.find('@') != std::string_view::npos || url.find_first_of("?# \t\r\n") != std::string_view::npos)
    return fail(ErrorCode::invalid_argument, "must hold no user, query or fragment");
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return fail(ErrorCode::malformed, "'[' without ']': " + std::string(whole));
    destination.host = lower(authority.substr(1, close - 1));
    authority.remove_prefix(close + 1);
    if (!authority.empty() && !authority.starts_with(':')) return fail(ErrorCode::malformed, std::string(whole));
    if (!authority.empty()) port = authority.substr(1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    destination.host = lower(authority.substr(0, colon));
    if (colon < authority.size()) port = authority.substr(colon + 1);
  }
  if (destination.host.empty()) return fail(ErrorCode::malformed, "has no host: " + std::string(whole));
  if (!port.empty() && !parse_port(port, destination.port))
    return fail(ErrorCode::malformed, "the port is no number from 1 to 65535: " + std::string(whole));
  destination.base_path = std::string(path);
  complete(destination);
  return destination;
}

Destination destination_of_governed_host(std::string_view host) {
  Destination destination;
  destination.host = lower(host);
  complete(destination);
  return destination;
}

Destination parse_pool_key(std::string_view key) {
  Destination destination;
  destination.transport = next_word(key) == "tls" ? Transport::tls : Transport::plain;
  destination.trust = next_word(key) == "console" ? DestinationTrust::console : DestinationTrust::provider;
  destination.host = std::string(next_word(key));
  parse_port(next_word(key), destination.port);
  complete(destination);
  return destination;
}

std::string join_path(std::string_view base_path, std::string_view path) {
  // Base URLs are written with and without the version, depending on whose documentation one reads.
  if (base_path.ends_with("/v1") && path.starts_with("/v1/")) path.remove_prefix(3);
  return std::string(base_path).append(path);
}

}  // namespace sluice::gateway
