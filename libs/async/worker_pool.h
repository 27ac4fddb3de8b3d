// A few threads for calls that block: databases, files with fsync, libcurl, scrypt, getaddrinfo.
//
//   auto rows = co_await pool.run([&] { return repository.devices(); });   // resumes on the caller's loop
//
// The function's captures live until it ran. `overloaded` is not reported here: the queue's bound is the caller's
// business (each caller awaits its own call, so at most one entry per coroutine stands in it).
#pragma once
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

#include "async/leaf.h"
#include "async/task.h"

namespace sluice::async {

class WorkerPool {
 public:
  explicit WorkerPool(std::size_t threads);
  ~WorkerPool();  // runs what is queued, then joins
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void submit(std::function<void()> function);  // any thread

  // Not stoppable: the function runs to its end, so a coroutine's frame always outlives what it lent.
  template <class Function>
  Task<std::invoke_result_t<Function&>> run(Function function) {
    using Value = std::invoke_result_t<Function&>;
    std::exception_ptr failure;
    if constexpr (std::is_void_v<Value>) {
      std::function<void()> job = [&] {
        try {
          function();
        } catch (...) {
          failure = std::current_exception();
        }
      };
      co_await run_job(std::move(job));
      if (failure) std::rethrow_exception(failure);
    } else {
      std::optional<Value> value;
      std::function<void()> job = [&] {
        try {
          value.emplace(function());
        } catch (...) {
          failure = std::current_exception();
        }
      };
      co_await run_job(std::move(job));
      if (failure) std::rethrow_exception(failure);
      co_return std::move(*value);
    }
  }

 private:
  Task<void> run_job(std::function<void()> job);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::async
