// Signs leaves for governed hosts, for enrolled devices, and writes down each one.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "console_backend/ca/authority.h"
#include "console_backend/identity/rate.h"
#include "policy/snapshot.h"
#include "store/database.h"
#include "wire/device_api.h"

namespace sluice::console {

class LeafSigner {
 public:
  // A device needs one leaf per governed host and day; the limit leaves room for restarts with a lost cache.
  static constexpr std::size_t per_hour = 200;

  LeafSigner(store::Database& audit, const Keys& keys, const Clock& clock)
      : audit_(audit), keys_(keys), clock_(clock) {}

  // not_governed when `fleet` does not list the host; rate_limited; what parse_signing_request says. Blocks.
  Result<wire::LeafResponse> sign(const policy::FleetSnapshot& fleet, std::string_view device_id,
                                  const wire::LeafRequest& request);

 private:
  store::Database& audit_;
  const Keys& keys_;
  const Clock& clock_;
  Rate rate_{per_hour, std::chrono::hours(1)};
};

}  // namespace sluice::console
