// One OpenSSL connection between the two byte buffers of wire.h.
#include "tls/engine.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "tls/client_hello.h"
#include "tls/context.h"
#include "tls/wire.h"

namespace sluice::tls {
namespace {

// Emptying an empty queue costs as much as reading a small record: OpenSSL walks all of its 16 places.
void drop_old_errors() noexcept {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

bool about_certificates(int alert) noexcept {
  switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_CERTIFICATE_REQUIRED:
      return true;
    default:
      return false;
  }
}

}  // namespace

struct TlsEngine::State {
  std::shared_ptr<TlsContext::Shared> context;
  Wire wire;
  Verification verification;
  SslHandle ssl;
  std::optional<Result<Read>> held;  // met after some plaintext had been delivered: the answer of the next read
  mutable bool peer_known = false;
  mutable std::optional<CertificateFacts> peer;

  explicit State(const TlsContext& of) : context(of.shared()) {
    verification.context = context.get();
    ssl.reset(SSL_new(context->ssl.get()));
    must(ssl != nullptr);
    bio_st* bio = new_wire_bio(wire);
    SSL_set_bio(ssl.get(), bio, bio);
    SSL_set_app_data(ssl.get(), &verification);
  }

  // A connection that is dropped without close_notify is no reason to give its session up (RFC 5246 §7.2.1 allows to
  // resume it); OpenSSL would otherwise mark it unusable here.
  ~State() {
    if (SSL_is_init_finished(ssl.get()) == 1) SSL_set_shutdown(ssl.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[nodiscard]] std::string whom() const {
    return verification.host.empty() ? std::string("the client") : verification.host;
  }
  [[nodiscard]] Error failure(int kind) const;
};

// Says why a call failed with SSL_ERROR_SSL or SSL_ERROR_SYSCALL. Empties OpenSSL's error queue.
Error TlsEngine::State::failure(int kind) const {
  const unsigned long code = ERR_peek_last_error();
  const int reason = ERR_GET_REASON(code);
  const bool from_ssl = code != 0 && ERR_GET_LIB(code) == ERR_LIB_SSL;
  if (from_ssl && reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    ERR_clear_error();
    return {ErrorCode::untrusted, "certificate of " + whom() + ": " + verification.failure};
  }
  if (from_ssl && reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
    ERR_clear_error();
    return {ErrorCode::unauthenticated, "the client gave no certificate"};
  }
  if (from_ssl && reason >= SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
    ERR_clear_error();
    const int alert = reason - SSL_AD_REASON_OFFSET;
    const std::string named =
        std::string("TLS alert ") + SSL_alert_desc_string_long(alert) + " (" + std::to_string(alert) + ")";
    if (about_certificates(alert)) return {ErrorCode::untrusted, whom() + " does not accept our certificate: " + named};
    return {ErrorCode::connection_closed, whom() + " ended TLS: " + named};
  }
  if ((from_ssl && reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) || (code == 0 && kind == SSL_ERROR_SYSCALL)) {
    ERR_clear_error();
    return {ErrorCode::connection_closed, whom() + " closed the connection during TLS"};
  }
  return {ErrorCode::malformed, "TLS with " + whom() + ": " + library_error()};
}

TlsEngine::TlsEngine(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
TlsEngine::TlsEngine(TlsEngine&&) noexcept = default;
TlsEngine& TlsEngine::operator=(TlsEngine&&) noexcept = default;
TlsEngine::~TlsEngine() = default;

TlsEngine TlsEngine::accept(const TlsContext& context) {
  auto state = std::make_unique<State>(context);
  SSL_set_accept_state(state->ssl.get());
  return TlsEngine(std::move(state));
}

TlsEngine TlsEngine::connect(const TlsContext& context, std::string_view host) {
  auto state = std::make_unique<State>(context);
  SSL* ssl = state->ssl.get();
  SSL_set_connect_state(ssl);
  state->verification.host = host;
  const std::string& name = state->verification.host;
  const bool compares_name = state->context->pin.empty() && !state->context->any_name;
  if (is_host_name(name)) {
    must(SSL_set_tlsext_host_name(ssl, name.c_str()) == 1);
    if (compares_name) must(SSL_set1_host(ssl, name.c_str()) == 1);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  } else if (compares_name && X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) != 1) {
    // Neither a name nor an address: no certificate matches it, so the handshake fails with a clear reason.
    must(SSL_set1_host(ssl, "invalid.") == 1);
  }
  if (auto session = state->context->sessions.take(name)) SSL_set_session(ssl, session.get());
  return TlsEngine(std::move(state));
}

void TlsEngine::feed(std::string_view ciphertext) {
  if (ciphertext.empty()) return;
  const auto room = state_->wire.input.prepare(ciphertext.size());
  std::memcpy(room.data(), ciphertext.data(), ciphertext.size());
  state_->wire.input.commit(ciphertext.size());
}

std::span<char> TlsEngine::prepare(std::size_t room) {
  return state_->wire.input.prepare(room);
}

void TlsEngine::commit(std::size_t received) {
  state_->wire.input.commit(received);
}

void TlsEngine::end_of_input() {
  state_->wire.ended = true;
}

Result<Handshake> TlsEngine::handshake() {
  SSL* ssl = state_->ssl.get();
  drop_old_errors();
  const int outcome = SSL_do_handshake(ssl);
  if (outcome != 1) {
    const int kind = SSL_get_error(ssl, outcome);
    if (kind == SSL_ERROR_WANT_READ) return Handshake::want_input;
    return fail(state_->failure(kind));
  }
  // A resumed session brings the certificate that was verified when it began.
  X509* certificate = SSL_is_server(ssl) != 0 ? SSL_get0_peer_certificate(ssl) : nullptr;
  if (certificate != nullptr && !within_dates(certificate, state_->context->expired_client_grace))
    return fail(ErrorCode::expired, "the certificate of the client ended since the session began");
  return Handshake::done;
}

Result<Read> TlsEngine::read(std::span<char> into) {
  if (state_->held) {
    const Result<Read> answer = std::move(*state_->held);
    state_->held.reset();
    return answer;
  }
  SSL* ssl = state_->ssl.get();
  std::size_t total = 0;
  Result<Read> ending = Read{Read::State::want_input, 0};
  while (total < into.size()) {
    std::size_t got = 0;
    drop_old_errors();
    if (SSL_read_ex(ssl, into.data() + total, into.size() - total, &got) == 1) {
      total += got;
      continue;
    }
    const int kind = SSL_get_error(ssl, 0);
    if (kind == SSL_ERROR_WANT_READ) break;
    const unsigned long code = ERR_peek_last_error();
    if (kind == SSL_ERROR_ZERO_RETURN)
      ending = Read{Read::State::closed, 0};
    else if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
      ending = Read{Read::State::truncated, 0};
    else
      ending = fail(state_->failure(kind));
    drop_old_errors();
    if (total != 0) state_->held = ending;
    break;
  }
  if (total != 0) return Read{Read::State::data, total};
  return ending;
}

Result<void> TlsEngine::write(std::string_view plaintext) {
  if (plaintext.empty()) return {};
  // A record of 16 KiB grows by at most 64 bytes; without room made first the output would be moved while it grows.
  std::string& output = state_->wire.output;
  const std::size_t needed = output.size() + plaintext.size() + (plaintext.size() / (16 * 1024) + 1) * 64;
  if (needed > output.capacity()) output.reserve(std::max(needed, 2 * output.size()));
  std::size_t put = 0;
  drop_old_errors();
  if (SSL_write_ex(state_->ssl.get(), plaintext.data(), plaintext.size(), &put) == 1) return {};
  const int kind = SSL_get_error(state_->ssl.get(), 0);
  if (kind == SSL_ERROR_WANT_READ) return fail(ErrorCode::internal, "TLS write before the end of the handshake");
  return fail(state_->failure(kind));
}

void TlsEngine::close_notify() {
  drop_old_errors();
  if (SSL_is_init_finished(state_->ssl.get()) == 1) SSL_shutdown(state_->ssl.get());
  drop_old_errors();
}

void TlsEngine::take_output(std::string& into) {
  into.clear();
  into.swap(state_->wire.output);
}

bool TlsEngine::has_output() const noexcept {
  return !state_->wire.output.empty();
}

bool TlsEngine::has_input() const noexcept {
  return state_->held.has_value() || state_->wire.input.size() != 0 || SSL_pending(state_->ssl.get()) > 0;
}

const std::optional<CertificateFacts>& TlsEngine::peer() const noexcept {
  if (!state_->peer_known) {
    state_->peer_known = true;
    if (X509* certificate = SSL_get0_peer_certificate(state_->ssl.get())) {
      if (auto facts = facts_of(certificate)) state_->peer = std::move(*facts);
    }
  }
  return state_->peer;
}

std::string_view TlsEngine::alpn() const noexcept {
  const unsigned char* name = nullptr;
  unsigned int length = 0;
  SSL_get0_alpn_selected(state_->ssl.get(), &name, &length);
  return {reinterpret_cast<const char*>(name), length};
}

bool TlsEngine::resumed() const noexcept {
  return SSL_session_reused(state_->ssl.get()) == 1;
}

std::string_view TlsEngine::version() const noexcept {
  return SSL_get_version(state_->ssl.get());
}

}  // namespace sluice::tls
