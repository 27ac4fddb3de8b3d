// The gateway's line to the console: one thread that holds the long poll for snapshots and renews the certificate at
// half of its life. The gateway asks, the console never calls. While the console is away the policy in force stays.
//
// Threads: its own; the callbacks run on it.
#pragma once
#include <atomic>
#include <functional>
#include <thread>

#include "gateway/snapshot/keeper.h"

namespace sluice::gateway {

struct ConsoleLinkOptions {
  std::string version = {};  // of this program; the console shows it
  ConsoleAddress console;
  std::chrono::seconds wait{25};  // how long the console may hold a poll open
  std::function<void(PolicyPtr)> on_policy;
  std::function<void(IdentityPtr)> on_identity;
};

class ConsoleLink {
 public:
  // `keeper` and `identities` are the link's from now on.
  ConsoleLink(ConsoleLinkOptions options, SnapshotKeeper keeper, IdentityStore identities, IdentityPtr identity);
  ~ConsoleLink();  // stops and joins

  // Seconds since the console last answered; negative: never.
  [[nodiscard]] std::int64_t silence_seconds() const noexcept;
  [[nodiscard]] std::uint64_t refused_snapshots() const noexcept { return refused_; }

 private:
  void run(const std::stop_token& stop);
  Result<void> poll(const std::stop_token& stop);
  void renew_if_due();

  ConsoleLinkOptions options_;
  SnapshotKeeper keeper_;
  IdentityStore identities_;
  IdentityPtr identity_;
  fetch::Fetcher fetcher_;
  TimePoint renewal_tried_{};
  std::atomic<std::int64_t> answered_at_{-1};  // steady seconds
  std::atomic<std::uint64_t> refused_{0};
  std::jthread thread_;
};

// Waits that grow from `first` to `longest` by doubling, shortened at random by up to a quarter, so that many gateways
// do not come back at the same moment.
class BackOff {
 public:
  BackOff(std::chrono::milliseconds first, std::chrono::milliseconds longest) : first_(first), longest_(longest) {}
  std::chrono::milliseconds next();
  void reset() noexcept { tries_ = 0; }

 private:
  std::chrono::milliseconds first_, longest_;
  int tries_ = 0;
};

// Sleeps, or returns false at once when a stop is asked for.
bool sleep_unless_stopped(const std::stop_token& stop, std::chrono::milliseconds span);

}  // namespace sluice::gateway
