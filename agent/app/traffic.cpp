#include "agent/app/traffic.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "agent/app/reports.h"
#include "agent/app/status.h"
#include "agent/channel/privileged_link.h"
#include "agent/enrolment/check_in.h"
#include "agent/intercept/interceptor.h"
#include "agent/platform/linux/socket_owners.h"
#include "base/files.h"
#include "log/log.h"

namespace sluice::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds heartbeat_period{250};
constexpr std::size_t worker_threads = 4;
constexpr std::size_t connection_limit = 20'000;
constexpr auto drain_patience = std::chrono::seconds(5);

// Attribution without a privileged process: sees the processes of its own user.
class OwnProcesses final : public Attribution {
 public:
  Task<Result<ProcessFacts>> owner_of(SocketEnd client, SocketEnd server) override {
    co_return owners_.owner_of(client, server);
  }

 private:
  LinuxSocketOwners owners_;
};

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

class Traffic {
 public:
  explicit Traffic(TrafficOptions options);
  int run();

 private:
  void take(ToTraffic message);
  void take_identity(std::shared_ptr<const DeviceIdentity> identity);
  void take_policy(std::shared_ptr<const policy::Policy> policy, std::shared_ptr<const guard::Guard> guard);
  void want_token();
  void govern_if_possible();
  Result<void> begin();
  Result<void> listen();
  Task<void> accept_all(std::unique_ptr<net::Listener> listener);
  Task<void> serve(net::Accepted accepted);
  Task<void> beat();
  Task<void> want_inventory();
  Task<void> stop_all();
  void begin_stop();
  [[nodiscard]] std::string gateway_url() const;
  Attribution& attribution() { return link_ ? static_cast<Attribution&>(*link_) : own_processes_; }

  TrafficOptions options_;
  SystemClock clock_;
  DeviceState state_;
  async::EventLoop loop_;
  async::WorkerPool workers_{worker_threads};
  async::TaskGroup group_{loop_};     // everything but connections
  async::TaskGroup captured_{loop_};  // connections
  async::TaskGroup ending_{loop_};
  OwnProcesses own_processes_;
  std::unique_ptr<PrivilegedLink> link_;
  Forwarder forwarder_;
  DirectGuard direct_;
  LeafStore leaves_;
  Reports reports_;
  Interceptor interceptor_;
  StatusServer status_;
  CheckIn check_in_;
  TimePoint started_ = wall_now();
  std::uint16_t port_ = 0;
  std::uint64_t turns_ = 0;
  bool stopping_ = false;
  bool governs_ = false;
};

Traffic::Traffic(TrafficOptions options)
    : options_(std::move(options)),
      link_(options_.channel < 0 ? nullptr
                                 : std::make_unique<PrivilegedLink>(
                                       loop_, options_.channel, [this](ToTraffic message) { take(std::move(message)); },
                                       [this] { begin_stop(); })),
      forwarder_(loop_, workers_, state_, [this] { return gateway_url(); }),
      direct_(forwarder_, [this](audit::Record record) { return reports_.record(std::move(record)); }),
      leaves_(group_, workers_, clock_, options_.state_dir / "leaves",
              [this](const std::string& host, const std::string& csr) { return reports_.sign_leaf(host, csr); }),
      reports_(state_, workers_, options_.console, options_.state_dir / "spool", options_.spool_limit),
      interceptor_({.state = state_,
                    .attribution = attribution(),
                    .leaves = leaves_,
                    .forwarder = forwarder_,
                    .clock = clock_,
                    .direct = direct_,
                    .record = [this](audit::Refusal refusal) { (void)reports_.record(std::move(refusal)); }}),
      status_(
          group_, state_,
          [this] {
            return StatusFacts{.version = SLUICE_VERSION,
                               .console_url = options_.console.url,
                               .gateway_url = gateway_url(),
                               .started = started_};
          },
          clock_),
      check_in_(loop_, options_.console, options_.state_dir,
                {.identity = [this](auto identity) { take_identity(std::move(identity)); },
                 .policy = [this](auto policy, auto guard) { take_policy(std::move(policy), std::move(guard)); },
                 .success = [this] { state_.console = {.last_success = wall_now(), .last_error = ""}; },
                 .problem =
                     [this](const Error& error) {
                       state_.console.last_error = error.message();
                       state_.note_error("talking to the console", error);
                     },
                 .token_wanted = [this] { want_token(); }}) {}

