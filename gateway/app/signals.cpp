#include "gateway/app/signals.h"

#include <csignal>
#include <ctime>

namespace sluice::gateway {
namespace {

sigset_t taken() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  return set;
}

}  // namespace

Signals::Signals() {
  const sigset_t set = taken();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

std::optional<Signals::Kind> Signals::wait(std::chrono::milliseconds patience) const {
  const sigset_t set = taken();
  const timespec span{.tv_sec = patience.count() / 1000, .tv_nsec = (patience.count() % 1000) * 1'000'000};
  const int number = sigtimedwait(&set, nullptr, &span);
  if (number < 0) return std::nullopt;
  return number == SIGHUP ? Kind::reload : Kind::stop;
}

}  // namespace sluice::gateway
