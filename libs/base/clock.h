// Time is an argument: wall time for what people and certificates see, steady time for deadlines.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice {

using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;  // UTC
using SteadyPoint = std::chrono::steady_clock::time_point;
using Deadline = SteadyPoint;  // a point in time that travels down the calls; every wait has one

TimePoint wall_now() noexcept;
SteadyPoint steady_now() noexcept;
inline Deadline in(std::chrono::steady_clock::duration span) {
  return steady_now() + span;
}
inline constexpr Deadline no_deadline = Deadline::max();  // only for listeners and idle background waits

// RFC 3339 with milliseconds and 'Z', as every JSON document of Sluice writes it.
std::string to_rfc3339(TimePoint time);
Result<TimePoint> from_rfc3339(std::string_view text);

// The seam for tests: programs hold a Clock where time decides something.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
};
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return wall_now(); }
};
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint start) : now_(start) {}
  [[nodiscard]] TimePoint now() const override { return now_; }
  void advance(std::chrono::microseconds span) { now_ += span; }

 private:
  TimePoint now_;
};

}  // namespace sluice
