// One thread of the gateway: an event loop with its own listeners (SO_REUSEPORT lets the kernel spread connections over
// the workers), its own pool of upstream connections, its own pipeline and its own counters. Workers share nothing that
// a request writes to but the audit spool and what SharedByRunners holds.
//
// Threads: constructed before its thread runs; after start() only the functions marked "any thread" are called.
#pragma once
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "async/task_group.h"
#include "gateway/edge/edge.h"

namespace sluice::gateway {

struct WorkerOptions {
  net::Address api;
  net::Address devices;
  http::Limits limits;
  std::size_t connection_limit = 10'000;
  UpstreamOptions upstream;
  std::optional<Destination> admin_relay;
};

class Worker {
 public:
  // Binds both listeners. io_failed or forbidden, naming the address.
  static Result<std::unique_ptr<Worker>> make(const WorkerOptions& options, audit::Spool& spool,
                                              net::Resolver& resolver, tls::TlsContext identity,
                                              std::shared_ptr<SharedByRunners> shared,
                                              std::shared_ptr<const LiveSettings> live, PolicyPtr policy);
  ~Worker();  // stop() first

  void start();
  // The addresses with the ports that the system chose.
  [[nodiscard]] net::Address api_address() const { return api_address_; }
  [[nodiscard]] net::Address devices_address() const { return devices_address_; }

  // Any thread; take effect on the loop for what begins after.
  void set_policy(PolicyPtr policy);
  void set_live(std::shared_ptr<const LiveSettings> live);
  void set_identity(tls::TlsContext identity);
  std::future<Metrics> metrics();
  // No new connections; requests in progress have until the deadline. Ready when all are done.
  std::future<void> drain(Deadline deadline);
  void stop();  // after drain: ends the loop and joins the thread

 private:
  Worker(const WorkerOptions& options, audit::Spool& spool, net::Resolver& resolver,
         std::shared_ptr<SharedByRunners> shared);
  Task<void> run_drain(Deadline deadline, std::shared_ptr<std::promise<void>> done);

  async::EventLoop loop_;
  Metrics metrics_;
  Upstreams upstreams_;
  ExternalRunner external_;
  InFlight in_flight_;
  Pipeline pipeline_;
  std::optional<AdminRelay> relay_;
  Edge edge_;
  async::TaskGroup background_;
  net::Address api_address_, devices_address_;
  std::thread thread_;
};

}  // namespace sluice::gateway
