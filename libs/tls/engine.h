// TLS without sockets: ciphertext in, ciphertext out, plaintext on the other side. libs/net moves the bytes.
//
//   TlsEngine tls = TlsEngine::connect(context, "api.anthropic.com");
//   for (;;) {
//     auto step = tls.handshake();            // Error: send what take_output() gives (the alert), then close
//     tls.take_output(out);  … send out …
//     if (*step == Handshake::done) break;
//     auto room = tls.prepare(16 * 1024);     // … receive into room …
//     tls.commit(received);                   // nothing received any more: end_of_input()
//   }
//
// TLS 1.2 and 1.3. No renegotiation, no compression, no early data. Sessions are resumed: tickets on the server, a
// small cache per host in the client context.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "tls/certificate.h"

namespace sluice::tls {

struct Identity {
  std::string chain_pem{};  // own certificate first, then the CAs above it but for the root
  Secret key_pem;
};

enum class ClientCertificate : std::uint8_t { none, optional, required };

struct ServerOptions {
  Identity identity{};
  ClientCertificate client_certificate = ClientCertificate::none;
  std::string client_ca_pem{};                 // who may have signed client certificates
  std::chrono::hours expired_client_grace{0};  // take certificates that ended less than this ago, so that a device
                                               // may renew; whoever uses it checks not_after itself
  std::vector<std::string> alpn{"http/1.1"};   // in order of preference; answered only when offered
};

struct SystemTrust {};  // the machine's store, and the name must match
struct BundleTrust {
  std::string ca_pem{};  // these CAs alone, and the name must match
};
struct AuthorityTrust {
  std::string ca_pem;  // these CAs alone; the name is not looked at: the caller judges peer() before it sends anything
};
struct PinTrust {
  std::string pin{};  // "sha256//BASE64": exactly this key; neither name, chain nor dates are looked at
};
using Trust = std::variant<SystemTrust, BundleTrust, AuthorityTrust, PinTrust>;

struct ClientOptions {
  Trust trust = SystemTrust{};
  std::optional<Identity> identity{};         // client certificate
  std::vector<std::string> alpn{"http/1.1"};  // empty: no ALPN extension
};

// Settings, keys and trust of many connections. A copy is cheap and shares them. Threads: any.
// Errors: malformed or invalid_argument, naming the part: "client_ca_pem: no certificate found".
class TlsContext {
 public:
  static Result<TlsContext> server(ServerOptions options);
  static Result<TlsContext> client(ClientOptions options);

  struct Shared;
  [[nodiscard]] const std::shared_ptr<Shared>& shared() const noexcept { return shared_; }

 private:
  explicit TlsContext(std::shared_ptr<Shared> shared) noexcept : shared_(std::move(shared)) {}
  std::shared_ptr<Shared> shared_;
};

enum class Handshake : std::uint8_t { done, want_input };

struct Read {
  enum class State : std::uint8_t {
    data,        // `bytes` bytes were delivered
    want_input,  // nothing now: feed more
    closed,      // the peer ended the stream in order (close_notify)
    truncated,   // the transport ended without close_notify: complete only if the protocol above says so
  };
  State state = State::want_input;
  std::size_t bytes = 0;
};

// One connection. Threads: one at a time. Holds ciphertext of at most what was fed and not read yet; feed only when a
// call says want_input, and the bound is one prepare() and one record (16 KiB).
class TlsEngine {
 public:
  static TlsEngine accept(const TlsContext& context);
  // `host`: name or IP literal; sent as SNI when it is a name, and verified unless the context pins a key.
  static TlsEngine connect(const TlsContext& context, std::string_view host);
  TlsEngine(TlsEngine&&) noexcept;
  TlsEngine& operator=(TlsEngine&&) noexcept;
  ~TlsEngine();

  // Ciphertext from the transport: either copied in, or received in place (prepare gives at least `room` bytes that
  // stay valid until the next call of any function). feed() before the first handshake() preloads bytes already read.
  void feed(std::string_view ciphertext);
  std::span<char> prepare(std::size_t room);
  void commit(std::size_t received);
  void end_of_input();  // the transport reached its end

  // untrusted: "certificate of api.x.com: unable to get local issuer certificate", or the peer refuses ours (the alert
  // is named); expired: a resumed client certificate ran out; connection_closed; malformed: not TLS, bad records.
  Result<Handshake> handshake();
  // Also delivers plaintext that is already decoded. An empty `into` is invalid.
  Result<Read> read(std::span<char> into);
  // Encrypts all of it into the output. Only after the handshake.
  Result<void> write(std::string_view plaintext);
  // Puts the close_notify alert into the output, once. Reading may go on.
  void close_notify();

  // Swaps the pending ciphertext into `into`, whose old contents are dropped and whose memory is used next: two
  // strings that take turns and no allocation. An empty result means there is nothing to send.
  void take_output(std::string& into);
  [[nodiscard]] bool has_output() const noexcept;
  // Plaintext that read() would deliver without more input may be waiting.
  [[nodiscard]] bool has_input() const noexcept;

  // After the handshake. Present on a resumed session too.
  [[nodiscard]] const std::optional<CertificateFacts>& peer() const noexcept;
  [[nodiscard]] std::string_view alpn() const noexcept;  // empty: none agreed
  [[nodiscard]] bool resumed() const noexcept;
  [[nodiscard]] std::string_view version() const noexcept;  // "TLSv1.3"

  struct State;

 private:
  explicit TlsEngine(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::tls
