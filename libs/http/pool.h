// Keep-alive connections to upstreams, by key (scheme, authority and trust, as the owner composes it).
//
// Threads: one pool per loop. Bounds: `idle_per_key` idle connections are kept for `idle_time`; `total_per_key`
// connections at once, more wait for one until their deadline (`overloaded`).
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "async/event_loop.h"
#include "async/task.h"
#include "http/connection.h"

namespace sluice::http {

struct PoolOptions {
  std::size_t idle_per_key = 64;
  std::size_t total_per_key = 1024;
  std::chrono::milliseconds idle_time{60'000};
  Limits limits;
};

class ConnectionPool {
 public:
  using Connect = std::function<Task<Result<net::StreamPtr>>(std::string key, Deadline deadline)>;

  ConnectionPool(async::EventLoop& loop, Connect connect, PoolOptions options = {});
  ~ConnectionPool();

  // A connection on loan: given back when the lease goes, if it is reusable; closed otherwise.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) noexcept;
    ~Lease();
    ClientConnection* operator->() const noexcept { return connection_.get(); }
    ClientConnection& operator*() const noexcept { return *connection_; }
    [[nodiscard]] bool reused() const noexcept { return reused_; }
    void discard() noexcept;  // closes instead of giving back

   private:
    friend class ConnectionPool;
    struct Shared;
    std::shared_ptr<void> home_;
    std::string key_;
    std::unique_ptr<ClientConnection> connection_;
    bool reused_ = false;
  };
  Task<Result<Lease>> acquire(std::string key, Deadline deadline);
  void close_idle() noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sluice::http
