#include "audit/record.h"

#include <array>

#include "audit/json_text.h"
#include "audit/record_text.h"

namespace sluice::audit {
namespace {

constexpr std::array<std::string_view, 5> decision_names{"allowed", "denied", "refused", "failed", "interrupted"};

void text(std::string& out, std::string_view key, std::string_view value) {
  out.append(key);
  append_text(out, value);
}
void number(std::string& out, std::string_view key, std::int64_t value) {
  out.append(key);
  append_number(out, value);
}

void before_personal(std::string& out, TimePoint time, const RequestFacts& request) {
  text(out, R"(,"time":)", to_rfc3339(time));
  text(out, R"(,"request_id":)", request.request_id);
  text(out, R"(,"client_request_id":)", request.client_request_id);
}

void personal(std::string& out, const RequestFacts& request) {
  text(out, R"(,"device":)", request.device);
  text(out, R"(,"user":)", request.user);
}

void after_personal(std::string& out, const RequestFacts& request) {
  text(out, R"(,"app":)", request.app);
  text(out, R"(,"app_version":)", request.app_version);
  text(out, R"(,"virtual_key":)", request.virtual_key);
  if (!request.team.empty()) text(out, R"(,"team":)", request.team);
  text(out, R"(,"provider":)", request.provider);
  text(out, R"(,"model":)", request.model);
  text(out, R"(,"dialect":)", request.dialect);
  text(out, R"(,"operation":)", request.operation);
  out += request.streamed ? R"(,"streamed":true)" : R"(,"streamed":false)";
  text(out, R"(,"host":)", request.host);
  text(out, R"(,"path":)", request.path);
}

void usage(std::string& out, const Outcome& outcome) {
  if (const std::optional<Tokens>& tokens = outcome.tokens) {
    number(out, R"(,"tokens":{"input":)", tokens->input);
    number(out, R"(,"output":)", tokens->output);
    number(out, R"(,"cache_read":)", tokens->cache_read);
    number(out, R"(,"cache_write":)", tokens->cache_write);
    if (tokens->estimated) out += R"(,"estimated":true)";
    out.push_back('}');
  } else {
    out += R"(,"tokens":null)";
  }
  if (outcome.cost_nanodollars)
    number(out, R"(,"cost_nanodollars":)", *outcome.cost_nanodollars);
  else
    out += R"(,"cost_nanodollars":null)";
}

void outcome_fields(std::string& out, const Outcome& outcome) {
  text(out, R"(,"decision":)", name_of(outcome.decision));
  text(out, R"(,"reason":)", outcome.reason);
  number(out, R"(,"status":)", outcome.status);
  text(out, R"(,"upstream_request_id":)", outcome.upstream_request_id);
  usage(out, outcome);
  number(out, R"(,"latency_us":)", outcome.latency_us);
  number(out, R"(,"overhead_us":)", outcome.overhead_us);
  number(out, R"(,"attempts":)", outcome.attempts);
  out += R"(,"guardrails":[)";
  for (std::size_t i = 0; i < outcome.guardrails.size(); ++i) {
    const GuardrailOutcome& guardrail = outcome.guardrails[i];
    text(out, i == 0 ? R"({"rule":)" : R"(,{"rule":)", guardrail.rule);
    text(out, R"(,"action":)", guardrail.action);
    text(out, R"(,"phase":)", guardrail.phase);
    text(out, R"(,"found_by":)", guardrail.found_by);
    number(out, R"(,"count":)", guardrail.count);
    out.push_back('}');
  }
  out.push_back(']');
  if (outcome.guard_held_bytes == 0) return;
  number(out, R"(,"guard_held_bytes":)", outcome.guard_held_bytes);
  number(out, R"(,"guard_delay_us":)", outcome.guard_delay_us);
}

struct Fields {
  DraftRecord& draft;

  void operator()(const Intent& intent) const {
    draft.head = R"({"type":"intent","origin":)";
    before_personal(draft.middle, intent.time, intent.request);
    personal(draft.personal_fields, intent.request);
    draft.rest.reserve(512);
    after_personal(draft.rest, intent.request);
    draft.rest.push_back('}');
  }
  void operator()(const Completion& completion) const {
    draft.head = R"({"type":"completion","origin":)";
    draft.middle.reserve(512);
    text(draft.middle, R"(,"time":)", to_rfc3339(completion.time));
    text(draft.middle, R"(,"request_id":)", completion.request_id);
    outcome_fields(draft.middle, completion.outcome);
    draft.rest = "}";
  }
  void operator()(const Refusal& refusal) const {
    draft.head = R"({"type":"refusal","origin":)";
    before_personal(draft.middle, refusal.time, refusal.request);
    personal(draft.personal_fields, refusal.request);
    draft.rest.reserve(1024);
    after_personal(draft.rest, refusal.request);
    outcome_fields(draft.rest, refusal.outcome);
    draft.rest.push_back('}');
  }
};

}  // namespace

std::string_view name_of(Decision decision) noexcept {
  return decision_names[static_cast<std::size_t>(decision)];
}

const std::string& request_id_of(const Record& record) noexcept {
  if (const auto* intent = std::get_if<Intent>(&record)) return intent->request.request_id;
  if (const auto* completion = std::get_if<Completion>(&record)) return completion->request_id;
  return std::get_if<Refusal>(&record)->request.request_id;
}

TimePoint time_of(const Record& record) noexcept {
  return std::visit([](const auto& any) { return any.time; }, record);
}

DraftRecord record_fields(const Record& record) {
  DraftRecord draft;
  std::visit(Fields{draft}, record);
  return draft;
}

std::string to_json(const PlacedRecord& placed) {
  const DraftRecord fields = record_fields(placed.record);
  std::string out = fields.head;
  append_text(out, placed.origin);
  out += R"(,"sequence":)";
  append_number(out, placed.sequence);
  return out + fields.middle + fields.personal_fields + fields.rest;
}

}  // namespace sluice::audit
