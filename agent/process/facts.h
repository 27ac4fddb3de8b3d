// What the kernel says about a process that owns a connection. Taken by the privileged process (only it may read
// other users' /proc/PID/fd), used by the traffic process. Nothing here comes from the network.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace sluice::agent {

struct ProcessFacts {
  std::int32_t pid = 0;
  std::uint64_t start_ticks = 0;     // with pid: the same process for sure (proc(5), stat field 22)
  std::uint32_t uid = 0;             // owner of the socket
  std::string user;                  // its name, or the number when there is none
  std::string exe;                   // /proc/PID/exe, symlinks resolved by the kernel
  std::vector<std::string> argv;     // /proc/PID/cmdline, at most 32 arguments of 1024 bytes
  std::string script;                // for interpreters: the script, absolute, symlinks resolved; else empty
  std::vector<std::string> parents;  // executables of the ancestors, nearest first, at most 6

  bool operator==(const ProcessFacts&) const = default;
};

}  // namespace sluice::agent
