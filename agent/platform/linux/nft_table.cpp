#include "agent/platform/linux/nft_table.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>

#include "agent/platform/linux/child.h"
#include "base/clock.h"

namespace sluice::agent {
namespace {

constexpr const char* nft_program = "/usr/sbin/nft";
constexpr auto nft_patience = std::chrono::seconds(2);
constexpr std::size_t output_limit = 64 * 1024;

void close_if_open(int& descriptor) noexcept {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

}  // namespace

CaptureScope scope_on_this_machine(std::uint16_t port, std::uint32_t exempt_uid) {
  CaptureScope scope{.port = port, .exempt_uid = exempt_uid, .cgroup = std::nullopt};
  struct stat status{};
  const bool systemd = ::stat("/run/systemd/system", &status) == 0;
  if (systemd && ::stat("/sys/fs/cgroup/user.slice", &status) == 0) scope.cgroup = "user.slice";
  return scope;
}

NftTable::~NftTable() {
  drop();
  if (used_) (void)run_command({nft_program, "delete", "table", "inet", keep_table});
}

Result<void> NftTable::start_child() {
  std::array<int, 2> input{-1, -1};
  std::array<int, 2> output{-1, -1};
  if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
    return fail(ErrorCode::io_failed, std::string("making pipes for nft: ") + std::strerror(errno));
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::setpgid(0, 0);  // a Ctrl-C on the terminal of the agent is not one for nft: the agent takes the table down itself
    ::dup2(input[0], STDIN_FILENO);
    ::dup2(output[1], STDOUT_FILENO);
    ::dup2(output[1], STDERR_FILENO);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execl(nft_program, "nft", "-i", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  output_ = output[0];
  child_ = child;
  if (child < 0) return fail(ErrorCode::io_failed, std::string("starting nft: ") + std::strerror(errno));
  return {};
}

// After the commands comes a listing of the table's name: nft answers in order, so its line says that all before it
// were carried out. Anything that nft says earlier is an error message.
Result<void> NftTable::run_commands(const std::string& commands) {
  const std::string question = "list tables inet\n";
  const std::string expected = std::string("table inet ") + capture_table;
  const std::string text = commands + question;
  if (::write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return fail(ErrorCode::io_failed, "nft does not take commands");
  std::string said;
  const auto deadline = in(nft_patience);
  while (said.size() < output_limit) {
    if (said.contains(expected + "\n")) {
      if (said.contains("Error")) return fail(ErrorCode::io_failed, "nft: " + said.substr(0, 300));
      return {};
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_now()).count();
    pollfd wait{output_, POLLIN, 0};
    if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) <= 0) break;
    std::array<char, 4096> piece{};
    const auto count = ::read(output_, piece.data(), piece.size());
    if (count <= 0) break;
    said.append(piece.data(), static_cast<std::size_t>(count));
  }
  return fail(ErrorCode::io_failed, said.empty() ? "nft is missing or gave no answer (is " + std::string(nft_program) +
                                                       " installed, and may this process administer the network?)"
                                                 : "nft: " + said.substr(0, 300));
}

Result<void> NftTable::install(const CaptureScope& scope) {
  drop();
  used_ = true;
  auto done = start_child();
  if (done) done = run_commands(capture_commands(scope));
  if (!done) drop();
  return done;
}

void NftTable::drop() noexcept {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    // The kernel removes the table when it closes the child's socket, before the child can be waited for.
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }
  close_if_open(input_);
  close_if_open(output_);
}

bool NftTable::in_force() {
  if (child_ <= 0) return false;
  if (::waitpid(child_, nullptr, WNOHANG) != child_) return true;
  child_ = -1;
  drop();
  return false;
}

}  // namespace sluice::agent
