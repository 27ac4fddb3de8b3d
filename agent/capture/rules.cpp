#include "agent/capture/rules.h"

namespace sluice::agent {

std::string capture_commands(const CaptureScope& scope) {
  const std::string table = std::string("inet ") + capture_table;
  const std::string uid = std::to_string(scope.exempt_uid);
  const std::string users = scope.cgroup ? "socket cgroupv2 level 1 \"" + *scope.cgroup + "\" " : std::string();
  const std::string keep = std::string("inet ") + keep_table;
  std::string text;
  text += "add table " + keep + "\n";
  text += "add chain " + keep + " outgoing { type nat hook output priority -99; policy accept; }\n";
  text += "flush chain " + keep + " outgoing\n";
  text += "add rule " + keep + " outgoing ct state new accept\n";
  text += "add table " + table + " { flags owner; }\n";
  text += "add chain " + table + " outgoing { type nat hook output priority -100; policy accept; }\n";
  text += "add rule " + table + " outgoing oif \"lo\" return\n";
  text += "add rule " + table + " outgoing meta skuid " + uid + " return\n";
  text += "add chain " + table + " quic { type filter hook output priority 0; policy accept; }\n";
  text += "add rule " + table + " quic oif \"lo\" return\n";
  text += "add rule " + table + " quic meta skuid " + uid + " return\n";
  text += "add rule " + table + " quic " + users + "udp dport 443 reject\n";
  text +=
      "add rule " + table + " outgoing " + users + "tcp dport 443 redirect to :" + std::to_string(scope.port) + "\n";
  return text;
}

}  // namespace sluice::agent
