// The second half of the pipeline: to the provider and back. Every piece of a stream is written on before it is looked
// at; an answer that was cut upstream is cut downstream, never ended cleanly.
#include "gateway/pipeline/guard_outcomes.h"
#include "gateway/pipeline/heads.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/pipeline/stopped_usage.h"
#include "gateway/pipeline/stream_observer.h"
#include "http/coding.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t blocking_size = 64 * 1024;  // a send above this may have waited for the network

std::chrono::microseconds microseconds(SteadyPoint::duration span) noexcept {
  return std::max(std::chrono::microseconds(0), std::chrono::duration_cast<std::chrono::microseconds>(span));
}

// The first half of x-sluice-overhead-us: from the last request byte read to the first upstream byte written.
std::chrono::microseconds overhead_before(const Request& request) noexcept {
  return microseconds(request.sent - request.exchange.request_read_at());
}

// The client's side failed or went away, told apart from failures of the provider.
std::unexpected<Error> client_failed(const Error& error) {
  return fail(ErrorCode::cancelled, "the client went away: " + error.detail);
}

bool is_event_stream(const http::Fields& fields) noexcept {
  return fields.get("content-type").value_or("").starts_with("text/event-stream");
}

// `piece` and what else of the body has already arrived, joined in `space` when there is more than one.
std::string_view with_ready(std::string_view piece, http::ClientConnection& upstream, std::string& space) {
  std::string_view more = upstream.ready_body();
  if (more.empty()) return piece;
  space.assign(piece);
  for (; !more.empty(); more = upstream.ready_body()) space.append(more);
  return space;
}

}  // namespace

// Sends the request and reads the head of the answer. A pooled connection that turns out to be closed while the request
// is being sent is replaced once: the provider cannot act on half a request. One that was sent whole is never repeated
// (RFC 9110 §9.2.2): the provider may have acted on it, and it would be paid for twice.
Task<Result<void>> Pipeline::attempt(Request& request, InFlight::Watch& watch) const {
  for (;;) {
    ++request.outcome.attempts;
    Result<http::ConnectionPool::Lease> lease =
        co_await upstreams_.acquire(*request.destination, in(live_->connect_time));
    if (!lease) co_return fail(lease.error());
    if (watch.client_gone()) co_return fail(ErrorCode::cancelled, "the client went away");
    request.upstream = std::move(*lease);
    const SteadyPoint before = steady_now();
    Result<void> sent = co_await request.upstream->send(request.upstream_head, request.body, in(live_->idle_time));
    request.sent = request.body.size() > blocking_size ? before : steady_now();
    Error failure;
    if (sent) {
      Result<http::ResponseHead> head = co_await request.upstream->read_head(in(live_->response_time));
      if (head) {
        request.last_upstream = steady_now();
        request.answer = std::move(*head);
        request.outcome.upstream_request_id = std::string(upstream_request_id(request.answer.fields));
        co_return Result<void>();
      }
      failure = head.error();
    } else {
      failure = sent.error();
    }
    const bool retry = !sent && failure.code == ErrorCode::connection_closed && request.upstream.reused() &&
                       !watch.client_gone() && request.outcome.attempts == 1;
    if (!retry) co_return fail(failure);
    request.upstream.discard();
  }
}

Task<void> Pipeline::relay(Request& request, InFlight::Watch& watch) {
  request.outcome.status = request.answer.status;
  if (request.answer.status == 101) {  // never asked for: Upgrade is not forwarded
    co_await answer_failure(request, Error{ErrorCode::upstream_failed, "the provider changed the protocol"});
    co_return;
  }
  if (request.device() != nullptr)
    dress_for_device(request.answer.fields, request.id);
  else
    dress_for_api(request.answer.fields, request.id);
  Result<void> relayed;
  if (is_event_stream(request.answer.fields))
    relayed = co_await relay_stream(request);
  else
    relayed = co_await relay_whole(request);
  if (relayed) co_return;
  if (relayed.error().code == ErrorCode::guardrail_blocked) {
    co_await stop_answer(request, relayed.error());
    co_return;
  }
  if (watch.client_gone() || relayed.error().code == ErrorCode::cancelled) {
    request.outcome.decision = audit::Decision::interrupted;
    request.outcome.reason = "the client went away";
    request.upstream.discard();
    request.exchange.abort();
  } else if (request.exchange.response_started()) {
    request.outcome.decision = audit::Decision::failed;
    request.outcome.reason = "the provider's answer was cut: " + relayed.error().message();
    request.upstream.discard();
    request.exchange.abort();
  } else {
    co_await answer_failure(request, relayed.error());
  }
}

void Pipeline::note_usage(Request& request, std::string_view coding, std::string_view body) {
  if (request.outcome.status >= 300 || body.size() >= usage_body_limit) return;
  const Result<std::optional<std::string>> decoded = http::decode_body(coding, body, usage_body_limit);
  if (decoded)
    request.usage = dialect::usage_of_body(request.target.operation, *decoded ? std::string_view(**decoded) : body);
}

