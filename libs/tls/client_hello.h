// Reads the first flight of a TLS client without taking part in the handshake: enough to decide whether a connection
// is governed. Works over any fragmentation: real hellos are 400 to 1930 bytes and arrive in one to four segments,
// and RFC 8446 §5.1 lets a client spread one handshake message over several records.
//
// Pure: bytes in, a value out. Threads: one reader belongs to one connection.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sluice::tls {

struct ClientHello {
  std::string sni;                      // lower case, a valid host name (RFC 6066 §3), or empty
  std::vector<std::string> alpn;        // as offered, in order; empty when the extension is absent
  bool has_ech = false;                 // extension 0xfe0d; browsers send it as grease, so it proves nothing alone
  std::vector<std::uint16_t> versions;  // supported_versions without grease, else the legacy version
};

struct NeedMore {};
struct NotTls {
  std::string reason;  // for the log: "the first byte 0x47 is not a TLS handshake record"
};
using HelloProgress = std::variant<NeedMore, NotTls, ClientHello>;

class ClientHelloReader {
 public:
  // A hello above this (records included) is not_tls: nothing real comes close, and memory per connection is bounded.
  static constexpr std::size_t limit = 64 * 1024;

  // Takes the next bytes of the connection. After ClientHello or NotTls further bytes are only stored, and the same
  // kind of answer is given again.
  HelloProgress feed(std::string_view bytes);

  // Everything fed so far, in order: what a splice has to send first, or what a TlsEngine is preloaded with.
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::string take_bytes() noexcept { return std::move(bytes_); }

 private:
  std::string bytes_;
  std::string handshake_;     // handshake bytes of the records read so far, record headers removed
  std::size_t position_ = 0;  // start of the first record in bytes_ that is not complete yet
  std::variant<NeedMore, NotTls, ClientHello> answer_;
};

// True for a host name of letters, digits, '-', '_' and dots within the lengths of RFC 1035; false for IP literals.
bool is_host_name(std::string_view text) noexcept;

}  // namespace sluice::tls
