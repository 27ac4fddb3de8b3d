// The traffic process's end of the channel to the privileged one.
//
// A thread of its own reads (it only waits and hands over); everything else is the loop's. When the channel ends, the
// privileged process is gone, and with it the capture table: nothing is left to do but end.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "agent/channel/channel.h"
#include "agent/process/attribution.h"
#include "async/event_loop.h"
#include "async/leaf.h"

namespace sluice::agent {

class PrivilegedLink final : public Attribution {
 public:
  using OnMessage = std::function<void(ToTraffic)>;  // on the loop; answers to owner_of() do not pass here
  PrivilegedLink(async::EventLoop& loop, int descriptor, OnMessage on_message, std::function<void()> on_end);
  ~PrivilegedLink() override;
  PrivilegedLink(const PrivilegedLink&) = delete;
  PrivilegedLink& operator=(const PrivilegedLink&) = delete;

  void send(const ToPrivileged& message);
  // not_found, or timed_out after half a second.
  Task<Result<ProcessFacts>> owner_of(SocketEnd client, SocketEnd server) override;

 private:
  struct Question {
    async::Signal* signal;
    std::optional<ProcessFacts>* answer;
  };
  void read_all();
  void deliver(ToTraffic message);
  async::EventLoop& loop_;
  int descriptor_;
  OnMessage on_message_;
  std::function<void()> on_end_;
  std::map<std::uint64_t, Question> questions_;  // bounded by the connections that wait
  std::uint64_t last_id_ = 0;
  std::jthread reader_;
};

}  // namespace sluice::agent
