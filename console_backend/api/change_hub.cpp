#include "console_backend/api/change_hub.h"

namespace sluice::console {

void ChangeHub::policy_changed() {
  loop_.post([this] {
    // A woken coroutine may remove its entry at once: step first.
    for (auto wait = policy_waits_.begin(); wait != policy_waits_.end();) (*wait++)->notify();
  });
}

void ChangeHub::changed(Topics topics) {
  loop_.post([this, topics] {
    for (auto place = watches_.begin(); place != watches_.end();) {
      Watch& watch = **place++;
      watch.pending_.add(topics);
      watch.signal_.notify();
    }
  });
}

Task<void> ChangeHub::wait_for_policy(Deadline deadline) {
  if (closed_) co_return;
  async::Signal signal;
  const auto place = policy_waits_.insert(policy_waits_.end(), &signal);
  Result<void> woken = co_await signal.wait(deadline);
  static_cast<void>(woken);
  policy_waits_.erase(place);
}

ChangeHub::Watch::Watch(ChangeHub& hub) : hub_(hub), place_(hub.watches_.insert(hub.watches_.end(), this)) {}

ChangeHub::Watch::~Watch() {
  hub_.watches_.erase(place_);
}

Task<void> ChangeHub::Watch::wait(Deadline deadline) {
  if (hub_.closed_ || !pending_.empty()) co_return;
  Result<void> woken = co_await signal_.wait(deadline);
  static_cast<void>(woken);
}

void ChangeHub::close() {
  closed_ = true;
  for (auto wait = policy_waits_.begin(); wait != policy_waits_.end();) (*wait++)->notify();
  for (auto place = watches_.begin(); place != watches_.end();) (*place++)->signal_.notify();
}

}  // namespace sluice::console
