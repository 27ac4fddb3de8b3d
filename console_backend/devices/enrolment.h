// Enrolment and renewal: a proof in, an identity certificate of seven days out.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "console_backend/ca/authority.h"
#include "store/database.h"
#include "wire/device_api.h"

namespace sluice::console {

inline constexpr std::chrono::hours identity_life{24 * 7};

// The token's use, the device and its certificate are one transaction. Errors of use_enrolment_token and of
// parse_signing_request ("csr: …"). Blocks.
Result<wire::EnrolResponse> enrol_device(store::Database& config, const Keys& keys, const wire::EnrolRequest& request,
                                         TimePoint now);
Result<wire::EnrolResponse> enrol_gateway(store::Database& config, const Keys& keys,
                                          const wire::GatewayEnrolRequest& request, TimePoint now);
// A new certificate for the same id. An expired one (`present` ended before `now`) renews with the same key only:
// forbidden otherwise.
struct PresentCertificate {
  std::string id;
  wire::Party party = wire::Party::device;
  std::string public_key_der;
  TimePoint not_after;
};
Result<wire::RenewResponse> renew_identity(store::Database& config, const Keys& keys, const PresentCertificate& present,
                                           const wire::RenewRequest& request, TimePoint now);

}  // namespace sluice::console
