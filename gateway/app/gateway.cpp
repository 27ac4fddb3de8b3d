#include "gateway/app/gateway.h"

#include "base/files.h"

namespace sluice::gateway {
namespace {

constexpr std::chrono::milliseconds enrolment_first{500}, enrolment_longest{15'000};
// Space is freed by whole segments, so several must fit the limit. A new one is synced while appends wait (tens of
// milliseconds on a slow disk), so they are not small: 2,000 requests a second fill this in 8 s.
constexpr std::uint64_t largest_segment = 32ULL << 20;
constexpr std::chrono::seconds flush_time{5};  // for the last records, before the program ends

Result<tls::TlsContext> provider_trust(const std::filesystem::path& ca_file) {
  tls::ClientOptions options;
  if (!ca_file.empty()) {
    Result<std::string> pem = read_file(ca_file);
    if (!pem) return fail(pem.error().during("upstream.ca_file"));
    options.trust = tls::BundleTrust{std::move(*pem)};
  }
  return tls::TlsContext::client(std::move(options));
}

}  // namespace

Gateway::Gateway(Configuration configuration, config::Settings settings, std::filesystem::path settings_file)
    : configuration_(std::move(configuration)),
      settings_(std::move(settings)),
      settings_file_(std::move(settings_file)),
      identities_(configuration_.state_folder) {}

Gateway::~Gateway() = default;

int Gateway::run(const Signals& signals) {
  std::error_code ignored;
  std::filesystem::create_directories(configuration_.state_folder, ignored);
  std::filesystem::permissions(configuration_.state_folder, std::filesystem::perms::owner_all, ignored);
  auto health = Health::start(configuration_.metrics, {.print_metrics = [this] { return print_metrics(); },
                                                       .not_ready = [this] { return not_ready(); }});
  if (!health) {
    log::failure(log::Level::error, "gateway.not_started", health.error());
    return 1;
  }
  health_ = std::move(*health);
  stage_ = Stage::enrolling;
  Result<IdentityPtr> identity = obtain_identity(signals);
  if (!identity && identity.error().code == ErrorCode::cancelled) return 0;
  Result<void> begun = identity ? begin_service(*identity) : fail(identity.error());
  if (!begun) {
    log::failure(log::Level::error, "gateway.not_started", begun.error());
    return 1;
  }
  stage_ = Stage::serving;
  for (;;) {
    const std::optional<Signals::Kind> signal = signals.wait(std::chrono::hours(1));
    if (signal == Signals::Kind::reload) reload();
    if (signal == Signals::Kind::stop) break;
  }
  drain();
  return 0;
}

// From disk, or by enrolling until the console says yes. cancelled when the program is asked to end.
Result<IdentityPtr> Gateway::obtain_identity(const Signals& signals) {
  Result<IdentityPtr> identity = identities_.load();
  if (identity || identity.error().code != ErrorCode::not_found) return identity;
  BackOff back_off(enrolment_first, enrolment_longest);
  for (;;) {
    Result<std::string> token = read_file(configuration_.enrolment_token_file, 4096);
    if (token) {
      while (!token->empty() && (token->back() == '\n' || token->back() == '\r' || token->back() == ' '))
        token->pop_back();
      identity = identities_.enrol(configuration_.console, Secret(std::move(*token)), configuration_.name);
    } else {
      identity = fail(token.error().during("enrolment_token_file"));
    }
    if (identity) {
      log::event("gateway.enrolled", {{"gateway", (*identity)->gateway_id}, {"org", (*identity)->org}});
      return identity;
    }
    log::failure(log::Level::warning, "gateway.not_enrolled", identity.error());
    if (signals.wait(back_off.next()) == Signals::Kind::stop) return fail(ErrorCode::cancelled);
  }
}

Result<void> Gateway::begin_service(IdentityPtr identity) {
  auto spool = audit::Spool::open({.folder = configuration_.state_folder / "spool",
                                   .origin = identity->gateway_id,
                                   .fsync = configuration_.fsync,
                                   .size_limit = configuration_.spool_limit,
                                   .segment_size = std::min(largest_segment, configuration_.spool_limit / 8)});
  if (!spool) return fail(spool.error().during("the audit spool"));
  {
    const std::lock_guard lock(workers_mutex_);
    spool_ = std::move(*spool);
  }
  Result<std::uint64_t> closed = spool_->close_interrupted(wall_now());
  if (!closed)
    log::failure(log::Level::error, "audit.interrupted_not_closed", closed.error());
  else if (*closed > 0)
    log::event(log::Level::warning, "audit.interrupted_closed", {{"requests", *closed}});

  SnapshotKeeper keeper(configuration_.state_folder / "snapshot.sealed", identity);
  Result<PolicyPtr> policy = keeper.restore(wall_now());
  if (policy)
    policy_ = *policy;
  else if (policy.error().code != ErrorCode::not_found)
    log::failure(log::Level::warning, "snapshot.not_restored", policy.error());

  Result<tls::TlsContext> server = device_listener_context(*identity);
  if (!server) return fail(server.error().during("the device listener"));
  Result<tls::TlsContext> providers = provider_trust(configuration_.upstream_ca_file);
  if (!providers) return fail(providers.error());
  WorkerOptions options{.api = configuration_.api,
                        .devices = configuration_.devices,
                        .limits = configuration_.limits,
                        .connection_limit = configuration_.connection_limit,
                        .upstream = {.provider_trust = *providers,
                                     .console_trust = {},
                                     .allowed_private_networks = configuration_.allowed_private_networks,
                                     .pool = {}},
                        .admin_relay = configuration_.admin_relay};
  if (configuration_.admin_relay) {
    Result<tls::TlsContext> console = tls::TlsContext::client({.trust = tls::PinTrust{configuration_.console.pin}});
    if (!console) return fail(console.error().during("console_pin"));
    options.upstream.console_trust = *console;
  }
  const auto live = std::make_shared<const LiveSettings>(configuration_.live);
  {
    const std::lock_guard lock(workers_mutex_);
    const auto shared = std::make_shared<SharedByRunners>();
    for (std::size_t i = 0; i < configuration_.threads; ++i) {
      auto worker = Worker::make(options, *spool_, resolver_, *server, shared, live, policy_.load());
      if (!worker) return fail(worker.error());
      options.api = (*worker)->api_address();  // a port that the system chose is shared by all
      options.devices = (*worker)->devices_address();
      workers_.push_back(std::move(*worker));
    }
    for (const auto& worker : workers_) worker->start();
  }
  log::event("gateway.listening", {{"api", net::to_string(options.api)},
                                   {"devices", net::to_string(options.devices)},
                                   {"metrics", net::to_string(health_->address())},
                                   {"threads", configuration_.threads}});
  shipper_ = std::make_unique<Shipper>(*spool_, configuration_.console, identity);
  ConsoleLinkOptions link{
      .version = configuration_.version, .console = configuration_.console, .on_policy = {}, .on_identity = {}};
  link.on_policy = [this](PolicyPtr newest) {
    policy_ = newest;
    for (const auto& worker : workers_) worker->set_policy(newest);
  };
  link.on_identity = [this](IdentityPtr renewed) {
    shipper_->set_identity(renewed);
    Result<tls::TlsContext> context = device_listener_context(*renewed);
    if (!context) {
      log::failure(log::Level::error, "certificate.not_used", context.error());
      return;
    }
    for (const auto& worker : workers_) worker->set_identity(*context);
  };
  auto line = std::make_unique<ConsoleLink>(std::move(link), std::move(keeper), identities_, identity);
  const std::lock_guard lock(workers_mutex_);
  link_ = std::move(line);
  return {};
}

void Gateway::reload() {
  Result<config::Settings> settings = config::load_settings(settings_table, settings_file_);
  Result<Configuration> newer = settings ? configuration_of(*settings) : fail(settings.error());
  if (!newer) {
    log::failure(log::Level::error, "settings.not_reloaded", newer.error());
    return;
  }
  configuration_.live = newer->live;
  configuration_.drain_time = newer->drain_time;
  log::set_level(newer->level);
  const auto live = std::make_shared<const LiveSettings>(newer->live);
  for (const auto& worker : workers_) worker->set_live(live);
  for (const std::string& key : settings_.restart_needed(*settings))
    log::event(log::Level::warning, "settings.need_restart", {{"setting", key}});
  log::event("settings.reloaded");
}

void Gateway::drain() {
  stage_ = Stage::draining;
  log::event("gateway.draining", {{"milliseconds", configuration_.drain_time.count()}});
  const Deadline deadline = in(configuration_.drain_time);
  std::vector<std::future<void>> drained;
  drained.reserve(workers_.size());
  for (const auto& worker : workers_) drained.push_back(worker->drain(deadline));
  for (std::future<void>& done : drained) done.wait();
  std::unique_ptr<ConsoleLink> link;
  {
    const std::lock_guard lock(workers_mutex_);  // a scrape may be looking at it
    link = std::move(link_);
  }
  link.reset();
  shipper_->finish(flush_time);
  const std::lock_guard lock(workers_mutex_);
  for (const auto& worker : workers_) worker->stop();
  workers_.clear();
  log::event("gateway.stopped");
}

std::string Gateway::not_ready() const {
  switch (stage_.load()) {
    case Stage::starting:
    case Stage::enrolling:
      return "not enrolled yet";
    case Stage::draining:
      return "draining";
    case Stage::serving:
      break;
  }
  const PolicyPtr policy = policy_.load();
  if (!policy) return "no policy yet";
  if (policy->fleet().not_after < wall_now()) return "the policy is out of date";
  return {};
}

std::string Gateway::print_metrics() {
  std::string out;
  const std::lock_guard lock(workers_mutex_);
  Metrics total;
  for (const auto& worker : workers_) {
    std::future<Metrics> part = worker->metrics();
    if (part.wait_for(std::chrono::seconds(2)) == std::future_status::ready) total.merge(part.get());
  }
  total.print(out);
  if (spool_) {
    const audit::SpoolState state = spool_->state();
    print_value(out, "sluice_audit_spool_bytes", "gauge", "Audit records on this gateway's disk.",
                static_cast<double>(state.bytes));
    print_value(out, "sluice_audit_unshipped_records", "gauge", "Records that the console has not confirmed.",
                static_cast<double>(state.last_sequence - state.acknowledged));
  }
  if (link_) {
    print_value(out, "sluice_console_silence_seconds", "gauge", "Since the console last answered; -1: never.",
                static_cast<double>(link_->silence_seconds()));
    print_value(out, "sluice_snapshots_refused_total", "counter", "Snapshots that were not taken over.",
                static_cast<double>(link_->refused_snapshots()));
  }
  if (const PolicyPtr policy = policy_.load())
    print_value(out, "sluice_snapshot_version", "gauge", "Version of the policy in force.",
                static_cast<double>(policy->version().version));
  return out;
}

}  // namespace sluice::gateway
