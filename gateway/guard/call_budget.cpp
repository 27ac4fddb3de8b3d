#include "gateway/guard/call_budget.h"

#include <algorithm>

namespace sluice::gateway {

bool CallBudget::take(SteadyPoint now) noexcept {
  constexpr std::int64_t minute = 60'000'000'000;
  if (calls_per_minute_ <= 0) return false;
  const std::int64_t interval = minute / calls_per_minute_;
  const std::int64_t at = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  std::int64_t full_at = full_at_.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t next = std::max(full_at, at) + interval;
    if (next - at > minute) return false;
    if (full_at_.compare_exchange_weak(full_at, next, std::memory_order_relaxed)) return true;
  }
}

std::shared_ptr<CallBudget> CallBudgets::of(const std::string& provider, std::int64_t calls_per_minute) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(budgets_, [](const auto& entry) { return entry.second.expired(); });
  std::weak_ptr<CallBudget>& slot = budgets_[provider];
  std::shared_ptr<CallBudget> budget = slot.lock();
  if (budget && budget->calls_per_minute() == calls_per_minute) return budget;
  budget = std::make_shared<CallBudget>(calls_per_minute);
  slot = budget;
  return budget;
}

}  // namespace sluice::gateway
