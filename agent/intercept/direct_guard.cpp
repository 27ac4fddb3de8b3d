#include "agent/intercept/direct_guard.h"

#include <array>

#include "base/ids.h"
#include "dialect/errors.h"
#include "dialect/request.h"
#include "dialect/usage.h"
#include "http/coding.h"
#include "policy/refusal.h"

namespace sluice::agent {
namespace {

using policy::Surface;

constexpr auto patience = std::chrono::seconds(120);
constexpr auto answer_patience = std::chrono::minutes(10);
constexpr std::array surfaces_of_requests{Surface::input, Surface::tool_results};
constexpr std::array surfaces_of_answers{Surface::output, Surface::tool_arguments};

bool is_event_stream(const http::Fields& fields) noexcept {
  return fields.get("content-type").value_or("").starts_with("text/event-stream");
}

}  // namespace

struct DirectGuard::Job {
  http::Exchange& exchange;
  const Flow& flow;
  Under under;
  guard::Guard::Selection rules = {};
  std::shared_ptr<guard::TokenVault> tokens = std::make_shared<guard::TokenVault>();
  std::optional<dialect::Target> target = {};
  dialect::Dialect dialect = dialect::Dialect::openai;
  std::string body = {};
  bool rewritten = false;
  SteadyPoint started = steady_now();
  audit::RequestFacts facts = {};
  audit::Outcome outcome = {};
  dialect::Usage usage = {};

