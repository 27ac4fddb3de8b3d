#include "console_backend/app/console.h"

#include "async/event_loop.h"
#include "async/task_group.h"
#include "async/worker_pool.h"
#include "console_backend/api/change_hub.h"
#include "console_backend/api/device_server.h"
#include "console_backend/api/services.h"
#include "console_backend/api/web_server.h"
#include "console_backend/app/housekeeping.h"
#include "console_backend/store/databases.h"
#include "http/server.h"
#include "log/log.h"
#include "net/net.h"
#include "tls/engine.h"

namespace sluice::console {

namespace {

constexpr std::size_t worker_threads = 4;
constexpr std::chrono::hours renewal_grace{24 * 30};
constexpr std::chrono::seconds handshake_time{10};
constexpr std::chrono::seconds drain_time{10};

void report_bad_request(const Error& error) {
  static log::RateLimit limit;
  log::event(limit, log::Level::info, "connection.refused", {{"error", error.name()}, {"detail", error.detail}});
}

}  // namespace

struct Console::Parts {
  Parts(ConsoleOptions given, MasterKey master_key, Databases opened, Keys loaded, StaticFiles files)
      : options(std::move(given)),
        master(std::move(master_key)),
        databases(std::move(opened)),
        keys(std::move(loaded)),
        sign_in(*databases.config, clock),
        publisher(*databases.config, keys, master, {options.gateway_url, options.contact}, clock),
        leaves(*databases.audit, keys, clock),
        hub(loop),
        services{*databases.config,
                 *databases.audit,
                 keys,
                 master,
                 sign_in,
                 publisher,
                 presence,
                 leaves,
                 guard_check,
                 clock,
                 facts(),
                 [this](Topics topics) { hub.changed(topics); }},
        workers(worker_threads),
        web(services, hub, workers, std::move(files)),
        devices(services, hub, workers),
        housekeeping(services, options.server_names, options.retention_days),
        web_server(loop, server_options(10'000)),
        device_server(loop, server_options(20'000)),
        background(loop),
        ending(loop) {}

  ConsoleFacts facts() const {
    return {options.version,     options.contact,   options.public_url,    options.devices_url,
            options.gateway_url, keys.server.pin(), options.retention_days};
  }

  static http::ServerOptions server_options(std::size_t connections) {
    http::ServerOptions made;
    made.connection_limit = connections;
    made.on_bad_request = report_bad_request;
    return made;
  }

  Result<void> make_contexts(const std::string& certificate) {
    tls::ServerOptions for_web{.identity = {certificate + keys.identity.certificate_pem, keys.server.to_pem()}};
    Result<tls::TlsContext> web_tls = tls::TlsContext::server(std::move(for_web));
    if (!web_tls) return fail(web_tls.error());
    tls::ServerOptions for_devices{.identity = {certificate + keys.identity.certificate_pem, keys.server.to_pem()},
                                   .client_certificate = tls::ClientCertificate::optional,
                                   .client_ca_pem = keys.identity.certificate_pem,
                                   .expired_client_grace = renewal_grace};
    Result<tls::TlsContext> device_tls = tls::TlsContext::server(std::move(for_devices));
    if (!device_tls) return fail(device_tls.error());
    web_context = std::move(*web_tls);
    device_context = std::move(*device_tls);
    certificate_in_force = certificate;
    return {};
  }

  Result<void> start() {
    Result<std::string> certificate = housekeeping.server_certificate();
    if (!certificate) return fail(certificate.error());
    if (Result<void> made = make_contexts(*certificate); !made) return made;
    Result<std::vector<std::string>> revoked =
        databases.config->read([](store::Session& session) { return revoked_subjects(session); });
    if (!revoked) return fail(revoked.error());
    presence.load_revoked(std::move(*revoked));
    publisher.on_change([this] { hub.policy_changed(); });
    if (auto published = publisher.publish(); !published) return fail(published.error());

    Result<std::unique_ptr<net::Listener>> web_listener = net::Listener::open(loop, options.listen_web);
    if (!web_listener) return fail(web_listener.error().during("listen.web"));
    Result<std::unique_ptr<net::Listener>> device_listener = net::Listener::open(loop, options.listen_devices);
    if (!device_listener) return fail(device_listener.error().during("listen.devices"));
    web_address = (*web_listener)->local();
    device_address = (*device_listener)->local();
    web_server.listen(std::move(*web_listener),
                      [this](net::Accepted accepted) { return prepare_web(std::move(accepted)); });
    device_server.listen(std::move(*device_listener),
                         [this](net::Accepted accepted) { return prepare_device(std::move(accepted)); });
    loop.post([this] { background.start(keep_house()); });  // it waits, so it begins on the running loop
    return {};
  }

  Task<Result<http::Prepared>> prepare_web(net::Accepted accepted) {
    std::string address = net::ip_text(accepted.peer);
    Result<net::TlsStreamPtr> stream =
        co_await net::accept_tls(std::move(accepted.stream), *web_context, in(handshake_time));
    if (!stream) co_return fail(stream.error());
    co_return http::Prepared{std::move(*stream), [this, address = std::move(address)](http::Exchange& exchange) {
                               return web.handle(exchange, address);
                             }};
  }

  Task<Result<http::Prepared>> prepare_device(net::Accepted accepted) {
    auto peer = std::make_shared<Peer>();
    peer->address = net::ip_text(accepted.peer);
    Result<net::TlsStreamPtr> stream =
        co_await net::accept_tls(std::move(accepted.stream), *device_context, in(handshake_time));
    if (!stream) co_return fail(stream.error());
    peer->certificate = (*stream)->peer();
    std::shared_ptr<const Peer> known = std::move(peer);
    co_return http::Prepared{std::move(*stream), [this, known = std::move(known)](http::Exchange& exchange) {
                               return devices.handle(exchange, known);
                             }};
  }

  Task<void> keep_house() {
    for (;;) {
      Result<void> slept = co_await async::sleep_for(Housekeeping::pause);
      if (!slept) co_return;
      std::function<Result<std::string>()> work = [this] { return housekeeping.turn(); };
      Result<std::string> certificate = co_await workers.run(std::move(work));
      if (certificate && *certificate == certificate_in_force) continue;  // new contexts would forget TLS sessions
      Result<void> made = certificate ? make_contexts(*certificate) : Result<void>(fail(certificate.error()));
      if (!made) log::failure(log::Level::error, "housekeeping.failed", made.error());
    }
  }

  Task<void> end() {
    hub.close();
    const Deadline deadline = in(drain_time);
    co_await web_server.drain(deadline);
    co_await device_server.drain(deadline);
    co_await background.stop();
    std::function<void()> flush = [this] { housekeeping.flush_check_ins(); };
    co_await workers.run(std::move(flush));
    loop.stop();
  }

  ConsoleOptions options;
  MasterKey master;
  SystemClock clock;
  Databases databases;
  Keys keys;
  SignIn sign_in;
  Publisher publisher;
  Presence presence;
  LeafSigner leaves;
  GuardCheck guard_check;
  async::EventLoop loop;
  ChangeHub hub;
  Services services;
  async::WorkerPool workers;
  WebServer web;
  DeviceServer devices;
  Housekeeping housekeeping;
  std::optional<tls::TlsContext> web_context, device_context;
  std::string certificate_in_force;
  net::Address web_address, device_address;
  http::Server web_server;
  http::Server device_server;
  async::TaskGroup background;
  async::TaskGroup ending;
  bool is_ending = false;
};

Result<std::unique_ptr<Console>> Console::open(ConsoleOptions options, MasterKey master) {
  Result<Databases> databases = open_databases(options.state_dir);
  if (!databases) return fail(databases.error());
  Result<Keys> keys = databases->config->read([&](store::Session& session) { return load_keys(session, master); });
  if (!keys) return fail(keys.error());
  Result<StaticFiles> files = StaticFiles::load(options.web_dir);
  if (!files) return fail(files.error());
  if (files->empty()) log::warning("web.absent", {{"folder", options.web_dir.string()}});
  auto parts = std::make_unique<Parts>(std::move(options), std::move(master), std::move(*databases), std::move(*keys),
                                       std::move(*files));
  if (Result<void> started = parts->start(); !started) return fail(started.error());
  return std::unique_ptr<Console>(new Console(std::move(parts)));
}

Console::Console(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Console::~Console() = default;

void Console::run() {
  parts_->loop.run();
}

void Console::shut_down() {
  parts_->loop.post([parts = parts_.get()] {
    if (std::exchange(parts->is_ending, true)) return;
    parts->ending.start(parts->end());
  });
}

net::Address Console::web_address() const {
  return parts_->web_address;
}
net::Address Console::devices_address() const {
  return parts_->device_address;
}

}  // namespace sluice::console
