// What the traffic process knows right now. One loop owns it; policy and identity are immutable and swapped whole.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/channel/channel.h"
#include "agent/discovery/installed.h"
#include "agent/enrolment/identity.h"
#include "base/clock.h"
#include "guard/guard.h"
#include "policy/decide.h"

namespace sluice::agent {

struct Counters {
  std::int64_t intercepted = 0;   // connections terminated
  std::int64_t spliced = 0;       // connections passed on unread
  std::int64_t failed_open = 0;   // of these: governed, but there was no policy, trust or leaf
  std::int64_t refused = 0;       // requests answered with a refusal
  std::int64_t broken = 0;        // connections or answers that were cut by something of ours
  std::int64_t to_gateway = 0;    // requests
  std::int64_t to_origin = 0;     // requests
  std::int64_t unattributed = 0;  // connections whose process was not found
};

// How it stands with a peer of ours, for status and doctor.
struct Contact {
  std::optional<TimePoint> last_success;
  std::string last_error;  // empty after a success
};

struct DeviceState {
  std::shared_ptr<const DeviceIdentity> identity;  // null: not enrolled
  std::shared_ptr<const policy::Policy> policy;    // null: nothing is decrypted
  // Its guardrails, where the device may have to apply them: null without rules, and where it never goes direct.
  std::shared_ptr<const guard::Guard> guard;
  CaptureReport capture{.state = "off", .detail = "starting", .restarts = 0};
  TrustReport trust;
  std::vector<InstalledApp> apps;
  Counters counters;
  Contact console, gateway;
  std::deque<std::string> last_errors;  // at most 20, with their time

  void note_error(std::string_view what, const Error& error);
  // The policy, if it may be obeyed now: present and not expired.
  [[nodiscard]] std::shared_ptr<const policy::Policy> policy_in_force(TimePoint now) const;
};

}  // namespace sluice::agent
