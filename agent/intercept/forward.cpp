#include "agent/intercept/forward.h"

#include "async/leaf.h"
#include "config/settings.h"
#include "log/log.h"

namespace sluice::agent {
namespace {

using http::Exchange;
using http::Framing;
using std::chrono::seconds;

constexpr auto connect_patience = seconds(10);
// A gateway that is being restarted answers again within this; until then the app waits instead of seeing an error.
constexpr auto gateway_patience = seconds(3);
constexpr auto gateway_retry_pause = std::chrono::milliseconds(100);
constexpr auto watch_period = std::chrono::milliseconds(250);
constexpr auto body_patience = seconds(120);
constexpr auto answer_patience = std::chrono::minutes(10);  // models think long before their first byte
constexpr std::size_t one_write_limit = 128 * 1024;
constexpr const char* gateway_key = "gateway";

// "host|198.51.100.7:443": the trust of a pooled connection is that of the name it was verified for.
std::string origin_key(const Flow& flow) {
  return flow.host + "|" + net::to_string(flow.origin);
}

// What is in a field value must not break the head; paths may hold anything.
std::string field_text(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, 1024))
    clean.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
  return clean;
}

// A gateway has no name of its own in its certificate but its id: it is known by who signed it and as what. Devices
// have certificates of the same authority, hence the unit.
bool is_gateway_of(const tls::CertificateFacts& peer, std::string_view org) {
  return peer.subject_ou == "gateway" && peer.subject_o == org;
}

// While a model thinks, the app may be stopped by its user: then the request upstream ends too, instead of being
// answered and paid for with nobody to read it.
struct Watch {
  Watch(net::ByteStream& the_app, http::ClientConnection& the_upstream) : app(the_app), upstream(the_upstream) {}
  net::ByteStream& app;
  http::ClientConnection& upstream;
  Result<http::ResponseHead> answer = fail(ErrorCode::cancelled);
  async::Signal answered;
  bool over = false;
};

Task<void> wait_for_answer(Watch* watch, Deadline deadline) {
  watch->answer = co_await watch->upstream.read_head(deadline);
  watch->over = true;
  watch->answered.notify();
}

Task<void> watch_app(Watch* watch) {
  while (!watch->over) {
    Result<void> woken = co_await watch->answered.wait(in(watch_period));
    if (watch->over || (!woken && woken.error().code == ErrorCode::cancelled)) co_return;
    if (!watch->app.stale()) continue;
    watch->upstream.close();
    co_return;
  }
}

}  // namespace

Forwarder::Forwarder(async::EventLoop& loop, async::WorkerPool& workers, DeviceState& state,
                     std::function<std::string()> gateway_url)
    : state_(state),
      gateway_url_(std::move(gateway_url)),
      origin_trust_(tls::TlsContext::client({})),
      resolver_(workers) {
  http::PoolOptions options;
  options.limits.body_time = body_patience;
  gateways_ = std::make_unique<http::ConnectionPool>(
      loop, [this](std::string, Deadline deadline) { return connect_gateway(deadline); }, options);
  origins_ = std::make_unique<http::ConnectionPool>(
      loop, [this](std::string key, Deadline deadline) { return connect_origin(std::move(key), deadline); }, options);
}

http::RequestHead Forwarder::forwarded(const http::RequestHead& original) {
  http::RequestHead head = original;
  http::remove_hop_by_hop(head.fields);
  head.fields.remove_prefix("sluice-");  // ours to say, whatever the app sent
  head.fields.remove("expect");          // already answered here
  return head;
}

void Forwarder::forget_connections() noexcept {
  gateways_->close_idle();
}

Task<Result<net::StreamPtr>> Forwarder::connect_gateway(Deadline deadline) {
  const auto identity = state_.identity;
  const std::string url = gateway_url_();
  if (!identity || !url.starts_with("https://"))
    co_return fail(ErrorCode::connect_failed, "no gateway is known to this device");
  const auto address = config::parse_address(std::string_view(url).substr(8));
  const std::string host = address ? address->host : url.substr(8);
  const std::uint16_t port = address ? address->port : std::uint16_t{443};
  tls::ClientOptions options;
  options.trust = tls::AuthorityTrust{identity->identity_ca};
  options.identity.emplace();
  options.identity->chain_pem = identity->certificate;
  options.identity->key_pem = identity->key_pem.duplicate();
  auto context = tls::TlsContext::client(std::move(options));
  if (!context) co_return fail(context.error());
  Result<std::vector<net::Address>> addresses = co_await resolver_.resolve(host, port, deadline);
  if (!addresses) co_return fail(addresses.error());
  Result<net::StreamPtr> transport = co_await net::connect_any(std::move(*addresses), deadline);
  if (!transport) co_return fail(transport.error());
  Result<net::TlsStreamPtr> stream =
      co_await net::connect_tls(std::move(*transport), std::move(*context), host, deadline);
  if (!stream) co_return fail(stream.error());
  const auto& peer = (*stream)->peer();
  const bool revoked = peer && state_.policy && state_.policy->is_revoked(peer->serial);
  if (!peer || revoked || !is_gateway_of(*peer, identity->org))
    co_return fail(ErrorCode::untrusted, host + " is not a gateway of " + identity->org);
  co_return net::StreamPtr(std::move(*stream));
}

Task<Result<net::StreamPtr>> Forwarder::connect_origin(std::string key, Deadline deadline) {
  const auto bar = key.find('|');
  const auto address = net::parse_address(std::string_view(key).substr(bar + 1));
  if (!address) co_return fail(address.error());
  if (!origin_trust_) co_return fail(origin_trust_.error());
  Result<net::StreamPtr> transport = co_await net::connect(*address, deadline);
  if (!transport) co_return fail(transport.error());
  Result<net::TlsStreamPtr> stream =
      co_await net::connect_tls(std::move(*transport), *origin_trust_, key.substr(0, bar), deadline);
  if (!stream) co_return fail(stream.error());
  co_return net::StreamPtr(std::move(*stream));
}

