#include "agent/app/privileged.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "agent/app/privileged_parts.h"
#include "agent/platform/linux/child.h"
#include "base/files.h"
#include "log/log.h"

namespace sluice::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_backoff{100};
constexpr milliseconds longest_backoff{10'000};
constexpr auto healthy_after = std::chrono::seconds(5);    // a run this long starts the backoff anew
constexpr auto start_patience = std::chrono::seconds(20);  // from start to ready
constexpr auto drain_patience = std::chrono::seconds(10);
constexpr auto table_check_period = std::chrono::seconds(1);
constexpr std::size_t discovered_limit = 900 * 1024;

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

}  // namespace

Privileged::Privileged(PrivilegedOptions options, CaptureTable& table, SocketOwners& owners, TrustStore& trust,
                       RootCheck check)
    : options_(std::move(options)), table_(table), owners_(owners), trust_(trust), check_(std::move(check)) {}

Privileged::~Privileged() {
  table_.drop();
  if (signals_ >= 0) ::close(signals_);
}

int Privileged::run() {
  sigset_t watched;
  ::sigemptyset(&watched);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) ::sigaddset(&watched, number);
  ::sigprocmask(SIG_BLOCK, &watched, nullptr);
  installer_ = std::make_unique<Installer>(trust_);  // after the mask, which its thread inherits
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (const auto done = prepare_folders(); !done) {
    log::failure(log::Level::error, "agent.folders_failed", done.error());
    return 1;
  }
  while (!stopping_) {
    watch();
    std::array<pollfd, 4> waits{{{signals_, POLLIN, 0},
                                 {installer_->event(), POLLIN, 0},
                                 {traffic_ ? traffic_->channel : -1, POLLIN, 0},
                                 {discovery_ ? discovery_->channel : -1, POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), milliseconds_to_next_event()) < 0 && errno != EINTR) return 1;
    if (waits[0].revents != 0) on_signal();
    if (waits[1].revents != 0)
      if (const auto report = installer_->take()) send(*report);
    if (waits[2].revents != 0 && traffic_) read_channel();
    if (waits[3].revents != 0 && discovery_) read_discovery();
  }
  drain_and_stop();
  return 0;
}

Result<void> Privileged::prepare_folders() {
  for (const auto& [folder, mode] : {std::pair{options_.state_dir, 0700U}, {options_.socket_dir, 0755U}})
    if (auto done = own_folder(folder, options_.run_as, mode); !done) return done;
  return {};
}

// Everything that depends on time: restarts, patience with the child, and whether our table is still there.
void Privileged::watch() {
  const auto now = steady_now();
  if (!traffic_ && now >= next_start_) {
    if (const auto started = start_traffic(); !started) {
      log::failure(log::Level::error, "traffic.start_failed", started.error());
      next_start_ = now + backoff_;
      backoff_ = std::min(backoff_ * 2, longest_backoff);
    }
  }
  if (!traffic_) return;
  if (!traffic_->port && now >= traffic_->started + start_patience)
    end_traffic("it did not become ready");
  else if (traffic_->port && now >= traffic_->last_beat + options_.patience)
    end_traffic("it made no progress");
  else if (traffic_->governs && options_.capture && now >= next_table_check_) {
    next_table_check_ = now + table_check_period;
    if (!table_.in_force()) capture(*traffic_->port);
  }
}

