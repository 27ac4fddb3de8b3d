// Carries the spool's records to the console, in order and in batches, and lets the spool drop what has arrived. The
// console stores by (origin, sequence), so a batch that was sent twice is stored once. While the console is away
// records wait in the spool; nothing is lost.
//
// Threads: its own.
#pragma once
#include <atomic>
#include <thread>

#include "audit/spool.h"
#include "gateway/snapshot/console_link.h"

namespace sluice::gateway {

class Shipper {
 public:
  Shipper(audit::Spool& spool, ConsoleAddress console, IdentityPtr identity);
  ~Shipper();  // stops and joins; see finish()

  void set_identity(IdentityPtr identity);  // any thread
  // Sends what is left, at most until the deadline; then the thread has ended.
  void finish(std::chrono::milliseconds patience);

 private:
  void run(const std::stop_token& stop);
  // The number of records that arrived.
  Result<std::size_t> ship(fetch::Fetcher& fetcher, const std::stop_token& stop);

  audit::Spool& spool_;
  ConsoleAddress console_;
  std::atomic<std::shared_ptr<const GatewayIdentity>> identity_;
  std::jthread thread_;
};

}  // namespace sluice::gateway
