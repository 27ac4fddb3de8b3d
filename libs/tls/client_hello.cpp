#include "tls/client_hello.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sluice::tls {
namespace {

constexpr std::uint8_t handshake_record = 22;
constexpr std::uint8_t client_hello_message = 1;
constexpr std::size_t record_header = 5;
constexpr std::size_t message_header = 4;
constexpr std::size_t record_body_limit = 16 * 1024 + 256;
constexpr std::size_t alpn_limit = 64;

// Takes big-endian fields off the front; everything fails once one field is cut short.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : bytes_(bytes) {}
  std::optional<std::string_view> bytes(std::size_t count) {
    if (count > bytes_.size()) return std::nullopt;
    const auto taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  std::optional<std::size_t> number(std::size_t width) {
    const auto taken = bytes(width);
    if (!taken) return std::nullopt;
    std::size_t value = 0;
    for (const char byte : *taken) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  // A vector with its length in front.
  std::optional<std::string_view> vector(std::size_t width) {
    const auto length = number(width);
    return length ? bytes(*length) : std::nullopt;
  }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

std::string hex_byte(char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  return {'0', 'x', digits[value >> 4], digits[value & 15]};
}

// RFC 8701: values that clients invent to keep servers tolerant.
bool is_grease(std::size_t value) {
  return (value & 0x0f0f) == 0x0a0a && (value >> 8) == (value & 0xff);
}

// RFC 6066 §3: a list of names, of which host_name (0) may stand there once.
bool read_server_name(std::string_view body, ClientHello& hello) {
  Fields outer(body);
  const auto list = outer.vector(2);
  if (!list || !outer.empty() || list->empty()) return false;
  Fields names(*list);
  while (!names.empty()) {
    const auto kind = names.number(1);
    const auto name = names.vector(2);
    if (!kind || !name) return false;
    if (*kind != 0 || !hello.sni.empty()) continue;
    std::string_view host = *name;
    if (host.ends_with('.')) host.remove_suffix(1);
    if (!is_host_name(host)) continue;  // not a name: treated as if none was sent
    hello.sni = host;
    std::ranges::transform(hello.sni, hello.sni.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  }
  return true;
}

bool read_alpn(std::string_view body, ClientHello& hello) {
  Fields outer(body);
  const auto list = outer.vector(2);
  if (!list || !outer.empty()) return false;
  Fields names(*list);
  while (!names.empty()) {
    const auto name = names.vector(1);
    if (!name || name->empty() || hello.alpn.size() >= alpn_limit) return false;
    hello.alpn.emplace_back(*name);
  }
  return true;
}

bool read_versions(std::string_view body, ClientHello& hello) {
  Fields outer(body);
  const auto list = outer.vector(1);
  if (!list || !outer.empty()) return false;
  Fields versions(*list);
  hello.versions.clear();
  while (!versions.empty()) {
    const auto version = versions.number(2);
    if (!version) return false;
    if (!is_grease(*version)) hello.versions.push_back(static_cast<std::uint16_t>(*version));
  }
  return true;
}

HelloProgress read_extensions(std::string_view extensions, ClientHello hello) {
  constexpr std::size_t server_name = 0, alpn = 16, supported_versions = 43, ech = 0xfe0d;
  std::array<bool, 3> seen{};
  Fields fields(extensions);
  while (!fields.empty()) {
    const auto type = fields.number(2);
    const auto body = fields.vector(2);
    if (!type || !body) return NotTls{"the extensions of the ClientHello are cut short"};
    // RFC 8446 §4.2: one of each type. Two server names could mean one thing to us and another to the server.
    const std::optional<std::size_t> slot = *type == server_name          ? std::optional<std::size_t>(0)
                                            : *type == alpn               ? std::optional<std::size_t>(1)
                                            : *type == supported_versions ? std::optional<std::size_t>(2)
                                                                          : std::nullopt;
    if (slot && std::exchange(seen[*slot], true)) return NotTls{"the ClientHello repeats an extension"};
    if (*type == ech) hello.has_ech = true;
    if (*type == server_name && !read_server_name(*body, hello)) return NotTls{"the server name is malformed"};
    if (*type == alpn && !read_alpn(*body, hello)) return NotTls{"the ALPN list is malformed"};
    if (*type == supported_versions && !read_versions(*body, hello)) return NotTls{"the version list is malformed"};
  }
  return hello;
}

// RFC 8446 §4.1.2.
HelloProgress read_hello(std::string_view body) {
  Fields fields(body);
  const auto version = fields.number(2);
  const auto random = fields.bytes(32);
  const auto session = fields.vector(1);
  const auto ciphers = fields.vector(2);
  const auto compressions = fields.vector(1);
  if (!version || !random || !session || !ciphers || !compressions) return NotTls{"the ClientHello is cut short"};
  ClientHello hello;
  hello.versions.push_back(static_cast<std::uint16_t>(*version));
  if (fields.empty()) return hello;  // TLS 1.2 without extensions
  const auto extensions = fields.vector(2);
  if (!extensions || !fields.empty()) return NotTls{"the ClientHello has a wrong length of extensions"};
  return read_extensions(*extensions, std::move(hello));
}

}  // namespace

bool is_host_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > 253) return false;
  std::size_t label = 0;
  bool letters = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (label == 0 || text[i - 1] == '-') return false;
      label = 0;
      letters = false;
      continue;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && !(c >= '0' && c <= '9') && !(c == '-' && label != 0)) return false;
    letters = letters || letter || c == '-';
    if (++label > 63) return false;
  }
  return label != 0 && text.back() != '-' && letters;  // a last label of digits alone is an address (RFC 3696 §2)
}

HelloProgress ClientHelloReader::feed(std::string_view bytes) {
  bytes_.append(bytes);
  if (!std::holds_alternative<NeedMore>(answer_)) return answer_;
  const std::string_view all = bytes_;
  while (all.size() > position_) {
    if (static_cast<unsigned char>(all[position_]) != handshake_record)
      return answer_ = NotTls{"the byte " + hex_byte(all[position_]) + " does not begin a TLS handshake record"};
    if (all.size() - position_ >= 2 && all[position_ + 1] != 3)
      return answer_ = NotTls{"the record version is " + hex_byte(all[position_ + 1]) + ", not 3"};
    if (all.size() - position_ < record_header) break;
    Fields header(all.substr(position_ + 3, 2));
    const std::size_t length = header.number(2).value_or(0);
    if (length == 0 || length > record_body_limit) return answer_ = NotTls{"a TLS record of an impossible length"};
    const std::size_t have = std::min(all.size() - position_ - record_header, length);
    if (handshake_.empty() && have > 0 && all[position_ + record_header] != client_hello_message)
      return answer_ = NotTls{"the first handshake message is not a ClientHello"};
    if (have < length) break;
    handshake_.append(all.substr(position_ + record_header, length));
    position_ += record_header + length;
    if (handshake_.size() < message_header) continue;
    Fields message(std::string_view(handshake_).substr(1));
    const std::size_t wanted = message.number(3).value_or(0);
    if (wanted > limit) return answer_ = NotTls{"a ClientHello of more than 64 KiB"};
    if (handshake_.size() >= message_header + wanted) {
      answer_ = read_hello(std::string_view(handshake_).substr(message_header, wanted));
      handshake_ = std::string();
      return answer_;
    }
  }
  if (all.size() > limit) answer_ = NotTls{"no whole ClientHello within 64 KiB"};
  return answer_;
}

}  // namespace sluice::tls
