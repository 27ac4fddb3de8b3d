// The rules that send AI traffic to the agent, as text for nft(8). Pure.
//
// Shape: an `inet` table with the `owner` flag (the kernel removes it when the owning socket closes, and refuses
// changes by others), a nat chain that redirects TCP 443, and a filter chain that rejects UDP 443 of the same scope,
// so that QUIC falls back to TCP at once. Loopback and the agent's own user are never touched.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace sluice::agent {

struct CaptureScope {
  std::uint16_t port = 0;             // where the agent listens, on 127.0.0.1 and ::1
  std::uint32_t exempt_uid = 0;       // the traffic process: its upstream connections go out
  std::optional<std::string> cgroup;  // "user.slice": only its processes; none: all users
  bool operator==(const CaptureScope&) const = default;
};

inline constexpr const char* capture_table = "sluice_capture";
// A nat chain without an owner that changes nothing. The kernel tracks connections and translates their packets only
// while some rule needs it: without this one, connections that are open when the capture table goes would hang instead
// of ending.
inline constexpr const char* keep_table = "sluice_keep";

// One command a line, in an order in which every prefix is harmless: exemptions stand before what they exempt from.
// Debian 12's nft (1.0.6) does not read two closing braces on one line.
std::string capture_commands(const CaptureScope& scope);

}  // namespace sluice::agent