int Privileged::milliseconds_to_next_event() const {
  auto next = steady_now() + std::chrono::seconds(1);
  if (!traffic_) next = std::min(next, next_start_);
  if (traffic_ && traffic_->port) next = std::min(next, traffic_->last_beat + options_.patience);
  const auto left = std::chrono::ceil<milliseconds>(next - steady_now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
}

Result<void> Privileged::start_traffic() {
  auto child = Child::start({.command = options_.traffic_command, .run_as = options_.run_as}, Child::Talk::both_ways);
  if (!child) return fail(child.error());
  traffic_ = std::move(*child);
  log::event("traffic.started", {{"pid", traffic_->pid}});
  return {};
}

void Privileged::bypass(std::string_view why) {
  bypass_reason_ = why;
  table_.drop();
}

// The table goes first: from here on new connections are direct. Then the process, whose connections break.
void Privileged::end_traffic(std::string_view why) {
  bypass(std::string("the traffic process ended: ") + std::string(why));
  const auto lived = steady_now() - traffic_->started;
  log::warning("traffic.ended", {{"pid", traffic_->pid}, {"why", why}});
  traffic_.reset();
  ++restarts_;
  if (lived >= healthy_after) backoff_ = first_backoff;
  next_start_ = steady_now() + backoff_;
  backoff_ = std::min(backoff_ * 2, longest_backoff);
}

void Privileged::capture(std::uint16_t port) {
  if (!options_.capture) {
    bypass_reason_ = "capture.mode is off";
    return report_capture();
  }
  const auto ids =
      options_.run_as.empty() ? Result<UserIds>(UserIds{::getuid(), ::getgid()}) : user_ids(options_.run_as);
  auto done = ids ? table_.install(scope_on_this_machine(port, ids->uid)) : Result<void>(fail(ids.error()));
  if (!done) {
    bypass_reason_ = done.error().message();
    log::failure(log::Level::error, "capture.failed", done.error());
  } else {
    log::event("capture.installed", {{"port", port}});
  }
  next_table_check_ = steady_now() + table_check_period;
  report_capture();
}

void Privileged::report_capture() {
  CaptureReport report{.state = "off", .detail = bypass_reason_, .restarts = restarts_};
  if (options_.capture) report.state = table_.in_force() ? "capturing" : "bypassed";
  if (report.state == "capturing") report.detail.clear();
  send(report);
}

void Privileged::read_channel() {
  for (;;) {
    auto text = traffic_->next_frame();
    if (!text) return end_traffic(text.error().message());
    if (!*text) return;
    const auto message = decode_to_privileged(**text);
    if (!message) return end_traffic("it sent what is not ours: " + message.error().detail);
    handle(*message);
    if (!traffic_) return;
  }
}

void Privileged::handle(const ToPrivileged& message) {
  std::visit(Overloaded{
                 [&](const Ready& ready) {
                   traffic_->port = ready.port;
                   traffic_->last_beat = steady_now();
                   bypass_reason_ = "there is no policy to enforce yet";
                   report_capture();
                 },
                 [&](const Govern&) {
                   if (!traffic_->port || traffic_->governs) return;
                   traffic_->governs = true;
                   capture(*traffic_->port);
                 },
                 [&](const Heartbeat&) { traffic_->last_beat = steady_now(); },
                 [&](const InstallRoot& root) {
                   if (const auto accepted = check_(root.pem); !accepted)
                     send(TrustReport{.installed = false, .detail = accepted.error().message()});
                   else
                     installer_->install(root.pem);
                 },
                 [&](const WhoAsks& asks) {
                   auto facts = owners_.owner_of(asks.client, asks.server);
                   WhoAnswers answer{.id = asks.id, .facts = std::nullopt};
                   if (facts) answer.facts = std::move(*facts);
                   send(answer);
                 },
                 [&](const WantInventory&) { start_discovery(); },
                 [&](const WantToken&) {
                   auto token = read_file(options_.enrolment_token_file, 1024);
                   if (!token) token = std::string();
                   while (token->ends_with('\n') || token->ends_with(' ')) token->pop_back();
                   send(TokenReport{Secret(std::move(*token))});
                 },
             },
             message);
}

void Privileged::send(const ToTraffic& message) {
  if (!traffic_) return;
  if (const auto sent = traffic_->send_frame(encode(message)); !sent) end_traffic(sent.error().message());
}

void Privileged::start_discovery() {
  if (discovery_ || options_.discovery_command.empty()) return;
  auto child =
      Child::start({.command = options_.discovery_command, .run_as = options_.run_as, .rights = Rights::read_all},
                   Child::Talk::listen);
  discovered_.clear();
  if (child)
    discovery_ = std::move(*child);
  else
    log::failure(log::Level::warning, "discovery.failed", child.error());
}

void Privileged::read_discovery() {
  std::array<char, 16 * 1024> piece{};
  const auto count = ::read(discovery_->channel, piece.data(), piece.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count > 0 && discovered_.size() + static_cast<std::size_t>(count) <= discovered_limit) {
    discovered_.append(piece.data(), static_cast<std::size_t>(count));
    return;
  }
  discovery_.reset();
  if (count == 0 && !discovered_.empty()) send(InventoryReport{std::move(discovered_)});
  discovered_.clear();
}

void Privileged::on_signal() {
  signalfd_siginfo info{};
  while (::read(signals_, &info, sizeof(info)) == sizeof(info)) {
    const auto number = static_cast<int>(info.ssi_signo);
    if (number == SIGTERM || number == SIGINT) stopping_ = true;
    if (number == SIGHUP && traffic_) {
      backoff_ = milliseconds(0);
      end_traffic("its configuration is to be read anew");
      backoff_ = first_backoff;
    }
    // The nft child and others may have ended too; each is noticed where it is used.
    if (number == SIGCHLD && traffic_ && traffic_->ended()) end_traffic("killed or failed");
    if (number == SIGCHLD && traffic_ && traffic_->governs && options_.capture && !table_.in_force())
      capture(*traffic_->port);
  }
}

// New connections go directly at once; what is under way may end.
void Privileged::drain_and_stop() {
  table_.drop();
  if (traffic_) {
    ::kill(traffic_->pid, SIGTERM);
    const auto deadline = in(drain_patience);
    while (!traffic_->ended() && steady_now() < deadline) {
      pollfd wait{signals_, POLLIN, 0};
      ::poll(&wait, 1, 100);
      signalfd_siginfo info{};
      while (::read(signals_, &info, sizeof(info)) == sizeof(info)) continue;
    }
  }
  traffic_.reset();
  discovery_.reset();
  log::event("agent.stopped");
}

}  // namespace sluice::agent
