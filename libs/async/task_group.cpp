#include "async/task_group.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include "async/leaf.h"

namespace sluice::async {
namespace {

// The outermost frame of a background task: holds its context, frees itself at the end.
struct Root {
  struct promise_type {
    TaskContext* context = nullptr;
    Root get_return_object() noexcept { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    [[noreturn]] void unhandled_exception() noexcept {
      try {
        throw;
      } catch (const std::exception& failure) {
        std::fprintf(stderr, "fatal: exception out of a background task: %s\n", failure.what());
      } catch (...) {
        std::fprintf(stderr, "fatal: unknown exception out of a background task\n");
      }
      std::abort();
    }
  };
  std::coroutine_handle<promise_type> handle;
};

}  // namespace

struct TaskGroup::State {
  explicit State(EventLoop& owner) : loop(owner), context{&owner, &stop} {}
  EventLoop& loop;
  StopSignal stop;
  TaskContext context;
  std::size_t running = 0;
  std::coroutine_handle<> joiner;

  void ended() {
    --running;
    if (running == 0 && joiner) {
      // From the loop: the last task's frame must be gone before the owner of the group goes on.
      loop.post([handle = std::exchange(joiner, nullptr)] { handle.resume(); });
    }
  }
  static Root run(Task<void> task, State* group) {
    {
      const Task<void> owned = std::move(task);
      co_await const_cast<Task<void>&>(owned);
    }
    group->ended();
  }
};

namespace {

template <class State>
struct Join {
  State& state;
  bool await_ready() const noexcept { return state.running == 0; }
  void await_suspend(std::coroutine_handle<> awaiter) noexcept { state.joiner = awaiter; }
  void await_resume() const noexcept {}
};

}  // namespace

TaskGroup::TaskGroup(EventLoop& loop) : state_(std::make_unique<State>(loop)) {}

TaskGroup::~TaskGroup() {
  if (state_->running != 0 && EventLoop::current() != nullptr) {
    std::fprintf(stderr, "fatal: a task group with %zu running tasks was destroyed\n", state_->running);
    std::abort();
  }
}

void TaskGroup::start(Task<void> task) {
  ++state_->running;
  const Root root = State::run(std::move(task), state_.get());
  root.handle.promise().context = &state_->context;
  root.handle.resume();
}

void TaskGroup::request_stop() noexcept {
  state_->stop.request();
}

Task<void> TaskGroup::join() {
  co_await Join<State>{*state_};
}

Task<void> TaskGroup::stop() {
  request_stop();
  co_await join();
}

std::size_t TaskGroup::size() const noexcept {
  return state_->running;
}
bool TaskGroup::stopping() const noexcept {
  return state_->stop.requested();
}
EventLoop& TaskGroup::loop() const noexcept {
  return state_->loop;
}

namespace {

// A second strand of the same context: counts down, and resumes the awaiter when both are done.
struct Pair {
  int left = 2;
  std::coroutine_handle<> awaiter;
  std::exception_ptr failure;
};

struct Strand {
  struct promise_type {
    TaskContext* context = nullptr;
    Strand get_return_object() noexcept { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    [[noreturn]] void unhandled_exception() noexcept { std::abort(); }
  };
  std::coroutine_handle<promise_type> handle;
};

Strand run_strand(Task<void> task, Pair* pair) {
  {
    Task<void> owned = std::move(task);
    try {
      co_await owned;
    } catch (...) {
      pair->failure = std::current_exception();
    }
  }
  if (--pair->left == 0 && pair->awaiter) pair->awaiter.resume();
}

struct BothDone {
  Pair& pair;
  Task<void>& left;
  Task<void>& right;
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> awaiter) {
    for (Task<void>* task : {&left, &right}) {
      const Strand strand = run_strand(std::move(*task), &pair);
      strand.handle.promise().context = awaiter.promise().context;
      strand.handle.resume();
    }
    if (pair.left == 0) return false;
    pair.awaiter = awaiter;
    return true;
  }
  void await_resume() const {
    if (pair.failure) std::rethrow_exception(pair.failure);
  }
};

}  // namespace

Task<void> both(Task<void> left, Task<void> right) {
  Pair pair;
  co_await BothDone{pair, left, right};
}

}  // namespace sluice::async
