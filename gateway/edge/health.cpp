#include "gateway/edge/health.h"

namespace sluice::gateway {
namespace {

Task<void> drain_and_stop(http::Server& server, async::EventLoop& loop) {
  co_await server.drain(in(std::chrono::seconds(1)));
  loop.stop();
}

}  // namespace

Health::Health(Sources sources)
    : sources_(std::move(sources)),
      server_(loop_, {.handler = [this](http::Exchange& exchange) { return serve(exchange); },
                      .limits = {},
                      .connection_limit = 100,
                      .on_bad_request = {}}),
      background_(loop_) {}

Result<std::unique_ptr<Health>> Health::start(const net::Address& address, Sources sources) {
  std::unique_ptr<Health> health(new Health(std::move(sources)));
  auto listener = net::Listener::open(health->loop_, address);
  if (!listener) return fail(listener.error().during("listen.metrics " + net::to_string(address)));
  health->address_ = (*listener)->local();
  health->server_.listen(std::move(*listener));
  health->thread_ = std::thread([loop = &health->loop_] { loop->run(); });
  return health;
}

Health::~Health() {
  if (!thread_.joinable()) return;
  loop_.post([this] { background_.start(drain_and_stop(server_, loop_)); });
  thread_.join();
}

Task<void> Health::serve(http::Exchange& exchange) {
  const std::string_view path = exchange.request().path();
  http::ResponseHead head;
  std::string body;
  if (path == "/healthz") {
    body = "ok\n";
  } else if (path == "/readyz") {
    body = sources_.not_ready();
    if (!body.empty()) head.status = 503;
    body = body.empty() ? "ready\n" : body + "\n";
  } else if (path == "/metrics") {
    body = co_await pool_.run(sources_.print_metrics);
  } else {
    head.status = 404;
    body = "there is /metrics, /healthz and /readyz\n";
  }
  head.fields.add("content-type", path == "/metrics" ? "text/plain; version=0.0.4; charset=utf-8" : "text/plain");
  Result<void> sent = co_await exchange.respond(std::move(head), body);
  static_cast<void>(sent);
}

}  // namespace sluice::gateway
