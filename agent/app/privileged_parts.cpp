#include "agent/app/privileged_parts.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "log/log.h"

namespace sluice::agent {

Result<void> own_folder(const std::filesystem::path& folder, const std::string& user, unsigned mode) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorCode::io_failed, "making " + folder.string() + ": " + error.message());
  if (user.empty()) return {};
  const auto ids = user_ids(user);
  if (!ids) return fail(ids.error());
  // Through a descriptor that is not a link, so that the owner of an upper folder cannot turn this onto another one.
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const bool done = directory >= 0 && ::fchown(directory, ids->uid, ids->gid) == 0 && ::fchmod(directory, mode) == 0;
  const int problem = errno;
  if (directory >= 0) ::close(directory);
  if (!done)
    return fail(ErrorCode::io_failed, "giving " + folder.string() + " to " + user + ": " + std::strerror(problem));
  return {};
}

Result<std::unique_ptr<Privileged::Child>> Privileged::Child::start(ChildOptions options, Talk talk) {
  std::array<int, 2> ends{-1, -1};
  const int made = talk == Talk::both_ways ? ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data())
                                           : ::pipe2(ends.data(), O_CLOEXEC);
  if (made != 0) return fail(ErrorCode::io_failed, std::string("making a channel: ") + std::strerror(errno));
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  options.descriptor = ends[1];
  options.as = talk == Talk::both_ways ? 3 : STDOUT_FILENO;
  const auto pid = start_child(options);
  ::close(ends[1]);
  auto child = std::make_unique<Child>();
  child->channel = ends[0];
  if (!pid) return fail(pid.error());
  child->pid = *pid;
  child->started = child->last_beat = steady_now();
  return child;
}

Privileged::Child::~Child() {
  if (channel >= 0) ::close(channel);
  if (pid <= 0) return;
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

bool Privileged::Child::ended() {
  if (pid > 0 && ::waitpid(pid, nullptr, WNOHANG) == pid) pid = -1;
  return pid <= 0;
}

Result<std::optional<std::string>> Privileged::Child::next_frame() {
  for (;;) {
    auto frame = frames.next();
    if (!frame || *frame) return frame;
    std::array<char, 64 * 1024> piece{};
    const auto count = ::recv(channel, piece.data(), piece.size(), MSG_DONTWAIT);
    if (count > 0) {
      frames.feed(std::string_view(piece.data(), static_cast<std::size_t>(count)));
      continue;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::optional<std::string>();
    return fail(ErrorCode::connection_closed, "it closed its channel");
  }
}

Result<void> Privileged::Child::send_frame(std::string_view text) {
  const auto frame = ipc::encode_frame(text);
  if (!frame) return fail(frame.error());
  std::string_view rest = *frame;
  const auto deadline = in(std::chrono::milliseconds(200));
  while (!rest.empty()) {
    const auto count = ::send(channel, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if ((errno != EAGAIN && errno != EINTR) || steady_now() > deadline) {
      return fail(ErrorCode::overloaded, "it does not read its channel");
    }
  }
  return {};
}

Privileged::Installer::Installer(TrustStore& store)
    : store_(store),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Privileged::Installer::~Installer() {
  thread_.request_stop();
  thread_.join();
  ::close(event_);
}

void Privileged::Installer::install(std::string pem) {
  const std::scoped_lock lock(mutex_);
  wanted_ = std::move(pem);
  wake_.notify_one();
}

std::optional<TrustReport> Privileged::Installer::take() {
  std::uint64_t count = 0;
  (void)!::read(event_, &count, sizeof(count));
  const std::scoped_lock lock(mutex_);
  return std::exchange(report_, std::nullopt);
}

void Privileged::Installer::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return wanted_.has_value(); })) {
    const std::string pem = std::move(*wanted_);
    wanted_.reset();
    lock.unlock();
    const auto done = store_.install(pem);
    if (!done) log::failure(log::Level::error, "trust.install_failed", done.error());
    lock.lock();
    report_ = TrustReport{.installed = done.has_value(), .detail = done ? "" : done.error().message()};
    const std::uint64_t one = 1;
    (void)!::write(event_, &one, sizeof(one));
  }
}

}  // namespace sluice::agent
