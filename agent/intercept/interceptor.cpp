#include "agent/intercept/interceptor.h"

#include <array>

#include "agent/intercept/answers.h"
#include "log/log.h"

namespace sluice::agent {
namespace {

using std::chrono::seconds;

constexpr auto hello_patience = seconds(10);
constexpr auto connect_patience = seconds(30);
constexpr auto handshake_patience = seconds(15);
constexpr auto splice_idle = std::chrono::hours(12);
constexpr std::size_t drain_limit = 64 * 1024 * 1024;

SocketEnd end_of(const net::Address& address) {
  const auto size = address.v6 ? 16U : 4U;
  return {std::string(reinterpret_cast<const char*>(address.bytes.data()), size), address.port};
}

// One direction of a tunnel. When it fails, both streams go: a half that stays would hang its peer.
Task<void> pump(net::ByteStream* from, net::ByteStream* to) {
  Result<std::uint64_t> copied = co_await net::copy_until_end(*from, *to, splice_idle);
  if (copied) co_return;
  from->close();
  to->close();
}

}  // namespace

struct Interceptor::Look {
  std::string host;   // empty: no TLS, no name, or nothing came
  std::string bytes;  // read so far
  bool alive = true;
};

Interceptor::Interceptor(InterceptorParts parts) : parts_(std::move(parts)) {}

Task<void> Interceptor::serve(net::StreamPtr client, net::Address peer, net::Address destination) {
  Look look = co_await look_at(*client);
  if (!look.alive) co_return;
  const auto policy = parts_.state.policy_in_force(parts_.clock.now());
  const bool governed = policy && policy->host_named(look.host) != nullptr;
  if (!governed) {
    co_await splice(std::move(client), destination, std::move(look.bytes));
    co_return;
  }
  Flow flow;
  flow.host = std::move(look.host);
  flow.origin = destination;
  Result<ProcessFacts> owner = co_await parts_.attribution.owner_of(end_of(peer), end_of(destination));
  if (owner) flow.process = std::move(*owner);
  if (!owner) {
    ++parts_.state.counters.unattributed;
    static log::RateLimit limit;
    log::event(limit, log::Level::warning, "connection.unattributed",
               {{"host", flow.host}, {"detail", owner.error().message()}});
  }
  flow.identity = classify(flow.process);
  if (flow.identity.kind == AppKind::browser) {
    co_await splice(std::move(client), destination, std::move(look.bytes));
    co_return;
  }
  flow.app_version = version_at(parts_.state.apps, flow.identity.app, flow.identity.process);
  Result<tls::TlsContext> context = co_await may_terminate(flow.host);
  if (!context) {
    ++parts_.state.counters.failed_open;
    static log::RateLimit limit;
    log::event(limit, log::Level::warning, "connection.failed_open",
               {{"host", flow.host}, {"app", flow.identity.app}, {"detail", context.error().message()}});
    co_await splice(std::move(client), destination, std::move(look.bytes));
    co_return;
  }
  client = net::with_prefix(std::move(look.bytes), std::move(client));
  co_await terminate(std::move(client), std::move(*context), std::move(flow));
}

Task<Interceptor::Look> Interceptor::look_at(net::ByteStream& client) {
  tls::ClientHelloReader reader;
  std::array<char, 4096> buffer{};
  const Deadline deadline = in(hello_patience);
  Look look;
  for (;;) {
    Result<std::size_t> got = co_await client.read_some(buffer, deadline);
    // A client that waits for its server to speak first is none of ours.
    if (!got && got.error().code != ErrorCode::timed_out) look.alive = false;
    if (!got || (*got == 0 && reader.bytes().empty())) break;
    if (*got == 0) break;
    const auto progress = reader.feed(std::string_view(buffer.data(), *got));
    if (const auto* hello = std::get_if<tls::ClientHello>(&progress)) look.host = hello->sni;
    if (!std::holds_alternative<tls::NeedMore>(progress)) break;
  }
  look.bytes = reader.take_bytes();
  co_return look;
}

Task<void> Interceptor::splice(net::StreamPtr client, net::Address destination, std::string first) {
  ++parts_.state.counters.spliced;
  Result<net::StreamPtr> upstream = co_await net::connect(destination, in(connect_patience));
  if (!upstream) co_return;
  if (!first.empty()) {
    Result<void> sent = co_await (*upstream)->write_text(first, in(connect_patience));
    if (!sent) co_return;
  }
  co_await async::both(pump(client.get(), upstream->get()), pump(upstream->get(), client.get()));
}

Task<Result<tls::TlsContext>> Interceptor::may_terminate(std::string host) {
  if (!parts_.state.trust.installed)
    co_return fail(ErrorCode::untrusted, "programs of this device do not trust the interception root yet");
  Result<tls::TlsContext> context = co_await parts_.leaves.context_for(std::move(host));
  co_return context;
}

Task<void> Interceptor::terminate(net::StreamPtr client, tls::TlsContext context, Flow flow) {
  ++parts_.state.counters.intercepted;
  Result<net::TlsStreamPtr> stream =
      co_await net::accept_tls(std::move(client), std::move(context), in(handshake_patience));
  if (!stream) {
    ++parts_.state.counters.broken;
    static log::RateLimit limit;
    log::event(limit, log::Level::warning, "connection.handshake_failed",
               {{"host", flow.host}, {"app", flow.identity.app}, {"detail", stream.error().message()}});
    co_return;
  }
  http::ServerOptions options;
  const Flow* const lent = &flow;
  const auto place = terminated_.insert(terminated_.end(), Terminated{.stream = stream->get(), .busy = false});
  Terminated* const connection = &*place;
  options.handler = [this, lent, connection](http::Exchange& exchange) {
    return answer_one(exchange, *lent, *connection);
  };
  options.limits.body_time = std::chrono::minutes(2);
  options.limits.idle_time = std::chrono::minutes(10);
  co_await http::serve_connection(std::move(*stream), options);
  terminated_.erase(place);
}

void Interceptor::drain() noexcept {
  draining_ = true;
  for (auto& connection : terminated_)
    if (!connection.busy) connection.stream->close();
}

Task<void> Interceptor::answer_one(http::Exchange& exchange, const Flow& flow, Terminated& connection) {
  connection.busy = true;
  if (draining_) exchange.close_after();
  co_await answer(exchange, flow);
  connection.busy = false;
  if (draining_) exchange.close_after();
}

// Decided anew for every request: a connection that was made before a denial obeys it from the next request on.
Task<void> Interceptor::answer(http::Exchange& exchange, const Flow& flow) {
  const auto policy = parts_.state.policy_in_force(parts_.clock.now());
  if (!policy || !parts_.state.identity) {
    // The policy ended while the connection was open. It was decrypted under a policy; now it only passes on.
    co_await forward(exchange, flow, false, {});
    co_return;
  }
  const Rules rules{.policy = policy, .guard = parts_.state.guard};
  const auto agent_field = exchange.request().fields.get("user-agent");
  const std::string app = app_of_request(flow.identity, agent_field.value_or(""));
  const Verdict verdict = judge({.policy = *policy,
                                 .device_id = parts_.state.identity->device_id,
                                 .app = app,
                                 .host = flow.host,
                                 .head = exchange.request()});
  if (const auto* denial = std::get_if<Deny>(&verdict)) {
    co_await deny(exchange, flow, policy, *denial);
  } else if (std::holds_alternative<ToGateway>(verdict)) {
    co_await forward(exchange, flow, true, rules);
  } else if (std::holds_alternative<ToOrigin>(verdict)) {
    co_await forward(exchange, flow, false, rules);
  } else {
    const bool upgrade = std::holds_alternative<NoUpgrade>(verdict);
    Result<void> drained = co_await exchange.drain_body(drain_limit);
    if (!drained) exchange.close_after();
    PlainAnswer plain = upgrade ? upgrade_refused() : misdirected();
    Result<void> sent = co_await exchange.respond(std::move(plain.head), plain.body);
    if (!sent) exchange.abort();
  }
}

Task<void> Interceptor::deny(http::Exchange& exchange, const Flow& flow, std::shared_ptr<const policy::Policy> policy,
                             Deny denial) {
  ++parts_.state.counters.refused;
  const auto identity = parts_.state.identity;  // held: a renewal may replace it while the body is read
  const auto agent_field = exchange.request().fields.get("user-agent");
  const std::string app = app_of_request(flow.identity, agent_field.value_or(""));
  const DenialContext context{
      .policy = *policy, .identity = *identity, .flow = flow, .app = app, .denial = denial, .now = parts_.clock.now()};
  // The body is read before the answer: a client that is still sending sees a reset instead of the reason. What it
  // says decides the form (streamed or not) and what the audit shows (model).
  std::string body;
  if (denial.inference && !exchange.request().fields.get("content-encoding")) {
    Result<std::string> whole = co_await exchange.read_whole_body(drain_limit);
    if (whole) body = std::move(*whole);
  } else {
    Result<void> drained = co_await exchange.drain_body(drain_limit);
    if (!drained) exchange.close_after();
  }
  DeniedAnswer denied = denied_answer(context, exchange.request(), body);
  // A denied app makes a dozen side calls before the one that a person notices: they are counted, and not worth a
  // record each.
  if (denial.inference) {
    log::event("request.denied", {{"app", app}, {"host", flow.host}, {"request", denied.record.request.request_id}});
    parts_.record(std::move(denied.record));
  }
  Result<void> sent = co_await exchange.respond(std::move(denied.answer.head), denied.answer.body);
  if (!sent) exchange.abort();
}

Task<void> Interceptor::forward(http::Exchange& exchange, const Flow& flow, bool to_gateway, Rules rules) {
  RelayResult result;
  if (to_gateway) {
    ++parts_.state.counters.to_gateway;
    const auto agent_field = exchange.request().fields.get("user-agent");
    std::string app = app_of_request(flow.identity, agent_field.value_or(""));
    result = co_await parts_.forwarder.to_gateway(exchange, flow, app);
    const bool direct = rules.policy->fleet().gateway_down == policy::GatewayDown::direct;
    if (result.how == Relayed::not_started && direct) {
      ++parts_.state.counters.to_origin;
      if (rules.guard && parts_.state.identity)
        result = co_await parts_.direct.serve(exchange, flow,
                                              {.policy = rules.policy,
                                               .guard = rules.guard,
                                               .device_id = parts_.state.identity->device_id,
                                               .app = std::move(app)});
      else
        result = co_await parts_.forwarder.to_origin(exchange, flow);
      to_gateway = false;
    }
  } else {
    ++parts_.state.counters.to_origin;
    result = co_await parts_.forwarder.to_origin(exchange, flow);
  }
  if (result.how != Relayed::complete && result.how != Relayed::abandoned)
    co_await upstream_failed(exchange, flow, std::move(result), to_gateway, std::move(rules.policy));
}

Task<void> Interceptor::upstream_failed(http::Exchange& exchange, const Flow& flow, RelayResult result, bool to_gateway,
                                        std::shared_ptr<const policy::Policy> policy) {
  static log::RateLimit limit;
  log::event(limit, log::Level::warning, "request.upstream_failed",
             {{"host", flow.host}, {"gateway", to_gateway}, {"detail", result.error.message()}});
  if (result.how == Relayed::cut) {
    ++parts_.state.counters.broken;
    co_return;
  }
  if (result.how == Relayed::failed_early) ++parts_.state.counters.broken;
  if (to_gateway) parts_.state.note_error("forwarding to the gateway", result.error);
  Result<void> drained = co_await exchange.drain_body(drain_limit);
  if (!drained) exchange.close_after();
  PlainAnswer plain = to_gateway && result.how == Relayed::not_started
                          ? gateway_unreachable(*policy, flow.host, exchange.request())
                          : upstream_broken(policy.get(), flow.host, result.error, to_gateway);
  Result<void> sent = co_await exchange.respond(std::move(plain.head), plain.body);
  if (!sent) exchange.abort();
}

}  // namespace sluice::agent
