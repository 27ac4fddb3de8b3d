#include "tls/context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <ctime>
#include <utility>

#include "tls/crypto.h"
#include "tls/keys.h"

namespace sluice::tls {
namespace {

constexpr long session_seconds = 3600;

std::string name_text(const X509_NAME* name) {
  std::array<char, 256> text{};
  if (X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName, text.data(), text.size()) > 0)
    return text.data();
  X509_NAME_oneline(name, text.data(), text.size());
  return text.data();
}

// X509_STORE_CTX callback: keeps the reason, and applies the grace for expired client certificates.
int on_verified(int ok, X509_STORE_CTX* store) noexcept {
  if (ok == 1) return 1;
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  Verification* verification = verification_of(ssl);
  X509* certificate = X509_STORE_CTX_get_current_cert(store);
  const int error = X509_STORE_CTX_get_error(store);
  const int depth = X509_STORE_CTX_get_error_depth(store);
  const auto grace = verification->context->expired_client_grace;
  if (error == X509_V_ERR_CERT_HAS_EXPIRED && depth == 0 && SSL_is_server(ssl) != 0 &&
      within_dates(certificate, grace)) {
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
  }
  verification->failure = X509_verify_cert_error_string(error);
  if (certificate != nullptr)
    verification->failure += " (subject " + name_text(X509_get_subject_name(certificate)) + ", issuer " +
                             name_text(X509_get_issuer_name(certificate)) + ")";
  return 0;
}

// Replaces the whole chain verification when a key is pinned: that key is the only thing that counts.
int on_pinned(X509_STORE_CTX* store, void*) noexcept {
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  Verification* verification = verification_of(ssl);
  X509* certificate = X509_STORE_CTX_get0_cert(store);
  const std::string pin = certificate != nullptr ? spki_pin(subject_public_key_der(certificate)) : std::string();
  if (equal_in_constant_time(pin, verification->context->pin)) return 1;
  verification->failure = "its key is " + pin + ", the pinned key is " + verification->context->pin;
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

// RFC 7301 §3.2: the first of our protocols that the client offered. Without one in common the extension is left
// unanswered, as if we did not know it: clients that can do without go on.
int on_alpn(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered,
            unsigned int offered_length, void* argument) noexcept {
  const auto* shared = static_cast<TlsContext::Shared*>(argument);
  unsigned char* chosen = nullptr;
  const int outcome =
      SSL_select_next_proto(&chosen, out_length, reinterpret_cast<const unsigned char*>(shared->alpn_wire.data()),
                            static_cast<unsigned>(shared->alpn_wire.size()), offered, offered_length);
  if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

int on_new_session(SSL* ssl, SSL_SESSION* session) noexcept {
  Verification* verification = verification_of(ssl);
  verification->context->sessions.put(verification->host, SslSessionHandle(session));
  return 1;  // the cache owns it now
}

Result<std::string> alpn_wire(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const std::string& protocol : protocols) {
    if (protocol.empty() || protocol.size() > 255)
      return fail(ErrorCode::invalid_argument, "alpn: a name of bad length");
    wire.push_back(static_cast<char>(protocol.size()));
    wire += protocol;
  }
  return wire;
}

Result<void> use_identity(SSL_CTX* ctx, const Identity& identity) {
  auto chain = parse_pem_chain(identity.chain_pem);
  if (!chain) return fail(chain.error().during("identity.chain_pem"));
  const BioHandle bio = memory_bio(identity.key_pem.reveal());
  const std::unique_ptr<EVP_PKEY, Release<free_pkey>> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  if (!key) return fail(ErrorCode::malformed, "identity.key_pem: " + library_error());
  if (SSL_CTX_use_certificate(ctx, chain->front().get()) != 1 || SSL_CTX_use_PrivateKey(ctx, key.get()) != 1)
    return fail(ErrorCode::invalid_argument,
                "identity: the key does not belong to the certificate: " + library_error());
  for (std::size_t i = 1; i < chain->size(); ++i) must(SSL_CTX_add1_chain_cert(ctx, (*chain)[i].get()) == 1);
  return {};
}

Result<void> trust_only(SSL_CTX* ctx, std::string_view pem, std::string_view part) {
  auto chain = parse_pem_chain(pem);
  if (!chain) return fail(chain.error().during(part));
  X509_STORE* store = SSL_CTX_get_cert_store(ctx);
  for (const X509Handle& certificate : *chain) must(X509_STORE_add_cert(store, certificate.get()) == 1);
  return {};
}

Result<void> apply(SSL_CTX* ctx, TlsContext::Shared& shared, const Trust& trust) {
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_verified);
  if (std::holds_alternative<SystemTrust>(trust)) {
    if (SSL_CTX_set_default_verify_paths(ctx) != 1)
      return fail(ErrorCode::io_failed, "the system's certificate store: " + library_error());
    return {};
  }
  if (const auto* bundle = std::get_if<BundleTrust>(&trust)) return trust_only(ctx, bundle->ca_pem, "trust.ca_pem");
  if (const auto* authority = std::get_if<AuthorityTrust>(&trust)) {
    shared.any_name = true;
    return trust_only(ctx, authority->ca_pem, "trust.ca_pem");
  }
  shared.pin = std::get<PinTrust>(trust).pin;
  if (!is_pin(shared.pin))
    return fail(ErrorCode::invalid_argument, "trust.pin: must be \"sha256//\" and the base64 of 32 bytes");
  SSL_CTX_set_cert_verify_callback(ctx, on_pinned, nullptr);
  return {};
}

SslContextHandle new_context(const SSL_METHOD* method) {
  SslContextHandle ctx(SSL_CTX_new(method));
  must(ctx != nullptr);
  SSL_CTX_set_min_proto_version(ctx.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(ctx.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(ctx.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_timeout(ctx.get(), session_seconds);
  return ctx;
}

}  // namespace

Verification* verification_of(ssl_st* ssl) noexcept {
  return static_cast<Verification*>(SSL_get_app_data(ssl));
}

bool within_dates(x509_st* certificate, std::chrono::hours grace) noexcept {
  std::time_t then = std::time(nullptr) - std::chrono::seconds(grace).count();
  return X509_cmp_time(X509_get0_notAfter(certificate), &then) > 0;
}

void SessionCache::put(std::string_view host, SslSessionHandle session) {
  const std::lock_guard lock(mutex_);
  auto found = by_host_.find(host);
  if (found == by_host_.end()) {
    if (by_host_.size() >= max_hosts) by_host_.erase(by_host_.begin());
    found = by_host_.emplace(std::string(host), std::vector<SslSessionHandle>()).first;
  }
  if (found->second.size() >= per_host) found->second.erase(found->second.begin());
  found->second.push_back(std::move(session));
}

SslSessionHandle SessionCache::take(std::string_view host) {
  const std::lock_guard lock(mutex_);
  const auto found = by_host_.find(host);
  if (found == by_host_.end()) return nullptr;
  const long now = static_cast<long>(std::time(nullptr));
  while (!found->second.empty()) {
    SslSessionHandle session = std::move(found->second.back());
    found->second.pop_back();
    const long life = std::min(SSL_SESSION_get_timeout(session.get()), session_seconds);
    if (SSL_SESSION_is_resumable(session.get()) == 0 || SSL_SESSION_get_time(session.get()) + life <= now) continue;
    if (SSL_SESSION_get_protocol_version(session.get()) < TLS1_3_VERSION) {
      SSL_SESSION_up_ref(session.get());
      found->second.emplace_back(session.get());
    }
    return session;
  }
  by_host_.erase(found);
  return nullptr;
}

Result<TlsContext> TlsContext::server(ServerOptions options) {
  auto shared = std::make_shared<Shared>();
  shared->ssl = new_context(TLS_server_method());
  shared->expired_client_grace = options.expired_client_grace;
  SSL_CTX* ctx = shared->ssl.get();
  if (auto used = use_identity(ctx, options.identity); !used) return fail(used.error());
  auto wire = alpn_wire(options.alpn);
  if (!wire) return fail(wire.error());
  shared->alpn_wire = *wire;
  if (!wire->empty()) SSL_CTX_set_alpn_select_cb(ctx, on_alpn, shared.get());
  // Tickets carry the session, so nothing is stored here. The context id keeps a ticket from being used where other
  // client certificates are asked for.
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  const Digest id = sha256(options.client_ca_pem, std::to_string(static_cast<int>(options.client_certificate)));
  SSL_CTX_set_session_id_context(ctx, reinterpret_cast<const unsigned char*>(id.data()), id.size());
  if (options.client_certificate != ClientCertificate::none) {
    if (auto trusted = trust_only(ctx, options.client_ca_pem, "client_ca_pem"); !trusted) return fail(trusted.error());
    const int required =
        options.client_certificate == ClientCertificate::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | required, on_verified);
  }
  return TlsContext(std::move(shared));
}

Result<TlsContext> TlsContext::client(ClientOptions options) {
  auto shared = std::make_shared<Shared>();
  shared->ssl = new_context(TLS_client_method());
  SSL_CTX* ctx = shared->ssl.get();
  if (options.identity) {
    if (auto used = use_identity(ctx, *options.identity); !used) return fail(used.error());
  }
  auto wire = alpn_wire(options.alpn);
  if (!wire) return fail(wire.error());
  shared->alpn_wire = *wire;
  if (!wire->empty() && SSL_CTX_set_alpn_protos(ctx, reinterpret_cast<const unsigned char*>(wire->data()),
                                                static_cast<unsigned>(wire->size())) != 0)
    return fail(ErrorCode::invalid_argument, "alpn: " + library_error());
  if (auto applied = apply(ctx, *shared, options.trust); !applied) return fail(applied.error());
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_sess_set_new_cb(ctx, on_new_session);
  return TlsContext(std::move(shared));
}

}  // namespace sluice::tls
