#include "gateway/edge/edge.h"

#include "base/ids.h"
#include "dialect/errors.h"
#include "gateway/edge/routes.h"
#include "log/log.h"

namespace sluice::gateway {
namespace {

constexpr std::chrono::seconds handshake_time{10};
log::RateLimit handshake_limit(2);

Task<void> answer_early(http::Exchange& exchange, EarlyAnswer early) {
  const auto target = dialect::target_of("POST", exchange.request().target);
  const dialect::Dialect dialect = target ? target->dialect : dialect::Dialect::openai;
  const std::string id = RequestId::make().text();
  http::ResponseHead head{.status = early.status, .reason = {}, .fields = {}};
  head.fields.add("content-type", "application/json");
  head.fields.add("x-request-id", id);
  if (early.status == 426) head.fields.add("upgrade", "websocket");
  const std::string body = dialect::error_body(dialect, early.status, early.message, {}, id);
  Result<void> sent = co_await exchange.respond(std::move(head), body);
  static_cast<void>(sent);
}

Task<void> answer_not_found(http::Exchange& exchange) {
  const std::string id = RequestId::make().text();
  http::ResponseHead head{.status = 404, .reason = {}, .fields = {}};
  head.fields.add("content-type", "application/json");
  head.fields.add("x-request-id", id);
  const std::string body = dialect::error_body(dialect::Dialect::openai, 404, "there is nothing here", "not_found", id);
  Result<void> sent = co_await exchange.respond(std::move(head), body);
  static_cast<void>(sent);
}

}  // namespace

Edge::Edge(async::EventLoop& loop, Pipeline& pipeline, AdminRelay* relay, Metrics& metrics, http::Limits limits,
           std::size_t connection_limit)
    : pipeline_(pipeline),
      relay_(relay),
      metrics_(metrics),
      api_(loop, options(limits, connection_limit, [this](http::Exchange& exchange) { return serve_api(exchange); })),
      devices_(loop, options(limits, connection_limit, {})) {}

http::ServerOptions Edge::options(http::Limits limits, std::size_t connection_limit, http::Handler handler) {
  return {.handler = std::move(handler),
          .limits = limits,
          .connection_limit = connection_limit,
          .on_bad_request = [this](const Error&) { ++metrics_.bad_requests; }};
}

void Edge::listen_api(std::unique_ptr<net::Listener> listener) {
  api_.listen(std::move(listener));
}

void Edge::listen_devices(std::unique_ptr<net::Listener> listener, tls::TlsContext identity) {
  identity_ = std::move(identity);
  devices_.listen(std::move(listener), [this](net::Accepted accepted) { return greet_device(std::move(accepted)); });
}

Task<void> Edge::drain(Deadline deadline) {
  Task<void> api = api_.drain(deadline);
  Task<void> devices = devices_.drain(deadline);
  co_await async::both(std::move(api), std::move(devices));
}

Task<void> Edge::serve_api(http::Exchange& exchange) {
  const http::RequestHead& head = exchange.request();
  const EarlyAnswer early = early_answer(head);
  const ApiRoute route = route_of(head.method, head.path());
  if (early.status != 0) {
    co_await answer_early(exchange, early);
  } else if (route == ApiRoute::inference) {
    co_await pipeline_.serve(exchange, api_client_);
  } else if (route == ApiRoute::models) {
    co_await pipeline_.serve_models(exchange, api_client_);
  } else if (relay_ != nullptr) {
    co_await relay_->serve(exchange);
  } else {
    co_await answer_not_found(exchange);
  }
}

Task<void> Edge::serve_device(http::Exchange& exchange, std::shared_ptr<const Caller> device) {
  const EarlyAnswer early = early_answer(exchange.request());
  if (early.status != 0)
    co_await answer_early(exchange, early);
  else
    co_await pipeline_.serve(exchange, *device);
}

Task<Result<http::Prepared>> Edge::greet_device(net::Accepted accepted) {
  const std::string peer = net::ip_text(accepted.peer);
  const tls::TlsContext identity = *identity_;
  Result<net::TlsStreamPtr> stream = co_await net::accept_tls(std::move(accepted.stream), identity, in(handshake_time));
  Result<Device> device = stream ? device_of((*stream)->peer()) : fail(stream.error());
  if (!device) {
    ++metrics_.handshakes_failed;
    log::event(handshake_limit, log::Level::warning, "device.refused",
               {{"peer", peer}, {"error", device.error().name()}, {"detail", device.error().detail}});
    co_return fail(device.error());
  }
  auto caller = std::make_shared<const Caller>(std::move(*device));
  http::Prepared prepared{.stream = std::move(*stream), .handler = {}};
  prepared.handler = [this, caller](http::Exchange& exchange) { return serve_device(exchange, caller); };
  co_return prepared;
}

Result<Device> device_of(const std::optional<tls::CertificateFacts>& certificate) {
  if (!certificate) return fail(ErrorCode::unauthenticated, "no client certificate");
  if (certificate->subject_ou != "device" || certificate->subject_cn.empty())
    return fail(ErrorCode::forbidden, "the certificate is not a device's");
  return Device{certificate->subject_cn, certificate->serial, certificate->not_after};
}

}  // namespace sluice::gateway
