// EventLoop: one thread's sockets, timers and ready coroutines. Boost.Asio's io_context is behind it.
//
// Threads: run() is called by exactly one thread, and everything but post() and stop() is called on that thread
// (or before run()). post() wakes the loop from any thread.
#pragma once
#include <functional>
#include <memory>

#include "async/task.h"
#include "base/clock.h"
#include "base/result.h"

namespace boost::asio {
class io_context;
}

namespace sluice::async {

class DeadlineQueue;

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Runs until stop(); handlers run here. An exception out of a handler ends the process (it is a bug).
  void run();
  void stop();                                // any thread; idempotent
  void post(std::function<void()> function);  // any thread; runs on the loop, after what is ready now

  // The loop this thread runs, or null.
  static EventLoop* current() noexcept;

  [[nodiscard]] boost::asio::io_context& io() noexcept;  // for libs/async and libs/net only
  [[nodiscard]] DeadlineQueue& deadlines() noexcept;     // for leaf operations

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Resumes at `when` (precise to a millisecond); `cancelled` when the group stops first.
Task<Result<void>> sleep_until(SteadyPoint when);
Task<Result<void>> sleep_for(std::chrono::steady_clock::duration span);
// Lets everything else that is ready run first.
Task<void> yield();
// Runs a blocking function on `pool` and resumes here with its result (see worker_pool.h).

// Runs `task` on a fresh loop on this thread until it is done: tests and main functions.
void run_to_end(Task<void> task);

}  // namespace sluice::async
