// Private to libs/tls: what a TlsContext holds and how an engine and the callbacks of OpenSSL reach each other.
#pragma once
#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tls/engine.h"
#include "tls/handles.h"

namespace sluice::tls {

// Sessions of a client context by host. Bounded: `max_hosts` hosts and `per_host` tickets each; the oldest ticket of a
// host makes room, and a new host beyond the bound replaces another one.
class SessionCache {
 public:
  void put(std::string_view host, SslSessionHandle session);
  // A session that has not aged out; TLS 1.3 tickets leave the cache (RFC 8446 §C.4: used once).
  SslSessionHandle take(std::string_view host);

 private:
  static constexpr std::size_t max_hosts = 256;
  static constexpr std::size_t per_host = 4;
  std::mutex mutex_;
  std::map<std::string, std::vector<SslSessionHandle>, std::less<>> by_host_;
};

struct TlsContext::Shared {
  SslContextHandle ssl;
  std::string alpn_wire;  // RFC 7301 §3.1 protocol list
  std::string pin;        // of the peer's key, when the client trusts nothing else
  bool any_name = false;  // the client does not compare the peer's name
  std::chrono::hours expired_client_grace{0};
  SessionCache sessions;
};

// What the verification callbacks leave for the error text. The engine owns it; OpenSSL's SSL points to it.
struct Verification {
  TlsContext::Shared* context = nullptr;
  std::string host;     // client side: whom we meant to reach
  std::string failure;  // "unable to get local issuer certificate (issuer Example Root)"
};
Verification* verification_of(ssl_st* ssl) noexcept;

// True when the certificate is within its dates, or ended less than `grace` ago.
bool within_dates(x509_st* certificate, std::chrono::hours grace) noexcept;

}  // namespace sluice::tls
