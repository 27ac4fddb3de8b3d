#include "gateway/admin_relay/admin_relay.h"

#include "http/server.h"

namespace sluice::gateway {
namespace {

constexpr std::chrono::seconds connect_time{5};
constexpr std::chrono::seconds answer_time{60};
constexpr std::chrono::minutes idle_time{5};  // /api/live pings every 15 s

}  // namespace

Task<void> AdminRelay::serve(http::Exchange& exchange) {
  Result<http::ConnectionPool::Lease> lease = co_await upstreams_.acquire(console_, in(connect_time));
  Result<void> done = lease ? Result<void>() : fail(lease.error());
  if (done) done = co_await send_request(exchange, **lease);
  if (done) {
    InFlight::Watch watch(in_flight_, exchange.stream(), *lease);
    done = co_await relay_answer(exchange, **lease);
  }
  if (lease && !done) lease->discard();
  if (done) co_return;
  if (exchange.response_started()) {
    exchange.abort();
    co_return;
  }
  const Error error{ErrorCode::upstream_failed, "the console cannot be reached"};
  Result<void> sent = co_await exchange.respond(http::error_head(error), http::error_body(error));
  static_cast<void>(sent);
}

Task<Result<void>> AdminRelay::send_request(http::Exchange& exchange, http::ClientConnection& upstream) const {
  http::RequestHead head = exchange.request();
  head.target = console_.base_path + head.target;
  http::remove_hop_by_hop(head.fields);
  head.fields.remove("expect");
  Result<void> sent = co_await upstream.send_head(head, in(answer_time));
  while (sent) {
    Result<std::string_view> piece = co_await exchange.read_body();
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) break;
    sent = co_await upstream.send_body(*piece, in(answer_time));
  }
  if (sent) sent = co_await upstream.finish_body(in(answer_time));
  co_return sent;
}

Task<Result<void>> AdminRelay::relay_answer(http::Exchange& exchange, http::ClientConnection& upstream) const {
  Result<http::ResponseHead> head = co_await upstream.read_head(in(answer_time));
  if (!head) co_return fail(head.error());
  http::remove_hop_by_hop(head->fields);
  Result<void> sent = co_await exchange.start_response(std::move(*head));
  while (sent) {
    Result<std::string_view> piece = co_await upstream.read_body(in(idle_time));
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) break;
    sent = co_await exchange.write_body(*piece);
  }
  if (sent) sent = co_await exchange.finish_response();
  co_return sent;
}

}  // namespace sluice::gateway
