#include "agent/platform/linux/child.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>

namespace sluice::agent {
namespace {

std::vector<char*> arguments_of(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

// Only CAP_DAC_READ_SEARCH stays, through exec (ambient), in the process that becomes an ordinary user.
bool keep_read_search() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};
  const auto bit = 1U << CAP_DAC_READ_SEARCH;
  data[0].effective = data[0].permitted = data[0].inheritable = bit;
  return ::syscall(SYS_capset, &header, data.data()) == 0 &&
         ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0) == 0;
}

// In the child, between fork and exec: system calls only.
bool become(const ChildOptions& options, const UserIds& ids, pid_t parent) {
  if (!options.run_as.empty()) {
    if (options.rights == Rights::read_all && ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return false;
    if (::setgroups(0, nullptr) != 0 || ::setresgid(ids.gid, ids.gid, ids.gid) != 0 ||
        ::setresuid(ids.uid, ids.uid, ids.uid) != 0)
      return false;
    if (options.rights == Rights::read_all && !keep_read_search()) return false;
  }
  // A change of the user clears the parent's-death signal, so it is asked for afterwards.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) return false;
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

}  // namespace

Result<UserIds> user_ids(const std::string& name) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return UserIds{entry.pw_uid, entry.pw_gid};
  unsigned number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc() && end == name.data() + name.size() && number != 0) return UserIds{number, number};
  return fail(ErrorCode::not_found, "run_as: there is no user " + name);
}

Result<pid_t> start_child(const ChildOptions& options) {
  UserIds ids;
  if (!options.run_as.empty()) {
    const auto known = user_ids(options.run_as);
    if (!known) return fail(known.error());
    ids = *known;
  }
  const auto arguments = arguments_of(options.command);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return fail(ErrorCode::io_failed, std::string("fork: ") + std::strerror(errno));
  if (child > 0) return child;

  ::setpgid(0, 0);  // signals from a terminal go to the parent alone, which ends its children in order
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (options.descriptor >= 0 && ::dup2(options.descriptor, options.as) < 0) ::_exit(126);
  if (options.descriptor == options.as) ::fcntl(options.as, F_SETFD, 0);
  if (!become(options, ids, parent)) ::_exit(126);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

Result<void> run_command(const std::vector<std::string>& command) {
  const auto arguments = arguments_of(command);
  const pid_t child = ::fork();
  if (child < 0) return fail(ErrorCode::io_failed, std::string("fork: ") + std::strerror(errno));
  if (child == 0) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nowhere, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(
      ErrorCode::io_failed,
      command.front() + " failed" + (WIFEXITED(status) ? " with status " + std::to_string(WEXITSTATUS(status)) : ""));
}

}  // namespace sluice::agent
