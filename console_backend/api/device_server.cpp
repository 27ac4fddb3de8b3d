#include "console_backend/api/device_server.h"

#include <algorithm>
#include <charconv>

#include "console_backend/api/answering.h"
#include "console_backend/devices/enrolment_tokens.h"
#include "http/server.h"

namespace sluice::console {

namespace {

Task<Result<void>> respond(http::Exchange& exchange, Outcome outcome) {
  std::string body;
  http::ResponseHead head = head_of(outcome, body);
  Result<void> sent = co_await exchange.respond(std::move(head), body);
  co_return sent;
}

// ?wait=25: whole seconds, capped; nothing else may stand in the query.
Result<std::chrono::seconds> wait_of(std::string_view query) {
  if (query.empty()) return std::chrono::seconds(0);
  int seconds = -1;
  constexpr std::string_view name = "wait=";
  if (query.starts_with(name)) {
    const char* end = query.data() + query.size();
    if (std::from_chars(query.data() + name.size(), end, seconds).ptr != end) seconds = -1;
  }
  if (seconds < 0) return fail(ErrorCode::invalid_argument, "wait: must be a number of seconds");
  return std::min(std::chrono::seconds(seconds), DeviceServer::longest_wait);
}

// What a gateway says it is: "sluice-gateway/0.1.0". Empty for others, and for what is no version.
std::string_view gateway_version(const http::Fields& fields) {
  constexpr std::string_view product = "sluice-gateway/";
  std::string_view agent = fields.get("user-agent").value_or("");
  if (!agent.starts_with(product)) return {};
  agent.remove_prefix(product.size());
  const bool plain = std::ranges::all_of(agent, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '+';
  });
  return plain && agent.size() <= 32 ? agent : std::string_view();
}

}  // namespace

Task<void> DeviceServer::handle(http::Exchange& exchange, std::shared_ptr<const Peer> peer) {
  const http::RequestHead& request = exchange.request();
  if (request.path() == "/edge/v1/snapshot" || request.path() == "/gateway/v1/snapshot") {
    const wire::Party party = request.path() == "/edge/v1/snapshot" ? wire::Party::device : wire::Party::gateway;
    Result<void> done = co_await snapshot(exchange, std::move(peer), party);
    static_cast<void>(done);
    co_return;
  }
  const Result<std::size_t> limit = api_.admit(request.path(), peer->certificate);
  if (!limit) {
    Result<void> refused = co_await respond(exchange, problem(limit.error()));
    static_cast<void>(refused);
    co_return;
  }
  Result<std::string> body = co_await exchange.read_whole_body(*limit);
  if (!body) {
    if (body.error().code == ErrorCode::too_large) {
      Result<void> refused = co_await respond(exchange, problem(body.error()));
      static_cast<void>(refused);
    }
    exchange.close_after();
    co_return;
  }
  DeviceCall call{request.method, std::string(request.path()), std::move(*body), peer->address, peer->certificate};
  std::function<Outcome()> work = [this, &call] { return api_.answer(call); };
  Outcome outcome = co_await workers_.run(std::move(work));
  Result<void> sent = co_await respond(exchange, std::move(outcome));
  static_cast<void>(sent);
}

Task<Result<void>> DeviceServer::snapshot(http::Exchange& exchange, std::shared_ptr<const Peer> peer,
                                          wire::Party party) {
  const http::RequestHead& request = exchange.request();
  Result<PeerIdentity> who = identify(services_, peer->certificate, Expired::refuse);
  if (who && who->party != party) who = fail(ErrorCode::forbidden, "this path is for another kind of certificate");
  Result<std::chrono::seconds> wait = wait_of(request.query());
  if (!who || !wait || request.method != "GET") {
    Error error = !who ? who.error() : !wait ? wait.error() : Error{ErrorCode::unsupported, "use GET"};
    Result<void> refused = co_await respond(exchange, problem(std::move(error)));
    co_return refused;
  }
  const std::string seen(request.fields.get("if-none-match").value_or(""));
  Result<wire::SnapshotVersion> confirmed = wire::parse_etag(seen);
  const std::string confirmed_text =
      confirmed ? std::to_string(confirmed->epoch) + "." + std::to_string(confirmed->version) : std::string();
  services_.presence.heard(who->id, confirmed_text, services_.clock.now(), gateway_version(request.fields));

  const Deadline deadline = in(*wait);
  std::shared_ptr<const Published> published = services_.publisher.current();
  while (published->etag == seen && steady_now() < deadline && !hub_.closed()) {
    co_await hub_.wait_for_policy(deadline);
    published = services_.publisher.current();
    if (published->etag == seen) break;  // the deadline, or a stop
  }
  // The change may be that this very device was revoked.
  Result<PeerIdentity> still = identify(services_, peer->certificate, Expired::refuse);
  if (!still) {
    Result<void> refused = co_await respond(exchange, problem(still.error()));
    co_return refused;
  }
  services_.presence.heard(who->id, confirmed_text, services_.clock.now());
  http::ResponseHead head;
  head.fields.add("etag", published->etag);
  head.fields.add("cache-control", "no-store");
  if (published->etag == seen) {
    head.status = 304;
    Result<void> sent = co_await exchange.respond(std::move(head), "");
    co_return sent;
  }
  head.fields.add("content-type", "application/json");
  const std::string& envelope = party == wire::Party::device ? published->fleet_envelope : published->gateway_envelope;
  Result<void> sent = co_await exchange.respond(std::move(head), envelope);
  co_return sent;
}

}  // namespace sluice::console
