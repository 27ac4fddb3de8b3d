#include "async/event_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>

#include "async/leaf.h"
#include "async/task_group.h"

namespace sluice::async {
namespace {

thread_local EventLoop* this_loop = nullptr;

class Sleep final : public Leaf {
 public:
  Sleep(EventLoop& owner, SteadyPoint when) : Leaf(no_deadline), timer_(owner.io(), when) {}
  Result<void> await_resume() const {
    if (cause()) return fail(*cause());
    return {};
  }

 private:
  void start() override {
    timer_.async_wait([this](boost::system::error_code) { finish(); });
  }
  void abort() noexcept override { timer_.cancel(); }
  boost::asio::steady_timer timer_;
};

class Yield final : public Leaf {
 public:
  Yield() : Leaf(no_deadline) {}
  void await_resume() const {}

 private:
  void start() override {
    loop().post([this] { finish(); });
  }
  void abort() noexcept override {}  // it comes by itself
};

}  // namespace

struct EventLoop::State {
  explicit State() : io(1), work(io.get_executor()) {}
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  std::unique_ptr<DeadlineQueue> deadlines;
};

EventLoop::EventLoop() : state_(std::make_unique<State>()) {
  state_->deadlines = std::make_unique<DeadlineQueue>(*this);
}

EventLoop::~EventLoop() {
  state_->deadlines->pause();
}

void EventLoop::run() {
  EventLoop* const outer = std::exchange(this_loop, this);
  state_->io.run();
  this_loop = outer;
}

void EventLoop::stop() {
  state_->io.stop();
}

void EventLoop::post(std::function<void()> function) {
  boost::asio::post(state_->io, std::move(function));
}

EventLoop* EventLoop::current() noexcept {
  return this_loop;
}

boost::asio::io_context& EventLoop::io() noexcept {
  return state_->io;
}

DeadlineQueue& EventLoop::deadlines() noexcept {
  return *state_->deadlines;
}

Task<Result<void>> sleep_until(SteadyPoint when) {
  Result<void> outcome = co_await Sleep(*EventLoop::current(), when);
  co_return outcome;
}

Task<Result<void>> sleep_for(std::chrono::steady_clock::duration span) {
  return sleep_until(steady_now() + span);
}

Task<void> yield() {
  co_await Yield();
}

namespace {

Task<void> run_then_stop(Task<void> task, EventLoop* loop, std::exception_ptr* failure) {
  try {
    co_await std::move(task);
  } catch (...) {
    *failure = std::current_exception();
  }
  loop->stop();
}

}  // namespace

void run_to_end(Task<void> task) {
  EventLoop loop;
  std::exception_ptr failure;
  TaskGroup group(loop);
  loop.post([&] { group.start(run_then_stop(std::move(task), &loop, &failure)); });
  loop.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace sluice::async
