// What the two processes of the agent tell each other, over an inherited socket pair in ipc frames.
//
// Pure. The privileged side takes these few messages and nothing else: a traffic process that was taken over can ask
// who owns a connection, have an acceptable root installed, and be killed.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "agent/process/facts.h"
#include "agent/process/owner.h"
#include "base/result.h"
#include "base/secret.h"

namespace sluice::agent {

// traffic → privileged
struct Ready {
  std::uint16_t port = 0;  // listening on 127.0.0.1 and ::1
};
struct Govern {};  // there is a policy to obey and a trusted root: capture may begin
struct Heartbeat {
  std::uint64_t turns = 0;  // of the traffic loop; sent by the loop itself, so it stands still when the loop does
};
struct InstallRoot {
  std::string pem;
};
struct WhoAsks {
  std::uint64_t id = 0;
  SocketEnd client;
  SocketEnd server;
};
struct WantInventory {};
struct WantToken {};  // the enrolment token, which only root may read

// privileged → traffic
struct WhoAnswers {
  std::uint64_t id = 0;
  std::optional<ProcessFacts> facts;
};
struct CaptureReport {
  std::string state;   // capturing | bypassed | off
  std::string detail;  // why, when it is not capturing
  std::uint64_t restarts = 0;
};
struct TrustReport {
  bool installed = false;
  std::string detail;
};
struct TokenReport {
  Secret token;  // empty: there is none
};
struct InventoryReport {
  std::string json;  // as discovery/installed.h writes it
};

using ToPrivileged = std::variant<Ready, Govern, Heartbeat, InstallRoot, WhoAsks, WantInventory, WantToken>;
using ToTraffic = std::variant<WhoAnswers, CaptureReport, TrustReport, InventoryReport, TokenReport>;

std::string encode(const ToPrivileged& message);
std::string encode(const ToTraffic& message);
// malformed, naming the field. Unknown messages and fields are refused.
Result<ToPrivileged> decode_to_privileged(std::string_view text);
Result<ToTraffic> decode_to_traffic(std::string_view text);

}  // namespace sluice::agent
