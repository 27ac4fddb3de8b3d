#include "gateway/app/worker.h"

namespace sluice::gateway {

Worker::Worker(const WorkerOptions& options, audit::Spool& spool, net::Resolver& resolver,
               std::shared_ptr<SharedByRunners> shared)
    : upstreams_(loop_, resolver, options.upstream, metrics_),
      external_(loop_, resolver, options.upstream, std::move(shared), metrics_),
      pipeline_(upstreams_, external_, Recorder(spool, metrics_), in_flight_, metrics_),
      relay_(options.admin_relay
                 ? std::optional<AdminRelay>(std::in_place, upstreams_, in_flight_, *options.admin_relay)
                 : std::nullopt),
      edge_(loop_, pipeline_, relay_ ? &*relay_ : nullptr, metrics_, options.limits, options.connection_limit),
      background_(loop_) {}

Worker::~Worker() {
  if (thread_.joinable()) stop();
}

Result<std::unique_ptr<Worker>> Worker::make(const WorkerOptions& options, audit::Spool& spool, net::Resolver& resolver,
                                             tls::TlsContext identity, std::shared_ptr<SharedByRunners> shared,
                                             std::shared_ptr<const LiveSettings> live, PolicyPtr policy) {
  std::unique_ptr<Worker> worker(new Worker(options, spool, resolver, std::move(shared)));
  worker->pipeline_.set_live(std::move(live));
  worker->pipeline_.set_policy(std::move(policy));
  auto api = net::Listener::open(worker->loop_, options.api, net::Shared::yes);
  if (!api) return fail(api.error().during("listen.api " + net::to_string(options.api)));
  auto devices = net::Listener::open(worker->loop_, options.devices, net::Shared::yes);
  if (!devices) return fail(devices.error().during("listen.devices " + net::to_string(options.devices)));
  worker->api_address_ = (*api)->local();
  worker->devices_address_ = (*devices)->local();
  worker->edge_.listen_api(std::move(*api));
  worker->edge_.listen_devices(std::move(*devices), std::move(identity));
  return worker;
}

void Worker::start() {
  // Coroutines begin on their loop.
  loop_.post([this] { background_.start(in_flight_.look_after_clients()); });
  thread_ = std::thread([this] { loop_.run(); });
}

void Worker::set_policy(PolicyPtr policy) {
  loop_.post([this, policy = std::move(policy)] { pipeline_.set_policy(policy); });
}

void Worker::set_live(std::shared_ptr<const LiveSettings> live) {
  loop_.post([this, live = std::move(live)] { pipeline_.set_live(live); });
}

void Worker::set_identity(tls::TlsContext identity) {
  loop_.post([this, identity = std::move(identity)] { edge_.set_identity(identity); });
}

std::future<Metrics> Worker::metrics() {
  auto promise = std::make_shared<std::promise<Metrics>>();
  std::future<Metrics> future = promise->get_future();
  loop_.post([this, promise] { promise->set_value(metrics_); });
  return future;
}

std::future<void> Worker::drain(Deadline deadline) {
  auto promise = std::make_shared<std::promise<void>>();
  std::future<void> future = promise->get_future();
  loop_.post([this, deadline, promise] { background_.start(run_drain(deadline, promise)); });
  return future;
}

Task<void> Worker::run_drain(Deadline deadline, std::shared_ptr<std::promise<void>> done) {
  co_await edge_.drain(deadline);
  background_.request_stop();
  done->set_value();
}

void Worker::stop() {
  loop_.stop();
  thread_.join();
}

}  // namespace sluice::gateway
