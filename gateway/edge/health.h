// /metrics, /healthz and /readyz on a listener of their own, with a thread of its own, so that they answer while the
// workers are busy. healthz: the process runs. readyz: enrolled, with a valid policy, and not draining.
//
// Threads: its own; set_state() and stop() from any.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "async/worker_pool.h"
#include "http/server.h"
#include "net/net.h"

namespace sluice::gateway {

class Health {
 public:
  // `print_metrics` may block for a moment; it runs on a thread of its own. `not_ready` says why not, or nothing.
  struct Sources {
    std::function<std::string()> print_metrics;
    std::function<std::string()> not_ready;
  };
  static Result<std::unique_ptr<Health>> start(const net::Address& address, Sources sources);
  ~Health();
  [[nodiscard]] net::Address address() const { return address_; }

 private:
  explicit Health(Sources sources);
  Task<void> serve(http::Exchange& exchange);
  Sources sources_;
  async::WorkerPool pool_{1};
  async::EventLoop loop_;
  http::Server server_;
  async::TaskGroup background_;
  net::Address address_;
  std::thread thread_;
};

}  // namespace sluice::gateway
