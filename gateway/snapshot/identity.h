// The gateway's own identity: a key that never leaves this machine, a certificate that the console signed for it, and
// what enrolment told about the organisation. In the state folder: identity.key (PEM, 0600) and identity.json (0600).
//
// Threads: none of its own; IdentityStore is used by one thread at a time, a GatewayIdentity is immutable.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "fetch/fetch.h"
#include "tls/engine.h"
#include "tls/keys.h"

namespace sluice::gateway {

struct GatewayIdentity {
  std::string gateway_id;
  std::string org;
  std::string certificate_pem;
  std::string identity_ca_pem;
  std::string policy_key;  // raw Ed25519 public key
  std::string root_ca_pem;
  Secret key_pem;
  TimePoint not_before{}, not_after{};

  // Half of the certificate's life is over.
  [[nodiscard]] bool renewal_due(TimePoint now) const noexcept {
    return now > not_before + (not_after - not_before) / 2;
  }
};
using IdentityPtr = std::shared_ptr<const GatewayIdentity>;

// How the console is reached: its devices listener and the pin of its key.
struct ConsoleAddress {
  std::string url;  // "https://console.example.com:8445", without a trailing slash
  std::string pin;  // "sha256//BASE64"
};
fetch::Peer peer_of(const ConsoleAddress& console, const GatewayIdentity* identity);

class IdentityStore {
 public:
  explicit IdentityStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // not_found before enrolment; malformed when the files are not what enrol() wrote.
  [[nodiscard]] Result<IdentityPtr> load() const;
  // False when there is surely none: a folder that may not be looked into may hold one.
  [[nodiscard]] bool may_be_there() const;
  // Makes the key if there is none, asks the console for a certificate, and stores what it says.
  Result<IdentityPtr> enrol(const ConsoleAddress& console, const Secret& token, std::string_view name);
  Result<IdentityPtr> renew(fetch::Fetcher& fetcher, const ConsoleAddress& console, const GatewayIdentity& identity);
  // For what is kept on disk: derived from the identity's key, so that it is worth nothing elsewhere.
  [[nodiscard]] static Secret storage_key(const GatewayIdentity& identity);

 private:
  Result<tls::EcKey> key();
  Result<IdentityPtr> store(GatewayIdentity identity);
  std::filesystem::path folder_;
};

// The certificate and key for the device listener.
Result<tls::TlsContext> device_listener_context(const GatewayIdentity& identity);

}  // namespace sluice::gateway
