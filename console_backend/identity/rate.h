// How often something may happen per key (an e-mail, an address, a device) in a sliding window of two halves.
// Bound: `most_keys`; when it is reached the oldest half is dropped, so that guessing names cannot fill memory.
// Threads: any.
#pragma once
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"

namespace sluice::console {

class Rate {
 public:
  Rate(std::size_t allowed, std::chrono::seconds window, std::size_t most_keys = 50'000)
      : allowed_(allowed), window_(window), most_keys_(most_keys) {}

  // rate_limited when the key has used up its share; does not count.
  [[nodiscard]] Result<void> check(std::string_view key, TimePoint now);
  // How long until check() lets the key pass again; zero when it does now.
  [[nodiscard]] std::chrono::seconds wait(std::string_view key, TimePoint now);
  void count(std::string_view key, TimePoint now);
  void forget(std::string_view key);

 private:
  void turn(TimePoint now);
  std::size_t used(const std::string& key) const;
  const std::size_t allowed_;
  const std::chrono::seconds window_;
  const std::size_t most_keys_;
  std::mutex guard_;
  TimePoint half_began_{};
  std::unordered_map<std::string, std::size_t> now_half_, last_half_;
};

}  // namespace sluice::console
