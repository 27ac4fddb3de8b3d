// TaskGroup: owns background coroutines. Nothing is detached: stop() asks every task to end (their waits return
// `cancelled`) and resumes when the last has.
//
// Threads: the loop's. An exception out of a task ends the process: it is a bug, and going on would hide it.
#pragma once
#include <cstddef>
#include <memory>

#include "async/event_loop.h"
#include "async/task.h"

namespace sluice::async {

class StopSignal;

class TaskGroup {
 public:
  explicit TaskGroup(EventLoop& loop);
  ~TaskGroup();  // the group must be empty: call stop() first
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts the task now, up to its first wait. The group must not be stopping.
  void start(Task<void> task);
  void request_stop() noexcept;  // waits return `cancelled` from now on
  Task<void> join();             // resumes when the group is empty; not stoppable
  Task<void> stop();             // request_stop() and join()
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool stopping() const noexcept;
  [[nodiscard]] EventLoop& loop() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Awaits `left` and `right` side by side in the caller's context; both are ended before it returns. The one that ends
// first does NOT end the other: use this for the two directions of a tunnel, which close each other's streams.
Task<void> both(Task<void> left, Task<void> right);

}  // namespace sluice::async
