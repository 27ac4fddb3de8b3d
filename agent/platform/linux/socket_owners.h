// SocketOwners by NETLINK_SOCK_DIAG (uid and inode of the socket) and /proc (who holds that inode).
// Needs CAP_SYS_PTRACE to read other users' descriptors. One thread at a time.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include "agent/process/owner.h"

namespace sluice::agent {

class LinuxSocketOwners final : public SocketOwners {
 public:
  LinuxSocketOwners() = default;
  Result<ProcessFacts> owner_of(const SocketEnd& client, const SocketEnd& server) override;

 private:
  struct SocketIdentity {
    std::uint32_t uid = 0;
    std::uint32_t inode = 0;
  };
  static Result<SocketIdentity> ask_kernel(const SocketEnd& client, const SocketEnd& server);
  Result<std::int32_t> holder_of(const SocketIdentity& socket);
  Result<ProcessFacts> facts_of(std::int32_t pid, std::uint32_t uid);

  // Bounded at 256 entries: the processes that owned a captured connection lately, asked first.
  std::map<std::int32_t, ProcessFacts> recent_;
};

// Everything about a running process; `uid` names the user. not_found when it ended.
Result<ProcessFacts> read_process(std::int32_t pid, std::uint32_t uid);

}  // namespace sluice::agent
