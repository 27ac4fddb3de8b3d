// What leaf operations (socket reads, timers, waits) are made of: a stop signal, a deadline, and a parked coroutine.
//
// A leaf registers with both before it suspends; the first of {completion, deadline, stop} decides its result, and it
// resumes exactly once, on its loop.
#pragma once
#include <coroutine>
#include <cstdint>
#include <optional>

#include "async/event_loop.h"
#include "async/task.h"
#include "base/clock.h"
#include "base/result.h"

namespace sluice::async {

// Intrusive doubly linked list node; unlinks itself when it goes.
class Link {
 public:
  Link() = default;
  ~Link() { unlink(); }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  void link_before(Link& head) noexcept;
  void unlink() noexcept;
  [[nodiscard]] bool linked() const noexcept { return next_ != nullptr; }
  [[nodiscard]] Link* next() const noexcept { return next_; }
  void make_head() noexcept { next_ = previous_ = this; }

 private:
  Link* next_ = nullptr;
  Link* previous_ = nullptr;
};

// One per TaskGroup. Threads: the loop's.
class StopSignal {
 public:
  class Waiter : public Link {
   public:
    virtual void on_stop() noexcept = 0;

   protected:
    ~Waiter() = default;
  };
  StopSignal();
  [[nodiscard]] bool requested() const noexcept { return requested_; }
  void request() noexcept;  // calls every waiter once, unlinking it first
  void add(Waiter& waiter) noexcept { waiter.link_before(head_); }

 private:
  Link head_;
  bool requested_ = false;
};

// A timing wheel: adding and removing are O(1) and cost no system call; it fires up to 50 ms late, which is fine for
// deadlines and wrong for pacing (sleep_until has a timer of its own).
class DeadlineQueue {
 public:
  class Waiter : public Link {
   public:
    virtual void on_deadline() noexcept = 0;
    SteadyPoint due{};

   protected:
    ~Waiter() = default;
  };
  explicit DeadlineQueue(EventLoop& loop);
  ~DeadlineQueue();
  void add(Waiter& waiter, SteadyPoint due);
  void pause() noexcept;  // before the io_context goes

 private:
  struct State;
  State* state_;
};

// Base of a leaf awaitable. A derived class starts its operation in start(), calls finish() from its completion
// handler, and undoes in abort() (finish() may come later from the completion handler; it must come).
class Leaf : private StopSignal::Waiter, private DeadlineQueue::Waiter {
 public:
  bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> awaiter) {
    suspend(awaiter, awaiter.promise().context);
  }

 protected:
  explicit Leaf(Deadline deadline) noexcept : deadline_(deadline) {}
  virtual ~Leaf() = default;
  virtual void start() = 0;
  virtual void abort() noexcept = 0;
  void finish() noexcept;  // resumes the coroutine; `this` may be gone afterwards
  [[nodiscard]] EventLoop& loop() const noexcept { return *context_->loop; }
  // Set when a deadline or a stop came before the completion.
  [[nodiscard]] const std::optional<ErrorCode>& cause() const noexcept { return cause_; }

 private:
  void suspend(std::coroutine_handle<> awaiter, TaskContext* context);
  void on_stop() noexcept override;
  void on_deadline() noexcept override;

  Deadline deadline_;
  TaskContext* context_ = nullptr;
  std::coroutine_handle<> awaiter_;
  std::optional<ErrorCode> cause_;
};

// One waiter, one wake-up: await wait() on the loop; notify() on the loop lets it (or the next wait) go on.
class Signal {
 public:
  Signal() = default;
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  ~Signal();
  void notify() noexcept;
  Task<Result<void>> wait(Deadline deadline);

 private:
  class Wait;
  Wait* waiting_ = nullptr;
  bool notified_ = false;
};

}  // namespace sluice::async
