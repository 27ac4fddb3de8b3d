// The guard steps of the pipeline: the request before it is routed, and an answer that is no stream. Streams:
// guarded_stream.h.
#include "gateway/pipeline/guard_outcomes.h"
#include "gateway/pipeline/pipeline.h"
#include "http/coding.h"

namespace sluice::gateway {
namespace {

using policy::Surface;

constexpr std::size_t decoded_limit = 32 * 1024 * 1024;  // of a whole answer, and of one piece of a stream

}  // namespace

void note_outcomes(Request& request, const guard::Outcomes& outcomes) {
  for (const guard::Outcome& line : outcomes.lines())
    request.outcome.guardrails.push_back({.rule = line.rule,
                                          .action = line.action,
                                          .phase = line.surface,
                                          .found_by = line.found_by,
                                          .count = line.count});
}

Error blocked_error(const Request& request, const guard::Outcomes& outcomes) {
  const policy::FleetSnapshot& fleet = request.policy->fleet();
  return {ErrorCode::guardrail_blocked,
          guard::blocked_text(request.policy->guard()->document(), outcomes, fleet.org, fleet.contact)};
}

// Takes the content coding out of the answer's head when the body will not go on as it came.
guard::AnswerStream guarded_stream(Request& request) {
  if (!request.guards_answer()) return {};
  guard::AnswerStream::Facts facts{.guard = request.policy->guard(),
                                   .rules = request.guard_rules,
                                   .operation = request.target.operation,
                                   .tokens = request.tokens};
  if (const auto coding = request.answer.fields.get("content-encoding")) {
    Result<http::BodyDecoder> decoder = http::BodyDecoder::make(*coding);
    if (decoder)
      facts.decoder = [shared = std::make_shared<http::BodyDecoder>(std::move(*decoder))](
                          std::string_view piece, std::string& out) { return shared->feed(piece, out, decoded_limit); };
    else
      facts.decoder = fail(decoder.error());
  }
  guard::AnswerStream stream(std::move(facts));
  if (!stream.replaces()) return stream;
  request.answer.fields.remove("content-encoding");
  request.answer.fields.remove("content-length");
  return stream;
}

void note_unasked_providers(Request& request) {
  guard::Outcomes outcomes;
  guard::external_not_checked(*request.policy->guard(), request.guard_rules,
                              std::array{Surface::output, Surface::tool_arguments}, "streamed", outcomes);
  note_outcomes(request, outcomes);
}

// Looks at what the rules for this user, team, key and app look at, and edits the body where they say so.
Task<Result<void>> Pipeline::guard_input(Request& request) {
  const GuardPtr& guard = request.policy->guard();
  if (!guard) co_return Result<void>();
  request.guard_rules = guard->select({.user = request.user,
                                       .team = request.key != nullptr ? std::string_view(request.key->key.team) : "",
                                       .key = request.key != nullptr ? std::string_view(request.key->key.id) : "",
                                       .app = request.app});
  request.tokens = std::make_shared<guard::TokenVault>();
  if (!request.guard_rules.any(Surface::input) && !request.guard_rules.any(Surface::tool_results))
    co_return Result<void>();
  const SteadyPoint began = steady_now();
  findings_.use(guard);
  const std::uint64_t remembered = findings_.hits();
  Result<guard::BodyVerdict> verdict =
      guard_.request(*guard, request.guard_rules, request.target, request.plain_body(), *request.tokens, &findings_);
  metrics_.texts_remembered += findings_.hits() - remembered;
  metrics_.guard_scan.observe(steady_now() - began);
  if (!verdict) co_return fail(verdict.error());
  co_return take_verdict(request, std::move(*verdict));
}

Result<void> Pipeline::take_verdict(Request& request, guard::BodyVerdict verdict) {
  note_outcomes(request, verdict.outcomes);
  if (verdict.outcomes.blocked_by()) return fail(blocked_error(request, verdict.outcomes));
  if (!verdict.body) return {};
  request.body = std::move(*verdict.body);
  request.decoded.reset();
  request.rewritten = true;
  // Where the model's name stands may have moved.
  Result<dialect::RequestFacts> facts = reader_.read(request.target, request.body);
  if (!facts) return fail(facts.error());
  request.facts = std::move(*facts);
  return {};
}

Result<void> Pipeline::pass_unchecked(Request& request, std::string_view reason) {
  if (!request.guards_answer()) return {};
  guard::Outcomes outcomes;
  for (const Surface surface : {Surface::output, Surface::tool_arguments})
    guard::not_checked(*request.policy->guard(), request.guard_rules, surface, reason, outcomes);
  note_outcomes(request, outcomes);
  if (outcomes.blocked_by()) return fail(blocked_error(request, outcomes));
  return {};
}

// An answer that is no stream: nullopt when it goes as it came; guardrail_blocked when it may not go.
Result<std::optional<std::string>> Pipeline::guard_whole(Request& request, std::string_view coding,
                                                         std::string_view body) {
  const GuardPtr& guard = request.policy->guard();
  const SteadyPoint began = steady_now();
  Result<std::optional<std::string>> decoded = http::decode_body(coding, body, decoded_limit);
  Result<guard::BodyVerdict> verdict =
      decoded ? guard_.answer(*guard, request.guard_rules, request.target.operation,
                              *decoded ? std::string_view(**decoded) : body, *request.tokens)
              : fail(decoded.error());
  metrics_.guard_scan.observe(steady_now() - began);
  if (!verdict) {
    // A provider's error page need not be JSON, and no model wrote it.
    if (request.outcome.status >= 400) return std::optional<std::string>();
    if (Result<void> unchecked = pass_unchecked(request, "the answer cannot be read"); !unchecked)
      return fail(unchecked.error());
    return std::optional<std::string>();
  }
  note_outcomes(request, verdict->outcomes);
  if (verdict->outcomes.blocked_by()) return fail(blocked_error(request, verdict->outcomes));
  return std::move(verdict->body);
}

}  // namespace sluice::gateway
