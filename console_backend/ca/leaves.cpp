#include "console_backend/ca/leaves.h"

#include <algorithm>

#include "tls/certificate.h"

namespace sluice::console {

Result<wire::LeafResponse> LeafSigner::sign(const policy::FleetSnapshot& fleet, std::string_view device_id,
                                            const wire::LeafRequest& request) {
  const TimePoint now = clock_.now();
  if (std::ranges::find(fleet.hosts, request.host, &policy::GovernedHost::host) == fleet.hosts.end()) {
    return fail(ErrorCode::not_governed, "host: '" + request.host + "' is not governed by the policy in force");
  }
  if (Result<void> may = rate_.check(device_id, now); !may) return fail(may.error().during("signing leaves"));
  rate_.count(device_id, now);
  Result<tls::SigningRequest> signing = tls::parse_signing_request(request.csr);
  if (!signing) return fail(Error{signing.error().code, "csr: " + signing.error().detail});
  Result<std::string> chain = tls::sign_leaf(keys_.issuing, *signing, request.host, device_id, now);
  if (!chain) return fail(chain.error());
  Result<tls::CertificateFacts> facts = tls::certificate_facts(*chain);
  if (!facts) return fail(facts.error());
  Result<void> written = audit_.write([&](store::Session& session) {
    session.run(
        "INSERT INTO leaf_signings (serial, time, device_id, host, not_after) "
        "VALUES (:serial, :time, :device_id, :host, :not_after)",
        {{"serial", facts->serial},
         {"time", now},
         {"device_id", device_id},
         {"host", request.host},
         {"not_after", facts->not_after}});
  });
  if (!written) return fail(written.error().during("writing down the leaf"));
  return wire::LeafResponse{std::move(*chain), facts->not_after};
}

}  // namespace sluice::console