Task<RelayResult> Forwarder::to_gateway(Exchange& exchange, const Flow& flow, std::string app) {
  http::RequestHead head = forwarded(exchange.request());
  head.fields.add("sluice-app", field_text(app));
  if (!flow.app_version.empty()) head.fields.add("sluice-app-version", field_text(flow.app_version));
  head.fields.add("sluice-user", field_text(flow.process.user.empty() ? "unknown" : flow.process.user));
  head.fields.add("sluice-process", field_text(flow.identity.process));
  const Deadline give_up = in(gateway_patience);
  for (;;) {
    Result<http::ConnectionPool::Lease> lease = co_await gateways_->acquire(gateway_key, in(connect_patience));
    if (lease) {
      state_.gateway = {.last_success = wall_now(), .last_error = ""};
      RelayResult result = co_await relay(exchange, std::move(*lease), std::move(head));
      co_return result;
    }
    state_.gateway.last_error = lease.error().message();
    const bool may_come_back = lease.error().code == ErrorCode::connect_failed;
    if (!may_come_back || steady_now() >= give_up) {
      state_.note_error("reaching the gateway", lease.error());
      co_return RelayResult{Relayed::not_started, lease.error()};
    }
    Result<void> slept = co_await async::sleep_for(gateway_retry_pause);
    if (!slept) co_return RelayResult{Relayed::not_started, slept.error()};
  }
}

Task<Result<http::ConnectionPool::Lease>> Forwarder::acquire_origin(const Flow& flow) {
  Result<http::ConnectionPool::Lease> lease = co_await origins_->acquire(origin_key(flow), in(connect_patience));
  co_return lease;
}

Task<RelayResult> Forwarder::to_origin(Exchange& exchange, const Flow& flow) {
  Result<http::ConnectionPool::Lease> lease = co_await acquire_origin(flow);
  if (!lease) co_return RelayResult{Relayed::not_started, lease.error()};
  RelayResult result = co_await relay(exchange, std::move(*lease), forwarded(exchange.request()));
  co_return result;
}

Task<RelayResult> Forwarder::relay(Exchange& exchange, http::ConnectionPool::Lease lease, http::RequestHead head) {
  Result<void> sent = co_await send_request(exchange, *lease, std::move(head));
  // An upstream may answer before it took the whole request (413, say): its answer says more than our broken pipe.
  Result<http::ResponseHead> answer =
      co_await read_answer(exchange, *lease, in(sent ? std::chrono::seconds(answer_patience) : seconds(2)));
  if (!answer) {
    lease.discard();
    if (answer.error().code != ErrorCode::cancelled)
      co_return RelayResult{Relayed::failed_early, sent ? answer.error() : sent.error()};
    exchange.abort();
    co_return RelayResult{Relayed::abandoned, answer.error()};
  }
  RelayResult result = co_await send_answer(exchange, *lease, std::move(*answer));
  if (result.how != Relayed::complete) lease.discard();
  co_return result;
}

Task<Result<http::ResponseHead>> Forwarder::read_answer(Exchange& exchange, http::ClientConnection& upstream,
                                                        Deadline deadline) {
  Watch watch(exchange.stream(), upstream);
  co_await async::both(wait_for_answer(&watch, deadline), watch_app(&watch));
  co_return std::move(watch.answer);
}

Task<Result<void>> Forwarder::send_request(Exchange& exchange, http::ClientConnection& upstream,
                                           http::RequestHead head) {
  const Framing framing = exchange.framing();
  if (framing.kind == Framing::Kind::none) {
    Result<void> sent = co_await upstream.send(head, {}, in(body_patience));
    co_return sent;
  }
  if (framing.kind == Framing::Kind::length && framing.length <= one_write_limit) {
    Result<std::string> body = co_await exchange.read_whole_body(one_write_limit);
    if (!body) co_return fail(body.error());
    Result<void> sent = co_await upstream.send(head, *body, in(body_patience));
    co_return sent;
  }
  Result<void> sent = co_await upstream.send_head(head, in(body_patience));
  while (sent) {
    Result<std::string_view> piece = co_await exchange.read_body();
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) break;
    sent = co_await upstream.send_body(*piece, in(body_patience));
  }
  if (!sent) co_return sent;
  sent = co_await upstream.finish_body(in(body_patience));
  co_return sent;
}

Task<RelayResult> Forwarder::send_answer(Exchange& exchange, http::ClientConnection& upstream,
                                         http::ResponseHead head) {
  http::remove_hop_by_hop(head.fields);
  const Framing framing = upstream.framing();
  Result<std::string_view> piece = std::string_view();
  // A body of known length comes with its head: one write for short answers. A stream's head goes out at once.
  if (framing.kind == Framing::Kind::length && framing.length > 0)
    piece = co_await upstream.read_body(in(body_patience));
  if (!piece) co_return RelayResult{Relayed::failed_early, piece.error()};
  Result<void> written = co_await exchange.start_response(std::move(head), *piece);
  while (written && framing.kind != Framing::Kind::none) {
    piece = co_await upstream.read_body(in(answer_patience));
    if (!piece || piece->empty()) break;
    written = co_await exchange.write_body(*piece);
  }
  if (written && piece) written = co_await exchange.finish_response();
  if (written && piece) co_return RelayResult{Relayed::complete, {}};
  exchange.abort();
  if (!written) co_return RelayResult{Relayed::abandoned, written.error()};
  co_return RelayResult{Relayed::cut, piece.error()};
}

}  // namespace sluice::agent
