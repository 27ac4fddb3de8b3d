// The API of devices and gateways (port 8445) but for the long poll: who asks stands in the client certificate.
// Plain functions on a worker thread, like the administration API.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "console_backend/api/call.h"
#include "console_backend/api/services.h"
#include "console_backend/identity/rate.h"
#include "tls/certificate.h"
#include "wire/device_api.h"

namespace sluice::console {

struct PeerIdentity {
  wire::Party party = wire::Party::device;
  std::string id;
  std::string public_key_der;
  TimePoint not_after;
};
enum class Expired { refuse, accept };  // accept: renewal, within the grace that the TLS listener gives
// unauthenticated without a certificate; untrusted for one of another organisation or kind; revoked; expired.
Result<PeerIdentity> identify(const Services& services, const std::optional<tls::CertificateFacts>& certificate,
                              Expired expired);

struct DeviceCall {
  std::string method;
  std::string path;
  std::string body;
  std::string address;
  std::optional<tls::CertificateFacts> certificate;
};

class DeviceApi {
 public:
  static constexpr std::size_t body_limit = 8 * 1024 * 1024;
  static constexpr std::size_t enrolment_limit = 64 * 1024;  // anybody may send one; renewals too

  // What the certificate says about a call before its body is read: how large that may be. answer() looks again.
  [[nodiscard]] Result<std::size_t> admit(std::string_view path,
                                          const std::optional<tls::CertificateFacts>& certificate) const;

  explicit DeviceApi(Services& services) : services_(services) {}
  Outcome answer(const DeviceCall& call);

 private:
  Outcome enrol(const DeviceCall& call);
  Outcome enrol_gateway_peer(const DeviceCall& call);
  Outcome renew(const DeviceCall& call, wire::Party party);
  Outcome leaf(const DeviceCall& call);
  Outcome inventory(const DeviceCall& call);
  Outcome events(const DeviceCall& call, wire::Party party);
  Result<PeerIdentity> peer(const DeviceCall& call, wire::Party party, Expired expired = Expired::refuse) const;
  Result<void> see_apps(const std::set<std::string>& apps);
  Result<void> see_users(const std::map<std::string, std::string>& users);

  Services& services_;
  Rate failed_enrolments_{20, std::chrono::minutes(10)};  // per address: guessing tokens is pointless, and visible
  std::mutex known_guard_;
  std::set<std::string> known_apps_;                // bound: 10 000, then asked from the database each time
  std::map<std::string, std::string> known_users_;  // by device; bound: the enrolled devices
};

}  // namespace sluice::console
