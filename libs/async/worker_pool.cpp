#include "async/worker_pool.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "async/event_loop.h"

namespace sluice::async {

struct WorkerPool::State {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> queue;
  bool ending = false;
  std::vector<std::thread> threads;

  void work() {
    for (;;) {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return ending || !queue.empty(); });
      if (queue.empty()) return;
      const std::function<void()> job = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      job();
    }
  }
};

WorkerPool::WorkerPool(std::size_t threads) : state_(std::make_unique<State>()) {
  for (std::size_t i = 0; i < threads; ++i) state_->threads.emplace_back([state = state_.get()] { state->work(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->wake.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

void WorkerPool::submit(std::function<void()> function) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->queue.push_back(std::move(function));
  }
  state_->wake.notify_one();
}

namespace {

struct Handover {
  WorkerPool& pool;
  std::function<void()>& job;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiter) {
    EventLoop* const loop = EventLoop::current();
    pool.submit([loop, awaiter, work = std::move(job)] {
      work();
      loop->post([awaiter] { awaiter.resume(); });
    });
  }
  void await_resume() const noexcept {}
};

}  // namespace

Task<void> WorkerPool::run_job(std::function<void()> job) {
  co_await Handover{*this, job};
}

}  // namespace sluice::async
