// What the device tells the console in the background: inventory when something changed (and each minute), audit
// its audit records within a second. Also signs leaves, since that is the third call that runs on workers.
//
// Threads: the loop's; the calls themselves run on workers, one of each kind at a time.
#pragma once
#include <filesystem>
#include <memory>
#include <mutex>

#include "agent/enforce/device_state.h"
#include "agent/enrolment/console_client.h"
#include "agent/spool/device_audit.h"
#include "async/event_loop.h"
#include "async/worker_pool.h"

namespace sluice::agent {

class Reports {
 public:
  Reports(DeviceState& state, async::WorkerPool& workers, ConsoleAddress console, std::filesystem::path spool_folder,
          std::uint64_t spool_limit);

  Task<void> run();  // until its group stops
  void identity_changed();
  void inventory_changed() { inventory_due_ = steady_now(); }
  // What cannot be recorded is logged and shown in the status; the error is for a caller whose record has a second
  // half.
  Result<void> record(audit::Record record);
  // Any thread; blocks.
  Result<wire::LeafResponse> sign_leaf(const std::string& host, const std::string& csr);

 private:
  Task<void> send_inventory();
  Task<void> ship_records();
  [[nodiscard]] wire::Inventory inventory() const;
  DeviceState& state_;
  async::WorkerPool& workers_;
  ConsoleAddress console_;
  std::filesystem::path spool_folder_;
  std::uint64_t spool_limit_;
  std::unique_ptr<DeviceAudit> audit_;  // since the device has an id
  std::shared_ptr<ConsoleClient> client_;
  SteadyPoint inventory_due_{};
  SteadyPoint shipping_due_{};
  std::mutex identity_mutex_;
  std::shared_ptr<const DeviceIdentity> identity_;  // for workers, under the mutex
};

}  // namespace sluice::agent