void Pipeline::note_stopped_usage(Request& request, std::size_t answer_bytes) {
  std::size_t request_bytes = 0;
  if (const Result<dialect::Content> content = guard_.reader.request(request.target, request.plain_body()))
    for (const dialect::Segment& segment : content->segments)
      if (segment.kind != dialect::SegmentKind::about) request_bytes += segment.span.end - segment.span.begin;
  const StoppedUsage stopped = usage_when_stopped(request.target.operation, request.usage, request_bytes, answer_bytes);
  request.usage = stopped.usage;
  request.usage_estimated = stopped.estimated;
}

// An answer that is no stream: held until its end (up to whole_answer_limit; as long as can be checked when a rule
// looks at it), so that its head can state the overhead and head and body leave in one write.
Task<Result<void>> Pipeline::relay_whole(Request& request) {
  const http::Framing framing = request.upstream->framing();
  const std::size_t hold_limit = request.guards_answer() ? usage_body_limit : whole_answer_limit;
  std::string held;
  std::string_view body;
  for (;;) {
    Result<std::string_view> piece = co_await request.upstream->read_body(in(live_->idle_time));
    if (!piece) co_return fail(piece.error());
    request.last_upstream = steady_now();
    if (piece->empty()) {
      body = held;
      break;
    }
    if (held.empty() && framing.kind == http::Framing::Kind::length && piece->size() == framing.length) {
      body = *piece;  // all of it in the connection's buffer: not copied
      break;
    }
    held.append(*piece);
    if (held.size() > hold_limit) {
      if (Result<void> unchecked = pass_unchecked(request, "the answer is too large"); !unchecked)
        co_return fail(unchecked.error());
      Result<void> relayed = co_await relay_rest(request, held);
      co_return relayed;
    }
  }
  const std::string coding(request.answer.fields.get("content-encoding").value_or(""));
  std::optional<std::string> edited;
  if (request.guards_answer()) {
    Result<std::optional<std::string>> guarded = guard_whole(request, coding, body);
    if (!guarded) {
      note_usage(request, coding, body);
      co_return fail(guarded.error());
    }
    edited = std::move(*guarded);
    if (edited) request.answer.fields.remove("content-encoding");
  }
  const SteadyPoint now = steady_now();
  const auto overhead = overhead_before(request) + microseconds(now - request.last_upstream + hand_over_);
  request.answer.fields.set("x-sluice-overhead-us", std::to_string(overhead.count()));
  Result<void> sent = co_await request.exchange.respond(std::move(request.answer), edited ? *edited : body);
  request.last_downstream = steady_now();
  if (!sent) co_return client_failed(sent.error());
  hand_over_ +=
      (std::min<std::chrono::nanoseconds>(request.last_downstream - now, std::chrono::milliseconds(1)) - hand_over_) /
      16;
  note_usage(request, coding, body);
  if (request.guards_answer() && request.outcome.status < 300) {
    Result<std::optional<std::string>> plain = http::decode_body(coding, body, usage_body_limit);
    std::string seen(plain && *plain ? std::string_view(**plain) : body);
    if (edited) seen = request.tokens->empty() ? std::move(*edited) : without_restoring(request, seen);
    if (plain) co_await watch_outside(request, std::move(seen));
  }
  co_return Result<void>();
}

// A long answer that is no stream: what is held goes out, the rest follows piece by piece. Its x-sluice-overhead-us can
// only state the part before the provider.
Task<Result<void>> Pipeline::relay_rest(Request& request, std::string_view held) {
  std::string body(held);
  const std::string coding(request.answer.fields.get("content-encoding").value_or(""));
  request.answer.fields.set("x-sluice-overhead-us", std::to_string(overhead_before(request).count()));
  Result<void> sent = co_await request.exchange.start_response(std::move(request.answer), held);
  for (;;) {
    request.last_downstream = steady_now();
    if (!sent) co_return client_failed(sent.error());
    Result<std::string_view> piece = co_await request.upstream->read_body(in(live_->idle_time));
    if (!piece) co_return fail(piece.error());
    request.last_upstream = steady_now();
    if (piece->empty()) break;
    if (body.size() < usage_body_limit) body.append(*piece);
    sent = co_await request.exchange.write_body(*piece);
  }
  sent = co_await request.exchange.finish_response();
  request.last_downstream = steady_now();
  if (!sent) co_return client_failed(sent.error());
  note_usage(request, coding, body);
  co_return Result<void>();
}

