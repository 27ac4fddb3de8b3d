// The audit records that the device itself writes: of requests that never reached a gateway, refused or sent to their
// origin. Kept in a spool until the console has them.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "audit/spool.h"
#include "base/result.h"

namespace sluice::agent {

class ConsoleClient;

class DeviceAudit {
 public:
  // The spool belongs to the device's id; opened once the device has one.
  static Result<std::unique_ptr<DeviceAudit>> open(std::filesystem::path folder, std::string device_id,
                                                   std::uint64_t size_limit);

  Result<void> write(const audit::Record& record);
  [[nodiscard]] bool pending() const;
  // Ships one batch; blocks. False when there was nothing to ship. One thread at a time.
  Result<bool> ship(ConsoleClient& console);

 private:
  explicit DeviceAudit(std::unique_ptr<audit::Spool> spool) : spool_(std::move(spool)) {}
  std::unique_ptr<audit::Spool> spool_;
};

}  // namespace sluice::agent
