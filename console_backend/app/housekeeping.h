// What has to be done now and then: check-ins written, old sessions and audit rows dropped, the policy signed again
// before it ends, the console's certificate renewed. Blocks; one thread at a time.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "console_backend/api/services.h"

namespace sluice::console {

class Housekeeping {
 public:
  static constexpr std::chrono::seconds pause{60};

  // `services` outlives the object.
  Housekeeping(Services& services, std::vector<std::string> server_names, std::int64_t retention_days)
      : services_(services),
        server_names_(std::move(server_names)),
        retention_(std::chrono::hours(24) * retention_days) {}

  // Everything that is due; returns the certificate in force.
  Result<std::string> turn();
  void flush_check_ins();
  Result<std::string> server_certificate();

 private:
  Result<void> drop_old();
  Services& services_;
  std::vector<std::string> server_names_;
  std::chrono::hours retention_;
};

}  // namespace sluice::console
