// Starting a child with fewer rights and a descriptor to talk over.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace sluice::agent {

enum class Rights : std::uint8_t {
  none,      // the user's own
  read_all,  // the user's, and CAP_DAC_READ_SEARCH: may read every file, change none
};

struct ChildOptions {
  std::vector<std::string> command;  // an absolute program first
  std::string run_as;                // user name or number; empty: as this process
  Rights rights = Rights::none;
  int descriptor = -1;  // becomes `as` in the child; everything else but 0 to 2 is closed on exec
  int as = 3;
};

struct UserIds {
  uid_t uid = 0;
  gid_t gid = 0;
};
// A name of the user database, or a number (then the group has the same number). not_found otherwise.
Result<UserIds> user_ids(const std::string& name);

// Starts it; it is killed when this thread ends. The process id, to be waited for by the caller.
Result<pid_t> start_child(const ChildOptions& options);

// Runs a command to its end, output discarded. io_failed when it does not exit with 0. Blocks.
Result<void> run_command(const std::vector<std::string>& command);

}  // namespace sluice::agent
