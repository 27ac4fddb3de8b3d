// How many calls a provider gets a minute: a bucket that holds one minute's calls and fills evenly. All workers of a
// gateway draw from one bucket, so that the figure means what it says however the kernel spreads connections; drawing
// is one atomic exchange. Several gateways have a bucket each.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace sluice::gateway {

class CallBudget {
 public:
  explicit CallBudget(std::int64_t calls_per_minute) noexcept : calls_per_minute_(calls_per_minute) {}
  // False: the bucket is empty. Threads: any.
  bool take(SteadyPoint now) noexcept;
  [[nodiscard]] std::int64_t calls_per_minute() const noexcept { return calls_per_minute_; }

 private:
  std::int64_t calls_per_minute_;
  // Generic cell rate algorithm: when the bucket would be full again, in nanoseconds of the steady clock.
  std::atomic<std::int64_t> full_at_ = 0;
};

// The budgets of a gateway by provider. Threads: any.
class CallBudgets {
 public:
  // The one of this id and rate that somebody holds, or a new one.
  std::shared_ptr<CallBudget> of(const std::string& provider, std::int64_t calls_per_minute);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<CallBudget>> budgets_;
};

}  // namespace sluice::gateway