// A stream goes on as it comes: nothing waits for a later piece, but pieces that arrived together leave together. Where
// a rule may change the answer, what it holds back waits (guarded_stream.h).
Task<Result<void>> Pipeline::relay_stream(Request& request) {
  StreamObserver observer(request.target.operation, request.answer.fields);
  guard::AnswerStream guarded = guarded_stream(request);
  Result<void> relayed = co_await relay_events(request, observer, guarded);
  if (guarded.guarded()) {
    if (!relayed) guarded.close(guard_.scratch);
    const guard::Outcomes outcomes = guarded.outcomes();
    note_outcomes(request, outcomes);
    note_unasked_providers(request);
    request.held_bytes = guarded.most_held_bytes();
    request.held_time = guarded.longest_delay();
    ++metrics_.guarded_streams;
    metrics_.stream_bytes_held += request.held_bytes;
    metrics_.stream_delay.observe(request.held_time);
    if (guarded.blocked()) {
      note_stopped_usage(request, guarded.text_bytes());
      co_return fail(blocked_error(request, outcomes));
    }
  }
  if (relayed && observer.end() == dialect::StreamEnd::failed) {
    request.outcome.decision = audit::Decision::failed;
    request.outcome.reason = "the provider reported an error in its stream";
  }
  co_return relayed;
}

Task<Result<void>> Pipeline::relay_events(Request& request, StreamObserver& observer, guard::AnswerStream& guarded) {
  http::ClientConnection& upstream = *request.upstream;
  const bool framed = upstream.framing().kind != http::Framing::Kind::until_close;
  std::string joined;
  std::string_view piece = with_ready({}, upstream, joined);
  Result<std::string_view> out = guarded.pass(piece, steady_now(), guard_.scratch);
  if (!out) co_return fail(out.error());
  Result<void> sent = co_await request.exchange.start_response(std::move(request.answer), *out);
  bool first = true;
  bool finished = false;
  for (;;) {
    request.last_downstream = steady_now();
    // Observed after it went on, so that counting delays nothing.
    observer.observe(piece);
    request.usage = observer.usage();
    if (first && !piece.empty()) metrics_.first_token.observe(request.last_downstream - request.sent);
    first = first && piece.empty();
    if (!sent) co_return client_failed(sent.error());
    if (finished || guarded.blocked()) break;
    Result<std::string_view> next = co_await upstream.read_body(in(live_->idle_time));
    if (!next) co_return fail(next.error());
    request.last_upstream = steady_now();
    // Without framing only the stream's own end event tells its end from a cut.
    if (next->empty() && !framed && observer.end() == dialect::StreamEnd::open)
      co_return fail(ErrorCode::connection_closed, "the stream ended without its end event");
    piece = with_ready(*next, upstream, joined);
    finished = piece.empty() || (framed && upstream.body_done());
    out = guarded.pass(piece, steady_now(), guard_.scratch);
    if (!out) co_return fail(out.error());
    if (!finished || guarded.blocked()) {
      sent = co_await request.exchange.write_body(*out);
      continue;
    }
    std::string last(*out);
    last.append(guarded.finish(steady_now(), guard_.scratch));
    if (guarded.blocked())
      sent = co_await request.exchange.write_body(last);
    else
      sent = co_await request.exchange.finish_response(last);
  }
  co_return Result<void>();
}

void Pipeline::settle(Request& request) {
  if (request.usage.reported || request.usage_estimated)
    request.outcome.tokens = audit::Tokens{.input = request.usage.input,
                                           .output = request.usage.output,
                                           .cache_read = request.usage.cache_read,
                                           .cache_write = request.usage.cache_write,
                                           .estimated = request.usage_estimated};
  metrics_.count_tokens(request.provider, request.model, request.usage);
}

// The completion of what had an intent, and the counters.
void Pipeline::finish(Request& request) {
  const SteadyPoint now = steady_now();
  audit::Outcome& outcome = request.outcome;
  auto overhead = std::chrono::microseconds(0);
  if (request.sent != SteadyPoint()) overhead += overhead_before(request);
  if (request.last_downstream > request.last_upstream && request.last_upstream != SteadyPoint())
    overhead += microseconds(request.last_downstream - request.last_upstream);
  outcome.latency_us = microseconds(now - request.started).count();
  outcome.overhead_us = overhead.count();
  outcome.guard_held_bytes = static_cast<std::int64_t>(request.held_bytes);
  outcome.guard_delay_us = microseconds(request.held_time).count();
  for (const audit::GuardrailOutcome& one : outcome.guardrails)
    metrics_.count_guardrail(one.rule, one.phase, one.action, one.count);
  metrics_.duration.observe(now - request.started);
  metrics_.overhead.observe(overhead);
  if (request.sent != SteadyPoint())
    metrics_.upstream.observe(std::max(request.last_upstream, request.sent) - request.sent);
  metrics_.count_request({.provider = request.provider,
                          .model = request.model,
                          .app = request.app,
                          .decision = audit::name_of(outcome.decision),
                          .status = outcome.status});
  if (!request.recorded) return;
  recorder_.completion({.time = wall_now(), .request_id = request.id, .outcome = std::move(outcome)});
}

}  // namespace sluice::gateway
