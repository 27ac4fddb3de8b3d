// Notices clients that went away while their request waits for a provider, so that the provider stops generating what
// nobody reads. A connection that only waits has no read of its own; one coroutine per worker looks at all of them.
//
// Threads: the worker's loop.
#pragma once
#include <chrono>

#include "async/leaf.h"
#include "async/task.h"
#include "http/pool.h"
#include "net/stream.h"

namespace sluice::gateway {

// How often the clients are looked at: the longest time a provider goes on for nothing. One recv(2) per request.
inline constexpr std::chrono::milliseconds client_look_interval{100};

class InFlight {
 public:
  // Lives in the request's coroutine; unlinks itself.
  class Watch : public async::Link {
   public:
    Watch(InFlight& all, net::ByteStream& client, http::ConnectionPool::Lease& upstream) noexcept
        : client_(client), upstream_(upstream) {
      link_before(all.head_);
    }
    // The client went away and the upstream connection was closed.
    [[nodiscard]] bool client_gone() const noexcept { return gone_; }

   private:
    friend class InFlight;
    net::ByteStream& client_;
    http::ConnectionPool::Lease& upstream_;
    bool gone_ = false;
  };

  InFlight() { head_.make_head(); }
  Task<void> look_after_clients();  // until the task group stops
  void look_once();

 private:
  async::Link head_;
};

}  // namespace sluice::gateway