std::string Traffic::gateway_url() const {
  if (!options_.gateway_url.empty() || !state_.policy) return options_.gateway_url;
  return state_.policy->fleet().gateway_url;
}

void Traffic::take(ToTraffic message) {
  std::visit(Overloaded{
                 [](WhoAnswers&) {},
                 [&](CaptureReport& report) {
                   state_.capture = std::move(report);
                   reports_.inventory_changed();
                 },
                 [&](TrustReport& report) {
                   state_.trust = std::move(report);
                   if (!state_.trust.installed)
                     state_.note_error("installing the interception root",
                                       Error{ErrorCode::untrusted, state_.trust.detail});
                   govern_if_possible();
                 },
                 [&](InventoryReport& report) {
                   auto apps = installed_from_json(report.json);
                   if (!apps) return state_.note_error("looking for installed apps", apps.error());
                   if (*apps != state_.apps) reports_.inventory_changed();
                   state_.apps = std::move(*apps);
                 },
                 [&](TokenReport& report) { check_in_.set_token(std::move(report.token)); },
             },
             message);
}

void Traffic::take_identity(std::shared_ptr<const DeviceIdentity> identity) {
  const bool renewed = state_.identity && state_.identity->device_id == identity->device_id;
  const bool same_root = renewed && state_.identity->root_ca == identity->root_ca;
  if (state_.identity && !same_root) leaves_.forget_all();
  state_.identity = std::move(identity);
  forwarder_.forget_connections();
  reports_.identity_changed();
  if (!link_)
    state_.trust = {.installed = true, .detail = "not checked: there is no privileged process"};
  else if (!same_root)
    link_->send(InstallRoot{state_.identity->root_ca});
}

void Traffic::take_policy(std::shared_ptr<const policy::Policy> policy, std::shared_ptr<const guard::Guard> guard) {
  const std::string gateway_before = gateway_url();
  state_.policy = std::move(policy);
  state_.guard = std::move(guard);
  if (gateway_url() != gateway_before) forwarder_.forget_connections();
  if (!state_.policy) return;
  log::event("policy.in_force", {{"epoch", state_.policy->fleet().epoch}, {"version", state_.policy->fleet().version}});
  govern_if_possible();
}

// Before there is something to govern nothing is captured: a device that waits for its enrolment stays as it was.
void Traffic::govern_if_possible() {
  if (governs_ || !link_ || !state_.trust.installed || !state_.policy_in_force(clock_.now())) return;
  governs_ = true;
  link_->send(Govern{});
}

void Traffic::want_token() {
  if (link_) return link_->send(WantToken{});
  auto token = read_file(options_.enrolment_token_file, 1024);
  while (token && (token->ends_with('\n') || token->ends_with(' '))) token->pop_back();
  check_in_.set_token(Secret(token ? std::move(*token) : std::string()));
}

// Both families on one port: the redirect names a port only.
Result<void> Traffic::listen() {
  auto address = net::parse_address("127.0.0.1:0");
  if (!address) return fail(address.error());
  address->port = options_.capture_port;
  auto listener = net::Listener::open(loop_, *address);
  if (!listener) return fail(listener.error().during("listening for captured connections"));
  port_ = (*listener)->local().port;
  group_.start(accept_all(std::move(*listener)));
  auto address6 = net::parse_address("[::1]:0");
  if (address6) {
    address6->port = port_;
    auto listener6 = net::Listener::open(loop_, *address6);
    if (listener6)
      group_.start(accept_all(std::move(*listener6)));
    else
      log::failure(log::Level::warning, "capture.no_ipv6", listener6.error());
  }
  return {};
}

