#include "async/leaf.h"

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>

namespace sluice::async {

void Link::link_before(Link& head) noexcept {
  unlink();
  next_ = &head;
  previous_ = head.previous_;
  previous_->next_ = this;
  head.previous_ = this;
}

void Link::unlink() noexcept {
  if (next_ == nullptr) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  next_ = previous_ = nullptr;
}

StopSignal::StopSignal() {
  head_.make_head();
}

void StopSignal::request() noexcept {
  requested_ = true;
  while (head_.next() != &head_) {
    auto& waiter = static_cast<Waiter&>(*head_.next());
    waiter.unlink();
    waiter.on_stop();
  }
}

// 1024 slots of 50 ms: a due time further away than 51 s goes round and is looked at once a turn.
struct DeadlineQueue::State {
  static constexpr std::size_t slots = 1024;
  static constexpr auto tick = std::chrono::milliseconds(50);

  explicit State(EventLoop& owner) : timer(owner.io()) {
    for (Link& slot : wheel) slot.make_head();
  }
  [[nodiscard]] static std::uint64_t turn_of(SteadyPoint time) {
    return static_cast<std::uint64_t>(time.time_since_epoch() / tick);
  }
  [[nodiscard]] bool empty() const {
    for (const Link& slot : wheel)
      if (slot.next() != &slot) return false;
    return true;
  }
  void arm() {
    running = true;
    timer.expires_at(SteadyPoint(tick * static_cast<std::int64_t>(current + 1)));
    timer.async_wait([this](boost::system::error_code error) {
      if (!error) turn();
    });
  }
  void turn() {
    const SteadyPoint now = steady_now();
    const std::uint64_t until = turn_of(now);
    while (current < until) {
      ++current;
      fire(wheel[current % slots], now);
    }
    idle_turns = empty() ? idle_turns + 1 : 0;
    // A quiet loop stops ticking; add() starts it again.
    if (idle_turns > 20)
      running = false;
    else
      arm();
  }
  void fire(Link& slot, SteadyPoint now) {
    // Waiters that are not due yet go back behind a marker of the same slot.
    Link later;
    later.make_head();
    while (slot.next() != &slot) {
      auto& waiter = static_cast<Waiter&>(*slot.next());
      if (waiter.due <= now) {
        waiter.unlink();
        waiter.on_deadline();
      } else {
        waiter.link_before(later);
      }
    }
    while (later.next() != &later) later.next()->link_before(slot);
    later.unlink();
  }

  boost::asio::steady_timer timer;
  std::array<Link, slots> wheel;
  std::uint64_t current = 0;
  bool running = false;
  int idle_turns = 0;
};

DeadlineQueue::DeadlineQueue(EventLoop& loop) : state_(new State(loop)) {}
DeadlineQueue::~DeadlineQueue() {
  delete state_;
}

void DeadlineQueue::add(Waiter& waiter, SteadyPoint due) {
  if (due == no_deadline) return;
  if (!state_->running) {
    state_->current = State::turn_of(steady_now());
    state_->idle_turns = 0;
    state_->arm();
  }
  waiter.due = due;
  // The slot after the due turn: a waiter never fires early.
  std::uint64_t turn = State::turn_of(due) + 1;
  if (turn <= state_->current) turn = state_->current + 1;
  waiter.link_before(state_->wheel[turn % State::slots]);
}

void DeadlineQueue::pause() noexcept {
  state_->timer.cancel();
  state_->running = false;
}

void Leaf::suspend(std::coroutine_handle<> awaiter, TaskContext* context) {
  awaiter_ = awaiter;
  context_ = context;
  if (context->stop != nullptr && context->stop->requested()) {
    cause_ = ErrorCode::cancelled;
    // Resumes from the loop, not from inside await_suspend.
    context->loop->post([this] { finish(); });
    return;
  }
  if (context->stop != nullptr) context->stop->add(*this);
  context->loop->deadlines().add(*this, deadline_);
  start();
}

void Leaf::on_stop() noexcept {
  if (cause_) return;
  cause_ = ErrorCode::cancelled;
  abort();
}

void Leaf::on_deadline() noexcept {
  if (cause_) return;
  cause_ = ErrorCode::timed_out;
  abort();
}

void Leaf::finish() noexcept {
  StopSignal::Waiter::unlink();
  DeadlineQueue::Waiter::unlink();
  awaiter_.resume();
}

class Signal::Wait final : public Leaf {
 public:
  Wait(Signal& signal, Deadline deadline) : Leaf(deadline), signal_(signal) {}
  // A notification that came first counts, even if the deadline passes before the coroutine runs: it is used up.
  Result<void> await_resume() const {
    if (cause() && !notified_) return fail(*cause());
    return {};
  }
  void notify() noexcept {
    notified_ = true;
    wake();
  }

 private:
  void start() override { signal_.waiting_ = this; }
  void abort() noexcept override {
    if (woken_) return;  // the wake-up is on its way
    signal_.waiting_ = nullptr;
    wake();
  }
  void wake() noexcept {
    woken_ = true;
    loop().post([this] { finish(); });
  }
  Signal& signal_;
  bool woken_ = false;
  bool notified_ = false;
};

Signal::~Signal() {
  if (waiting_ != nullptr) std::abort();  // the waiter would never wake
}

void Signal::notify() noexcept {
  if (waiting_ != nullptr)
    std::exchange(waiting_, nullptr)->notify();
  else
    notified_ = true;
}

Task<Result<void>> Signal::wait(Deadline deadline) {
  if (std::exchange(notified_, false)) co_return Result<void>();
  if (waiting_ != nullptr) std::abort();  // one waiter only
  Result<void> outcome = co_await Wait(*this, deadline);
  co_return outcome;
}

}  // namespace sluice::async
