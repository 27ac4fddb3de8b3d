#include "console_backend/identity/rate.h"

#include <algorithm>

namespace sluice::console {

void Rate::turn(TimePoint now) {
  const auto half = std::chrono::duration_cast<std::chrono::microseconds>(window_) / 2;
  if (now - half_began_ < half && now_half_.size() < most_keys_) return;
  const bool next = now - half_began_ >= half && now - half_began_ < half * 2;
  last_half_ = now - half_began_ < half * 2 ? std::move(now_half_) : decltype(now_half_){};
  now_half_.clear();
  // The next half begins where the last one ended: asking late must not make the wait longer.
  half_began_ = next ? half_began_ + half : now;
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

std::chrono::seconds Rate::wait(std::string_view key, TimePoint now) {
  std::lock_guard lock(guard_);
  turn(now);
  const std::string name(key);
  if (used(name) < allowed_) return std::chrono::seconds(0);
  // What the running half counted is forgotten when the half after it ends, what the last one did with this half.
  const auto recent = now_half_.find(name);
  const bool both = recent != now_half_.end() && recent->second >= allowed_;
  const auto end = half_began_ + std::chrono::duration_cast<std::chrono::microseconds>(window_) / (both ? 1 : 2);
  return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(end - now));
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
