// Serves the device API over HTTP: hands calls to workers, answers long polls from memory.
// Threads: the loop's.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "async/task.h"
#include "async/worker_pool.h"
#include "console_backend/api/change_hub.h"
#include "console_backend/api/device_api.h"
#include "http/connection.h"

namespace sluice::console {

// The other end of a connection.
struct Peer {
  std::string address;
  std::optional<tls::CertificateFacts> certificate;
};

class DeviceServer {
 public:
  static constexpr std::chrono::seconds longest_wait{60};

  DeviceServer(Services& services, ChangeHub& hub, async::WorkerPool& workers)
      : services_(services), hub_(hub), workers_(workers), api_(services) {}

  // `exchange` outlives the task.
  Task<void> handle(http::Exchange& exchange, std::shared_ptr<const Peer> peer);

 private:
  Task<Result<void>> snapshot(http::Exchange& exchange, std::shared_ptr<const Peer> peer, wire::Party party);

  Services& services_;
  ChangeHub& hub_;
  async::WorkerPool& workers_;
  DeviceApi api_;
};

}  // namespace sluice::console