Task<void> Traffic::accept_all(std::unique_ptr<net::Listener> listener) {
  for (;;) {
    Result<net::Accepted> accepted = co_await listener->accept();
    if (!accepted) co_return;
    if (captured_.size() < connection_limit && !captured_.stopping()) captured_.start(serve(std::move(*accepted)));
  }
}

Task<void> Traffic::serve(net::Accepted accepted) {
  Result<net::Address> destination = net::original_destination(*accepted.stream);
  if (!destination && options_.fake_destination) destination = *options_.fake_destination;
  // Without a redirect there is no destination; one that is ourselves would go in circles.
  if (!destination || *destination == accepted.local) co_return;
  co_await interceptor_.serve(std::move(accepted.stream), accepted.peer, *destination);
}

Task<void> Traffic::beat() {
  for (;;) {
    link_->send(Heartbeat{++turns_});
    Result<void> slept = co_await async::sleep_for(heartbeat_period);
    if (!slept) co_return;
  }
}

Task<void> Traffic::want_inventory() {
  for (;;) {
    link_->send(WantInventory{});
    Result<void> slept = co_await async::sleep_for(std::chrono::minutes(5));
    if (!slept) co_return;
  }
}

void Traffic::begin_stop() {
  if (std::exchange(stopping_, true)) return;
  ending_.start(stop_all());
}

Task<void> cut_at(async::TaskGroup* group, Deadline deadline) {
  Result<void> slept = co_await async::sleep_until(deadline);
  if (slept) group->request_stop();
}

// The privileged side has dropped the table: what comes no more need not be waited for, what is under way may end.
Task<void> Traffic::stop_all() {
  co_await group_.stop();
  interceptor_.drain();
  async::TaskGroup timer(loop_);
  timer.start(cut_at(&captured_, in(drain_patience)));
  co_await captured_.join();
  co_await timer.stop();
  loop_.stop();
}

// On the running loop: coroutines find it there.
Result<void> Traffic::begin() {
  if (auto done = listen(); !done) return done;
  if (!options_.status_socket.empty())
    if (const auto done = status_.listen(options_.status_socket); !done)
      log::failure(log::Level::warning, "status.listen_failed", done.error());
  group_.start(reports_.run());
  if (link_) {
    link_->send(Ready{port_});
    group_.start(beat());
    group_.start(want_inventory());
  } else {
    state_.capture = {.state = "off", .detail = "there is no privileged process", .restarts = 0};
  }
  check_in_.start();
  log::event("traffic.ready", {{"port", port_}});
  return {};
}

int Traffic::run() {
  sigset_t watched;
  ::sigemptyset(&watched);
  for (const int number : {SIGTERM, SIGINT}) ::sigaddset(&watched, number);
  std::jthread signals([this, watched](const std::stop_token& stop) {
    const timespec period{.tv_sec = 0, .tv_nsec = 200'000'000};
    while (!stop.stop_requested())
      if (::sigtimedwait(&watched, nullptr, &period) > 0) loop_.post([this] { begin_stop(); });
  });
  Result<void> begun;
  loop_.post([&] {
    begun = begin();
    if (!begun) loop_.stop();
  });
  loop_.run();
  if (begun) return 0;
  log::failure(log::Level::error, "traffic.start_failed", begun.error());
  return 1;
}

}  // namespace

int run_traffic(TrafficOptions options) {
  sigset_t watched;
  ::sigemptyset(&watched);
  for (const int number : {SIGTERM, SIGINT}) ::sigaddset(&watched, number);
  ::pthread_sigmask(SIG_BLOCK, &watched, nullptr);  // before any thread: all inherit it
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  if (options.channel >= 0) ::fcntl(options.channel, F_SETFD, FD_CLOEXEC);
  Traffic traffic(std::move(options));
  return traffic.run();
}

}  // namespace sluice::agent
