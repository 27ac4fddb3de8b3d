// /api/guardrails/test: what would happen with a text.
#include <algorithm>

#include "console_backend/api/guardrail_change.h"
#include "console_backend/api/routes.h"
#include "console_backend/guardrails/document.h"
#include "console_backend/guardrails/trial.h"
#include "guard/body_guard.h"

namespace sluice::console {

namespace {

struct TrialRequest {
  TrialText text;
  const JsonObject* rule = nullptr;
  const JsonValue* parts = nullptr;
};

policy::Surface surface_of(JsonFields& fields) {
  const std::string name = fields.choice("surface", {"input", "tool_results", "output", "tool_arguments"});
  for (std::size_t i = 0; i < policy::surface_count; ++i) {
    if (policy::name_of(static_cast<policy::Surface>(i)) == name) return static_cast<policy::Surface>(i);
  }
  return policy::Surface::input;
}

Result<TrialRequest> read_trial(const JsonValue& document) {
  JsonFields fields(document);
  TrialRequest request;
  request.text.text = fields.text("text", longest_trial);
  request.text.surface = surface_of(fields);
  if (fields.has("subject")) {
    JsonFields subject = fields.object("subject");
    request.text.user = subject.optional_text("user", 256).value_or("");
    request.text.team = subject.optional_text("team", 256).value_or("");
    request.text.key = subject.optional_text("key", 256).value_or("");
    request.text.app = subject.optional_text("app", 256).value_or("");
  }
  if (const JsonValue* rule = fields.raw("rule")) {
    request.rule = std::get_if<JsonObject>(&rule->data);
    if (request.rule == nullptr) fields.refuse("rule", "must be an object");
  }
  request.parts = fields.raw("parts");
  if (std::optional<Error> error = fields.finish()) return fail(*error);
  return request;
}

// The draft stands over the stored rule of its id, and is tried as if it were enabled. Returns its index.
Result<std::size_t> overlay_draft(GuardRows& rows, JsonObject draft) {
  std::string id = "draft";
  for (const JsonMember& member : draft) {
    const auto* text = std::get_if<std::string>(&member.value.data);
    if (member.key == "id" && text != nullptr && !text->empty()) id = *text;
  }
  std::erase_if(draft, [](const JsonMember& member) {
    return member.key == "id" || member.key == "enabled" || member.key == "position";
  });
  draft.push_back({"enabled", JsonValue{true}});
  return rows.overlay(Part::rule, id, draft);
}

Error of_draft(Error error, std::size_t index) {
  const std::string own = "rules[" + std::to_string(index) + "]";
  if (error.detail.starts_with(own)) error.detail.replace(0, own.size(), "rule");
  return error;
}

// Three places, rounded down: a score just under its threshold must not read as one that reached it.
double shown(float score) {
  return static_cast<double>(static_cast<int>(score * 1000)) / 1000;
}

void write_trial(JsonWriter& json, const Trial& trial, const policy::GuardrailDocument& document, std::string_view org,
                 std::string_view contact) {
  json.begin_object();
  maybe_text(json, "blocked_by", trial.blocked_by ? document.rules[*trial.blocked_by].id : "");
  maybe_text(json, "message", trial.blocked_by ? guard::blocked_text(document, trial.outcomes, org, contact) : "");
  json.field("redacted", trial.redacted).field("rules", trial.rules).key("findings").begin_array();
  for (const guard::Finding& finding : trial.findings) {
    json.begin_object().field("start", std::int64_t{finding.start}).field("end", std::int64_t{finding.end});
    json.field("detector", guard::name_of(finding.detector)).field("found_by", finding.rule);
    json.field("type", finding.type).field("score", shown(finding.score));
    json.field("hit", finding.hit).end_object();
  }
  json.end_array().key("matches").begin_array();
  for (const TrialMatch& match : trial.matches) {
    json.begin_object().field("rule", match.rule).field("action", policy::name_of(match.action));
    json.field("start", std::int64_t{match.start}).field("end", std::int64_t{match.end});
    json.field("detector", match.detector).field("found_by", match.found_by).field("type", match.type).end_object();
  }
  json.end_array().key("not_run").begin_array();
  for (const TrialNotRun& one : trial.not_run) {
    json.begin_object().field("rule", one.rule).field("reason", one.reason).end_object();
  }
  json.end_array().end_object();
}

Outcome try_guardrails(Services& services, Call& call) {
  Result<JsonValue> body = parse_json(call.body);
  if (!body) return problem(body.error());
  Result<TrialRequest> request = read_trial(*body);
  if (!request) return problem(request.error());
  Result<GuardRows> rows = services.config.read([](store::Session& session) { return GuardRows::read(session); });
  if (!rows) return problem(rows.error());
  std::vector<GuardRows::Laid> laid;
  if (request->parts != nullptr) {
    Result<std::vector<GuardRows::Laid>> put = rows->overlay_parts(*request->parts);
    if (!put) return problem(put.error());
    laid = std::move(*put);
  }
  std::size_t index = rows->of(Part::rule).size();
  if (request->rule != nullptr) {
    Result<std::size_t> put = overlay_draft(*rows, *request->rule);
    if (!put) return problem(put.error());
    index = *put;
  }
  Result<policy::GuardrailDocument> document = rows->document();
  if (!document) return problem(seen_from(of_draft(document.error(), index), laid));
  Result<GuardCheck::Turn> turn = services.guard_check.turn();
  if (!turn) return problem(turn.error());
  auto guard = compile_guardrails(services, *turn, *document);
  turn->unlock();
  if (!guard) return problem(seen_from(of_draft(guard.error(), index), laid));
  Result<Trial> trial = try_text(**guard, request->text);
  if (!trial) return problem(trial.error());
  JsonWriter json;
  write_trial(json, *trial, (*guard)->document(), services.keys.org, services.facts.contact);
  return json_answer(json.take());
}

}  // namespace

void add_guardrail_trial_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({"POST", "/api/guardrails/test", Access::administrator,
                    [&](Call& call) { return try_guardrails(services, call); }});
}

}  // namespace sluice::console
