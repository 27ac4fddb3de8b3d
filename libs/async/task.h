// Task<T>: a lazy coroutine that is awaited exactly once.
//
// A task starts when it is awaited (or handed to a TaskGroup) and resumes its awaiter by symmetric transfer, so a
// chain of a thousand tasks needs no stack. The context (event loop and stop signal) travels from the awaiter to the
// awaited task; a leaf operation finds it in the promise of the coroutine that awaits it (see leaf.h).
//
// Threads: a task and all it awaits run on one event loop. Exceptions travel to the awaiter like in a function.
#pragma once
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

namespace sluice::async {

class EventLoop;
class StopSignal;

struct TaskContext {
  EventLoop* loop = nullptr;
  StopSignal* stop = nullptr;
};

namespace detail {

// Coroutine frames are short-lived and of few sizes; a per-thread free list spares most of malloc's work.
void* allocate_frame(std::size_t size);
void release_frame(void* frame, std::size_t size) noexcept;

struct PromiseBase {
  TaskContext* context = nullptr;
  std::coroutine_handle<> continuation;

  static void* operator new(std::size_t size) { return allocate_frame(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { release_frame(frame, size); }

  std::suspend_always initial_suspend() noexcept { return {}; }
  struct Final {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
      const auto next = self.promise().continuation;
      return next ? next : std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  Final final_suspend() noexcept { return {}; }
};

}  // namespace detail

template <class T = void>
class [[nodiscard("a task does nothing until it is awaited")]] Task {
 public:
  struct promise_type : detail::PromiseBase {
    std::optional<T> value;
    std::exception_ptr failure;
    Task get_return_object() noexcept { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    template <class U>
    void return_value(U&& result) {
      value.emplace(std::forward<U>(result));
    }
    void unhandled_exception() noexcept { failure = std::current_exception(); }
    T take() {
      if (failure) std::rethrow_exception(failure);
      return std::move(*value);
    }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  Task(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiter) noexcept {
    handle_.promise().context = awaiter.promise().context;
    handle_.promise().continuation = awaiter;
    return handle_;
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

template <>
class [[nodiscard("a task does nothing until it is awaited")]] Task<void> {
 public:
  struct promise_type : detail::PromiseBase {
    std::exception_ptr failure;
    Task get_return_object() noexcept { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { failure = std::current_exception(); }
    void take() {
      if (failure) std::rethrow_exception(failure);
    }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  Task(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiter) noexcept {
    handle_.promise().context = awaiter.promise().context;
    handle_.promise().continuation = awaiter;
    return handle_;
  }
  void await_resume() { handle_.promise().take(); }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

}  // namespace sluice::async

namespace sluice {
using async::Task;
}
