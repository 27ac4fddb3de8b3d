// A circuit breaker: after so many failures in a row nothing is tried for a while, then one call tries alone. A
// provider that is down costs its time-out a few times, not for every request. Time is an argument. Threads: one
// loop's.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace sluice::gateway {

class Breaker {
 public:
  struct Options {
    std::int64_t failures = 5;  // consecutive, at least 1
    std::chrono::seconds open_for{30};
  };
  enum class Outcome : std::uint8_t { success, failure, neither };  // neither: ended for a reason of our own

  // Held by one call from before it begins to its end; given back as `neither` when it just goes.
  class Ticket {
   public:
    Ticket(Ticket&& other) noexcept;
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket();
    void done(Outcome outcome, SteadyPoint now) noexcept;

   private:
    friend class Breaker;
    Ticket(Breaker& breaker, std::uint64_t era, bool probe) : breaker_(&breaker), era_(era), probe_(probe) {}
    Breaker* breaker_;
    std::uint64_t era_;
    bool probe_;
  };

  explicit Breaker(Options options) noexcept : options_(options) {}
  // nullopt while it is open, and while another call tries.
  std::optional<Ticket> admit(SteadyPoint now) noexcept;
  [[nodiscard]] bool open() const noexcept { return open_until_.has_value(); }

 private:
  Options options_;
  std::int64_t failures_ = 0;
  std::optional<SteadyPoint> open_until_;
  bool probing_ = false;
  std::uint64_t era_ = 0;  // counts openings: calls from before one say nothing about after it
};

}  // namespace sluice::gateway
