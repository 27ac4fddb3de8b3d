// The capture table as a thing that is there or not. Owned by the privileged process; its fake stands in
// platform/fake.
#pragma once
#include "agent/capture/rules.h"
#include "base/result.h"

namespace sluice::agent {

class CaptureTable {
 public:
  virtual ~CaptureTable() = default;
  // Puts the rules in force; they replace those of before. When it fails nothing is in force. Takes some 10 ms.
  virtual Result<void> install(const CaptureScope& scope) = 0;
  // Takes them away; new connections go directly when it returns. Idempotent.
  virtual void drop() noexcept = 0;
  // False also when something outside took the table away.
  [[nodiscard]] virtual bool in_force() = 0;
};

// What "capture" covers on this machine: the sessions' cgroup where systemd runs and the path is there, else all users.
CaptureScope scope_on_this_machine(std::uint16_t port, std::uint32_t exempt_uid);

}  // namespace sluice::agent
