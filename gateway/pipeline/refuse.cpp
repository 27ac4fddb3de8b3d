// Answers that the gateway makes itself.
#include "base/json.h"
#include "dialect/errors.h"
#include "gateway/pipeline/pipeline.h"
#include "log/log.h"
#include "policy/refusal.h"

namespace sluice::gateway {
namespace {

// What a client may still send before it is answered: an app writes all of its body before it reads; for API clients
// the connection is closed gently instead.
constexpr std::size_t drain_limit_app = 32 * 1024 * 1024;
constexpr std::size_t drain_limit_api = 64 * 1024;

// Refusals of strangers: whoever can reach the listener could fill the spool with them, so at most this many a second
// are recorded; all are counted in sluice_requests_total.
log::RateLimit strangers(10);
log::RateLimit failures(2);

http::ResponseHead head_of(const dialect::Answer& answer) {
  http::ResponseHead head{.status = answer.status, .reason = {}, .fields = {}};
  for (const auto& [name, value] : answer.headers) head.fields.set(name, value);
  return head;
}

bool is_denial(ErrorCode code) noexcept {
  return code == ErrorCode::app_denied || code == ErrorCode::model_not_allowed || code == ErrorCode::guardrail_blocked;
}

dialect::Answer answer_of(const Request& request, const NoRoute& none) {
  dialect::Answer answer{.status = none.status, .headers = {{"content-type", "application/json"}}, .body = {}};
  answer.headers.emplace_back("x-should-retry", "false");
  if (!none.allow.empty()) answer.headers.emplace_back("allow", none.allow);
  answer.body = dialect::error_body(request.target.dialect, none.status, none.message, none.code, request.id);
  return answer;
}

dialect::Answer refusal_of(const Request& request, const Error& error, std::string_view reason) {
  if (request.no_route) return answer_of(request, *request.no_route);
  if (request.device() == nullptr) return dialect::error_answer(request.target.dialect, error, request.id);
  if (!request.is_inference)
    return policy::refusal_to_app(request.target.dialect, reason, request.reference, request.id);
  return policy::refusal_to_app({.app = request.app,
                                 .operation = request.target.operation,
                                 .streamed = request.facts.streamed,
                                 .reason = reason,
                                 .reference = request.reference,
                                 .request_id = request.id,
                                 .model = request.model,
                                 .code = error.name()});
}

// Codex repeats a request whose stream ends with a plain error event; the form of its refusals ends it for good.
std::string last_event_of(const Request& request, const Error& error) {
  if (request.device() != nullptr && request.target.operation == dialect::Operation::responses) {
    dialect::Answer answer = refusal_of(request, error, error.detail);
    if (answer.status == 200) return std::move(answer.body);
  }
  return dialect::error_event(request.target.operation, 400, error.detail, error.name(), request.id);
}

}  // namespace

// Before anything went upstream. The form is the client's. The body is read to its end first and head
// and body leave in one write; some clients show nothing otherwise.
Task<void> Pipeline::refuse(Request& request, Error error) {
  if (error.code == ErrorCode::connection_closed || error.code == ErrorCode::cancelled) {
    request.exchange.abort();  // the client left within its request: there is nobody to answer
    co_return;
  }
  const std::size_t limit = request.device() != nullptr ? drain_limit_app : drain_limit_api;
  Result<void> drained = fail(ErrorCode::too_large);
  if (error.code != ErrorCode::too_large) drained = co_await request.exchange.drain_body(limit);
  if (!drained) request.exchange.close_after();
  const std::string reason = error.detail.empty() ? std::string(row_of(error.code).sentence) : error.detail;
  const dialect::Answer answer = refusal_of(request, error, reason);
  http::ResponseHead head = head_of(answer);
  head.fields.set("x-request-id", request.id);
  if (request.device() != nullptr) head.fields.set("sluice-request-id", request.id);
  request.outcome.decision = is_denial(error.code) ? audit::Decision::denied : audit::Decision::refused;
  request.outcome.reason = reason;
  request.outcome.status = answer.status;
  head.fields.set("x-sluice-overhead-us", std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(
                                                             steady_now() - request.exchange.request_read_at())
                                                             .count()));
  // Recorded before the client sees it: a crash in between loses nothing that anyone was told.
  finish(request);
  std::uint64_t suppressed = 0;
  if (error.code != ErrorCode::unauthenticated || strangers.allow(steady_now(), suppressed))
    recorder_.refusal({.time = wall_now(), .request = facts_of(request), .outcome = request.outcome});
  Result<void> sent = co_await request.exchange.respond(std::move(head), answer.body);
  static_cast<void>(sent);  // a client that left early was refused all the same
}

