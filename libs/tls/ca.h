// The certificate authorities of an organisation, and what they sign.
//
//   root (10 years, sealed) ── issuing CA (critical name constraints, no IPs, pathlen 0) ── leaf (48 h, per
//   device+host) identity CA (own key)   ── identities: devices, gateways, the console's own listeners
//
// The constraint stands on the issuing CA because every client measured checks it there, and on the root as well
// because some (Java 17) ignore it only on the root. Keys of leaves and identities are made where they are used; only
// the public key of a verified signing request reaches this code. Pure: the time is an argument. Threads: any.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tls/certificate.h"
#include "tls/keys.h"

namespace sluice::tls {

struct Authority {
  std::string certificate_pem{};
  EcKey key;
};

inline constexpr std::chrono::hours authority_life{24 * 3652};  // 10 years
inline constexpr std::chrono::hours leaf_life{48};
inline constexpr std::chrono::hours clock_skew{1};  // not_before lies this much in the past

// `permitted_domains`: "anthropic.com" permits that name and everything below it. Usually ai_domains() and the
// organisation's additions. invalid_argument for an empty list or a name that is not a host name. An issuing CA
// can only narrow what its root permits: another domain is invalid_argument too, and needs a new root.
Result<Authority> make_root(std::string_view org, const std::vector<std::string>& permitted_domains, TimePoint now);
Result<Authority> make_issuing_ca(const Authority& root, std::string_view org,
                                  const std::vector<std::string>& permitted_domains, TimePoint now);
// The domains that a CA certificate is limited to; empty when it has no constraint.
Result<std::vector<std::string>> domains_permitted_by(std::string_view ca_pem);
Result<Authority> make_identity_ca(std::string_view org, TimePoint now);

// A server certificate for `host` on the device: critical CA:FALSE, digitalSignature, serverAuth, SAN, SKI, AKI,
// random 128-bit serial; subject CN=host, serialNumber=device. PEM of the leaf and then of the issuing CA.
// not_governed when the issuing CA's constraint does not permit the host.
Result<std::string> sign_leaf(const Authority& issuing, const SigningRequest& request, std::string_view host,
                              std::string_view device_id, TimePoint now);

struct IdentitySubject {
  std::string common_name{};         // device or gateway id, or the console's host name
  std::string organization{};        // O: the organisation of the deployment
  std::string unit{};                // OU: "device", "gateway" or "console"
  std::vector<std::string> names{};  // SANs: host names and IP addresses
};
// Client and server certificate under the identity CA; PEM of this certificate alone.
Result<std::string> sign_identity(const Authority& identity_ca, const SigningRequest& request,
                                  const IdentitySubject& subject, std::chrono::hours life, TimePoint now);

// Sluice's registry of domains that AI products use: the broad list an issuing CA is limited to. Which of them are
// governed is policy and decided elsewhere.
const std::vector<std::string>& ai_domains();
// True when `host` is one of `domains` or below one of them. Both lower case.
bool within_domains(std::string_view host, const std::vector<std::string>& domains) noexcept;

}  // namespace sluice::tls
