// Who owns this connection? The seam to the kernel: sock_diag and /proc on Linux, a table in tests.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "agent/process/facts.h"
#include "base/result.h"

namespace sluice::agent {

// An address and port in the kernel's form: 4 or 16 bytes in network order.
struct SocketEnd {
  std::string address;
  std::uint16_t port = 0;
  bool operator==(const SocketEnd&) const = default;
};

class SocketOwners {
 public:
  virtual ~SocketOwners() = default;
  // The process that holds the socket `client` → `server`, as the client sees it: `server` is the address it asked
  // for, before any redirect. not_found when the process has ended meanwhile. Blocks for some milliseconds at most.
  virtual Result<ProcessFacts> owner_of(const SocketEnd& client, const SocketEnd& server) = 0;
};

}  // namespace sluice::agent