  void note(const guard::Outcomes& outcomes) {
    for (const guard::Outcome& line : outcomes.lines())
      outcome.guardrails.push_back({.rule = line.rule,
                                    .action = line.action,
                                    .phase = line.surface,
                                    .found_by = line.found_by,
                                    .count = line.count});
  }
  [[nodiscard]] Error blocked(const guard::Outcomes& outcomes) const {
    const policy::FleetSnapshot& fleet = under.policy->fleet();
    return {ErrorCode::guardrail_blocked,
            guard::blocked_text(under.guard->document(), outcomes, fleet.org, fleet.contact)};
  }
};

DirectGuard::DirectGuard(Forwarder& forwarder, std::function<Result<void>(audit::Record)> record)
    : forwarder_(forwarder), record_(std::move(record)) {}

namespace {

audit::RequestFacts facts_of(const http::RequestHead& head, const Flow& flow, const DirectGuard::Under& under) {
  audit::RequestFacts facts;
  facts.request_id = RequestId::make().text();
  facts.client_request_id = std::string(head.fields.get("x-request-id").value_or("").substr(0, 200));
  facts.device = under.device_id;
  facts.user = flow.process.user;
  facts.app = under.app;
  facts.app_version = flow.app_version;
  facts.host = flow.host;
  facts.path = std::string(head.path().substr(0, 512));
  return facts;
}

}  // namespace

Task<RelayResult> DirectGuard::serve(http::Exchange& exchange, const Flow& flow, Under under) {
  const http::RequestHead& head = exchange.request();
  Job job{.exchange = exchange, .flow = flow, .under = std::move(under)};
  job.facts = facts_of(head, flow, job.under);
  job.target = dialect::target_of(head.method, head.target);
  if (const policy::GovernedHost* host = job.under.policy->host_named(flow.host)) {
    job.dialect = host->dialect;
    job.facts.provider = host->provider;
  }
  job.facts.dialect = dialect::name_of(job.dialect);
  job.rules = job.under.guard->select({.user = flow.process.user, .team = {}, .key = {}, .app = job.under.app});
  Result<std::string> body = co_await exchange.read_whole_body(body_limit);
  if (!body) co_return RelayResult{Relayed::failed_early, body.error()};
  job.body = std::move(*body);
  if (Result<void> allowed = check_request(job); !allowed) {
    RelayResult refused = co_await refuse(job, allowed.error());
    co_return refused;
  }
  // Rules with a provider can only flag answers: that they did not look is recorded, and stops nothing.
  guard::Outcomes unasked;
  guard::external_not_checked(*job.under.guard, job.rules, surfaces_of_answers, "not on the device", unasked);
  job.note(unasked);
  // A request that cannot be recorded goes on: here nothing is charged, and the device fails open (docs/security.md).
  const Result<void> recorded = record_(audit::Intent{.time = wall_now(), .request = job.facts});
  RelayResult result = co_await forward(job);
  if (result.how != Relayed::complete) {
    job.outcome.decision = result.how == Relayed::abandoned ? audit::Decision::interrupted : audit::Decision::failed;
    job.outcome.reason = result.how == Relayed::abandoned ? "the app went away" : result.error.message().substr(0, 512);
  }
  if (recorded) complete(job);
  co_return result;
}

// Every rule of these surfaces counts as not checked, and decides what that means.
Result<void> DirectGuard::check_nothing(Job& job, std::string_view reason) {
  guard::Outcomes outcomes;
  for (const Surface surface : surfaces_of_answers)
    guard::not_checked(*job.under.guard, job.rules, surface, reason, outcomes);
  job.note(outcomes);
  if (outcomes.blocked_by()) return fail(job.blocked(outcomes));
  return {};
}

Result<void> DirectGuard::check_request(Job& job) {
  const http::RequestHead& head = job.exchange.request();
  const std::string coding(head.fields.get("content-encoding").value_or("identity"));
  Result<std::optional<std::string>> decoded = http::decode_body(coding, job.body, body_limit);
  Result<guard::BodyVerdict> verdict = fail(ErrorCode::unsupported, "a request of an unknown form");
  if (!decoded) {
    verdict = fail(decoded.error());
  } else if (job.target) {
    const std::string_view plain = *decoded ? std::string_view(**decoded) : std::string_view(job.body);
    job.facts.operation = dialect::name_of(job.target->operation);
    dialect::RequestReader reader;
    if (const auto read = reader.read(*job.target, plain)) {
      job.facts.model = read->model.substr(0, 256);
      job.facts.streamed = read->streamed;
    }
    verdict = guard_.request(*job.under.guard, job.rules, *job.target, plain, *job.tokens, nullptr);
  }
  guard::Outcomes outcomes;
  if (verdict) {
    outcomes = verdict->outcomes;
  } else {
    for (const Surface surface : surfaces_of_requests)
      guard::not_checked(*job.under.guard, job.rules, surface, verdict.error().message(), outcomes);
  }
  guard::external_not_checked(*job.under.guard, job.rules, surfaces_of_requests, "not on the device", outcomes);
  job.note(outcomes);
  if (outcomes.blocked_by()) return fail(job.blocked(outcomes));
  if (!verdict || !verdict->body) return {};
  job.body = std::move(*verdict->body);
  job.rewritten = true;
  return {};
}

Task<RelayResult> DirectGuard::forward(Job& job) {
  Result<http::ConnectionPool::Lease> lease = co_await forwarder_.acquire_origin(job.flow);
  if (!lease) co_return RelayResult{Relayed::failed_early, lease.error()};
  http::RequestHead head = Forwarder::forwarded(job.exchange.request());
  if (job.rewritten) {
    head.fields.remove("content-encoding");
    head.fields.remove("transfer-encoding");
    head.fields.set("content-length", std::to_string(job.body.size()));
  }
  job.outcome.attempts = 1;
  Result<void> sent = co_await (*lease)->send(head, job.body, in(patience));
  Result<http::ResponseHead> answer = co_await forwarder_.read_answer(
      job.exchange, **lease, in(sent ? std::chrono::seconds(answer_patience) : patience));
  if (!answer) {
    lease->discard();
    if (answer.error().code != ErrorCode::cancelled)
      co_return RelayResult{Relayed::failed_early, sent ? answer.error() : sent.error()};
    job.exchange.abort();
    co_return RelayResult{Relayed::abandoned, answer.error()};
  }
  job.outcome.status = answer->status;
  http::remove_hop_by_hop(answer->fields);
  const bool streamed = is_event_stream(answer->fields);
  RelayResult result;
  if (streamed)
    result = co_await relay_stream(job, **lease, std::move(*answer));
  else
    result = co_await relay_whole(job, **lease, std::move(*answer));
  if (result.how != Relayed::complete || !(*lease)->body_done()) lease->discard();
  co_return result;
}

// The body that goes instead, uncoded, when a rule changed it.
Result<std::optional<std::string>> DirectGuard::check_whole_answer(Job& job, std::string_view coding,
                                                                   std::string_view body) {
  const auto unread = [&](std::string_view reason) -> Result<std::optional<std::string>> {
    if (Result<void> passes = check_nothing(job, reason); !passes) return fail(passes.error());
    return std::optional<std::string>();
  };
  if (!job.target) return unread("an answer of an unknown form");
  const Result<std::optional<std::string>> decoded = http::decode_body(coding, body, body_limit);
  if (!decoded) return unread("the content coding cannot be read");
  const std::string_view plain = *decoded ? std::string_view(**decoded) : body;
  job.usage = dialect::usage_of_body(job.target->operation, plain);
  Result<guard::BodyVerdict> verdict =
      guard_.answer(*job.under.guard, job.rules, job.target->operation, plain, *job.tokens);
  if (!verdict && job.outcome.status >= 400) return std::optional<std::string>();  // written by no model
  if (!verdict) return unread("the answer cannot be read");
  job.note(verdict->outcomes);
  if (verdict->outcomes.blocked_by()) return fail(job.blocked(verdict->outcomes));
  return std::move(verdict->body);
}

Task<RelayResult> DirectGuard::relay_whole(Job& job, http::ClientConnection& upstream, http::ResponseHead head) {
  Result<std::string> body = co_await upstream.read_whole_body(body_limit, in(answer_patience));
  if (!body) co_return RelayResult{Relayed::failed_early, body.error()};
  const std::string coding(head.fields.get("content-encoding").value_or(""));
  Result<std::optional<std::string>> edited = check_whole_answer(job, coding, *body);
  if (!edited) {
    RelayResult refused = co_await refuse(job, edited.error());
    co_return refused;
  }
  if (*edited) head.fields.remove("content-encoding");
  Result<void> sent = co_await job.exchange.respond(std::move(head), *edited ? **edited : *body);
  if (!sent) co_return RelayResult{Relayed::abandoned, sent.error()};
  co_return RelayResult{Relayed::complete, {}};
}

namespace {

guard::AnswerStream::Facts stream_facts(std::string_view coding) {
  guard::AnswerStream::Facts facts;
  if (coding.empty()) return facts;
  Result<http::BodyDecoder> decoder = http::BodyDecoder::make(coding);
  if (!decoder)
    facts.decoder = fail(decoder.error());
  else
    facts.decoder = [shared = std::make_shared<http::BodyDecoder>(std::move(*decoder))](std::string_view piece,
                                                                                        std::string& out) {
      return shared->feed(piece, out, DirectGuard::body_limit);
    };
  return facts;
}

}  // namespace

Task<RelayResult> DirectGuard::relay_stream(Job& job, http::ClientConnection& upstream, http::ResponseHead head) {
  guard::AnswerStream::Facts facts = stream_facts(head.fields.get("content-encoding").value_or(""));
  if (job.target) {
    facts.guard = job.under.guard;
    facts.rules = job.rules;
    facts.operation = job.target->operation;
    facts.tokens = job.tokens;
  } else if (Result<void> unchecked = check_nothing(job, "an answer of an unknown form"); !unchecked) {
    RelayResult refused = co_await refuse(job, unchecked.error());
    co_return refused;
  }
  guard::AnswerStream stream(std::move(facts));
  if (stream.replaces()) {
    head.fields.remove("content-encoding");
    head.fields.remove("content-length");
  }
  Result<void> written = co_await job.exchange.start_response(std::move(head));
  Result<std::string_view> piece = std::string_view();
  while (written && !stream.blocked()) {
    piece = co_await upstream.read_body(in(answer_patience));
    if (!piece || piece->empty()) break;
    piece = stream.pass(*piece, steady_now(), guard_.scratch);
    if (!piece) break;
    written = co_await job.exchange.write_body(*piece);
  }
  std::string last;
  if (piece && !stream.blocked()) last = stream.finish(steady_now(), guard_.scratch);
  if (!written || !piece) stream.close(guard_.scratch);
  const guard::Outcomes outcomes = stream.outcomes();
  job.note(outcomes);
  job.outcome.guard_held_bytes = static_cast<std::int64_t>(stream.most_held_bytes());
  if (stream.blocked()) {
    const Error error = job.blocked(outcomes);
    job.outcome.decision = audit::Decision::denied;
    job.outcome.reason = error.detail;
    last += dialect::error_event(job.target->operation, 400, error.detail, error.name(), job.facts.request_id);
  }
  if (written && piece) written = co_await job.exchange.finish_response(last);
  if (written && piece) co_return RelayResult{Relayed::complete, {}};
  job.exchange.abort();
  if (!written) co_return RelayResult{Relayed::abandoned, written.error()};
  co_return RelayResult{Relayed::cut, piece.error()};
}

Task<RelayResult> DirectGuard::refuse(Job& job, Error error) {
  dialect::Answer answer = job.target ? policy::refusal_to_app({.app = job.under.app,
                                                                .operation = job.target->operation,
                                                                .streamed = job.facts.streamed,
                                                                .reason = error.detail,
                                                                .request_id = job.facts.request_id,
                                                                .model = job.facts.model,
                                                                .code = error.name()})
                                      : policy::refusal_to_app(job.dialect, error.detail, "", job.facts.request_id);
  http::ResponseHead head;
  head.status = answer.status;
  for (const auto& [name, value] : answer.headers) head.fields.add(name, value);
  const bool before_sending = job.outcome.attempts == 0;
  job.outcome.decision = audit::Decision::denied;
  job.outcome.reason = error.detail;
  job.outcome.status = answer.status;
  if (before_sending) {
    job.outcome.latency_us = std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - job.started).count();
    static_cast<void>(record_(audit::Refusal{.time = wall_now(), .request = job.facts, .outcome = job.outcome}));
  }
  Result<void> sent = co_await job.exchange.respond(std::move(head), answer.body);
  if (!sent) co_return RelayResult{Relayed::abandoned, sent.error()};
  co_return RelayResult{Relayed::complete, {}};
}

void DirectGuard::complete(Job& job) {
  if (job.usage.reported)
    job.outcome.tokens = audit::Tokens{.input = job.usage.input,
                                       .output = job.usage.output,
                                       .cache_read = job.usage.cache_read,
                                       .cache_write = job.usage.cache_write};
  job.outcome.latency_us = std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - job.started).count();
  static_cast<void>(record_(
      audit::Completion{.time = wall_now(), .request_id = job.facts.request_id, .outcome = std::move(job.outcome)}));
}

}  // namespace sluice::agent