// After the intent was written, when no byte of an answer had been sent.
Task<void> Pipeline::answer_failure(Request& request, Error error) {
  request.upstream.discard();
  if (error.code == ErrorCode::cancelled) {
    request.outcome.decision = audit::Decision::interrupted;
    request.outcome.reason = "the client went away";
    request.exchange.abort();
    co_return;
  }
  request.outcome.decision = audit::Decision::failed;
  request.outcome.reason = error.message().substr(0, 512);
  log::event(
      failures, log::Level::warning, "upstream.failed",
      {{"provider", request.provider}, {"error", error.name()}, {"detail", error.detail}, {"request", request.id}});
  // Addresses and certificates of the inside are for the audit, not for the client. What the provider did wrong
  // (malformed, too_large) is not the client's mistake: 502.
  const bool ours = row_of(error.code).http_status >= 500 || error.code == ErrorCode::address_refused;
  const Error shown{ours ? error.code : ErrorCode::upstream_failed,
                    "the provider " + request.provider + " did not answer"};
  const dialect::Answer answer = dialect::error_answer(request.target.dialect, shown, request.id);
  http::ResponseHead head = head_of(answer);
  head.fields.set("x-request-id", request.id);
  if (request.device() != nullptr) head.fields.set("sluice-request-id", request.id);
  request.outcome.status = answer.status;
  Result<void> sent = co_await request.exchange.respond(std::move(head), answer.body);
  static_cast<void>(sent);
}

// A guardrail stopped the provider's answer: as a refusal when nothing of it went out, else as the stream's last event.
Task<void> Pipeline::stop_answer(Request& request, Error error) {
  request.outcome.decision = audit::Decision::denied;
  request.outcome.reason = error.detail;
  if (!request.exchange.response_started()) {
    const dialect::Answer answer = refusal_of(request, error, error.detail);
    http::ResponseHead head = head_of(answer);
    head.fields.set("x-request-id", request.id);
    if (request.device() != nullptr) head.fields.set("sluice-request-id", request.id);
    request.outcome.status = answer.status;
    Result<void> sent = co_await request.exchange.respond(std::move(head), answer.body);
    request.last_downstream = steady_now();
    static_cast<void>(sent);  // whoever left early was refused all the same
    co_return;
  }
  request.upstream.discard();  // what the model still writes is for nobody
  const std::string event = last_event_of(request, error);
  Result<void> sent = co_await request.exchange.finish_response(event);
  request.last_downstream = steady_now();
  static_cast<void>(sent);
}

Task<void> Pipeline::serve_models(http::Exchange& exchange, const Caller& caller) {
  Request request = begin(exchange, caller);
  Result<void> ready = identify(request);
  if (!ready) {
    co_await refuse(request, ready.error());
    co_return;
  }
  http::ResponseHead head;
  head.fields.add("content-type", "application/json");
  head.fields.add("x-request-id", request.id);
  const std::string body = models_document(request.target.dialect, *request.key, request.policy->rules());
  Result<void> sent = co_await exchange.respond(std::move(head), body);
  static_cast<void>(sent);
}

}  // namespace sluice::gateway
