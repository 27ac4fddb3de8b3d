#include "console_backend/identity/rate.h"

namespace sluice::console {

void Rate::turn(TimePoint now) {
  const auto half = std::chrono::duration_cast<std::chrono::microseconds>(window_) / 2;
  if (now - half_began_ < half && now_half_.size() < most_keys_) return;
  last_half_ = now - half_began_ < half * 2 ? std::move(now_half_) : decltype(now_half_){};
  now_half_.clear();
  half_began_ = now;
}

std::size_t Rate::used(const std::string& key) const {
  const auto recent = now_half_.find(key);
  const auto older = last_half_.find(key);
  return (recent == now_half_.end() ? 0 : recent->second) + (older == last_half_.end() ? 0 : older->second);
}

Result<void> Rate::check(std::string_view key, TimePoint now) {
  std::lock_guard lock(guard_);
  turn(now);
  if (used(std::string(key)) < allowed_) return {};
  return fail(ErrorCode::rate_limited,
              "at most " + std::to_string(allowed_) + " in " + std::to_string(window_.count()) + " seconds");
}

void Rate::count(std::string_view key, TimePoint now) {
  std::lock_guard lock(guard_);
  turn(now);
  ++now_half_[std::string(key)];
}

void Rate::forget(std::string_view key) {
  std::lock_guard lock(guard_);
  now_half_.erase(std::string(key));
  last_half_.erase(std::string(key));
}

}  // namespace sluice::console
