#include "http/pool.h"

#include <deque>
#include <list>
#include <unordered_map>
#include <utility>

#include "async/leaf.h"

namespace sluice::http {
namespace {

struct IdleConnection {
  std::unique_ptr<ClientConnection> connection;
  SteadyPoint until;
};

// All connections of one key. Waiters are woken in the order they came.
struct Slot {
  std::deque<IdleConnection> idle;  // the most recently used at the back
  std::size_t total = 0;            // idle and on loan
  std::list<async::Signal*> waiting;
};

}  // namespace

struct ConnectionPool::State {
  State(async::EventLoop& owner, Connect how, PoolOptions given)
      : loop(owner), connect(std::move(how)), options(given) {}
  async::EventLoop& loop;
  Connect connect;
  PoolOptions options;
  std::unordered_map<std::string, Slot> slots;
  bool closed = false;

  std::unique_ptr<ClientConnection> take_idle(Slot& slot) {
    const SteadyPoint now = steady_now();
    while (!slot.idle.empty() && slot.idle.front().until <= now) {
      slot.idle.pop_front();
      --slot.total;
    }
    while (!slot.idle.empty()) {
      std::unique_ptr<ClientConnection> connection = std::move(slot.idle.back().connection);
      slot.idle.pop_back();
      if (!connection->stale()) return connection;
      --slot.total;
    }
    return nullptr;
  }

  void give_back(const std::string& key, std::unique_ptr<ClientConnection> connection) {
    Slot& slot = slots[key];
    if (!closed && connection && connection->reusable() && slot.idle.size() < options.idle_per_key)
      slot.idle.push_back({std::move(connection), steady_now() + options.idle_time});
    else
      --slot.total;
    wake_one(slot);
  }

  static void wake_one(Slot& slot) {
    if (slot.waiting.empty()) return;
    async::Signal* const next = slot.waiting.front();
    slot.waiting.pop_front();
    next->notify();
  }
};

ConnectionPool::ConnectionPool(async::EventLoop& loop, Connect connect, PoolOptions options)
    : state_(std::make_shared<State>(loop, std::move(connect), options)) {}

ConnectionPool::~ConnectionPool() {
  state_->closed = true;
  close_idle();
}

ConnectionPool::Lease::Lease(Lease&& other) noexcept
    : home_(std::move(other.home_)),
      key_(std::move(other.key_)),
      connection_(std::move(other.connection_)),
      reused_(other.reused_) {}

ConnectionPool::Lease& ConnectionPool::Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    const Lease old(std::move(*this));
    home_ = std::move(other.home_);
    key_ = std::move(other.key_);
    connection_ = std::move(other.connection_);
    reused_ = other.reused_;
  }
  return *this;
}

ConnectionPool::Lease::~Lease() {
  if (home_) static_cast<State*>(home_.get())->give_back(key_, std::move(connection_));
}

void ConnectionPool::Lease::discard() noexcept {
  if (connection_) connection_->close();
}

Task<Result<ConnectionPool::Lease>> ConnectionPool::acquire(std::string key, Deadline deadline) {
  const std::shared_ptr<State> state = state_;
  for (;;) {
    Slot& slot = state->slots[key];
    Lease lease;
    lease.connection_ = state->take_idle(slot);
    lease.reused_ = lease.connection_ != nullptr;
    if (lease.connection_) {
      lease.home_ = state;
      lease.key_ = std::move(key);
      co_return lease;
    }
    if (slot.total < state->options.total_per_key) {
      ++slot.total;
      lease.home_ = state;  // counts down if connecting fails
      lease.key_ = key;
      Result<net::StreamPtr> stream = co_await state->connect(key, deadline);
      if (!stream) co_return fail(stream.error());
      lease.connection_ = std::make_unique<ClientConnection>(std::move(*stream), state->options.limits);
      co_return lease;
    }
    async::Signal signal;
    const auto place = slot.waiting.insert(slot.waiting.end(), &signal);
    Result<void> woken = co_await signal.wait(deadline);
    if (!woken) {
      slot.waiting.erase(place);
      if (woken.error().code == ErrorCode::timed_out)
        co_return fail(ErrorCode::overloaded, "no connection to " + key + " became free in time");
      co_return fail(woken.error());
    }
  }
}

void ConnectionPool::close_idle() noexcept {
  for (auto& [key, slot] : state_->slots) {
    slot.total -= slot.idle.size();
    slot.idle.clear();
  }
}

}  // namespace sluice::http
