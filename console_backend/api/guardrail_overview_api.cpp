// /api/guardrails/{templates,outcomes}: where to start, and what happened.
#include "console_backend/activity/guardrail_counts.h"
#include "console_backend/api/routes.h"
#include "console_backend/guardrails/templates.h"
#include "guard/custom/templates.h"
#include "policy/guard_providers.h"

namespace sluice::console {

namespace {

void write_option(JsonWriter& json, const policy::ProviderOption& option) {
  json.begin_object().field("name", option.name);
  json.field("required", option.need == policy::ProviderOption::Need::required).field("meaning", option.meaning);
  json.key("choices").begin_array();
  if (option.form == policy::ProviderOption::Form::choice) {
    for (std::string_view choice : option.choices) json.text(choice);
  }
  json.end_array().end_object();
}

void write_provider_kinds(JsonWriter& json) {
  json.key("providers").begin_array();
  for (const policy::ProviderKind& kind : policy::provider_kinds()) {
    const bool optional = kind.credential == policy::ProviderKind::Credential::optional;
    json.begin_object().field("name", kind.name).field("title", kind.title);
    maybe_text(json, "usual_url", kind.usual_url);
    json.field("credential", optional ? "optional" : "required").field("credential_meaning", kind.credential_meaning);
    json.key("options").begin_array();
    for (const policy::ProviderOption& option : kind.options) write_option(json, option);
    json.end_array().end_object();
  }
  json.end_array();
}

// A ready pattern, word list or topic, with a rule that only flags what it finds.
void write_ready_part(JsonWriter& json, const guard::RuleTemplate& made) {
  json.begin_object().field("id", "ready-" + made.id).field("title", made.title);
  json.field("description", "Finds something in: " + made.sample).key("rule").begin_object();
  json.field("id", "flag-" + made.id).field("name", made.title).key("on").begin_array().text("input").end_array();
  json.key("detectors").begin_array().begin_object().field("kind", "custom").key("names").begin_array();
  json.text(made.id).end_array().end_object().end_array().field("action", "flag").end_object();
  json.key("parts").begin_object();
  const Result<JsonValue> fragment = parse_json(policy::print_guardrails(made.fragment));
  for (const char* member : {"patterns", "word_lists", "topics"}) {
    const JsonValue* const list = fragment ? fragment->find(member) : nullptr;
    const auto* const items = list != nullptr ? std::get_if<JsonArray>(&list->data) : nullptr;
    if (items != nullptr && !items->empty()) json.key(member).value(*list);
  }
  json.end_object().end_object();
}

// The words that fields may hold come along, so that pages and scripts offer what this release knows.
Outcome list_templates(Services& /*services*/, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (std::string_view one : guardrail_templates()) {
    const Result<JsonValue> object = parse_json(one);
    if (object) json.value(*object);
  }
  for (const guard::RuleTemplate& made : guard::rule_templates()) write_ready_part(json, made);
  json.end_array().key("vocabulary").begin_object();
  using policy::DetectorKind;
  for (const auto& [name, kind] :
       {std::pair{"secrets", DetectorKind::secrets}, std::pair{"pii", DetectorKind::pii},
        std::pair{"injection", DetectorKind::injection}, std::pair{"modalities", DetectorKind::limits}}) {
    json.key(name).begin_array();
    for (std::string_view word : policy::detector_types(kind)) json.text(word);
    json.end_array();
  }
  write_provider_kinds(json);
  return json_answer(json.end_object().end_object().take());
}

constexpr std::int64_t most_steps = 800;
constexpr std::size_t most_counts = 20'000;

Result<GuardrailCountQuery> read_count_query(Query& query, TimePoint now) {
  const std::string bucket = query.choice("bucket", {"5m", "1h", "1d"});
  const std::optional<TimePoint> to = query.time("to");
  const std::optional<TimePoint> from = query.time("from");
  GuardrailCountQuery wanted;
  wanted.rule = query.text("rule", 64);
  if (std::optional<Error> error = query.finish()) return fail(*error);
  wanted.step = bucket == "5m" ? guardrail_bucket : bucket == "1d" ? std::chrono::hours(24) : std::chrono::hours(1);
  wanted.to = to.value_or(now);
  wanted.from = from.value_or(wanted.to - std::chrono::hours(24));
  if (wanted.from >= wanted.to) return fail(ErrorCode::invalid_argument, "from: must be before to");
  if ((wanted.to - wanted.from) / wanted.step > most_steps) {
    return fail(ErrorCode::invalid_argument,
                "bucket: more than " + std::to_string(most_steps) + " steps; choose a longer one");
  }
  return wanted;
}

std::string_view name_of_step(std::chrono::seconds step) {
  return step == guardrail_bucket ? "5m" : step == std::chrono::hours(1) ? "1h" : "1d";
}

Outcome list_outcomes(Services& services, Call& call) {
  Query query(call);
  Result<GuardrailCountQuery> wanted = read_count_query(query, services.clock.now());
  if (!wanted) return problem(wanted.error());
  Result<std::vector<GuardrailCount>> counts =
      services.audit.read([&](store::Session& session) { return guardrail_counts(session, *wanted, most_counts + 1); });
  if (!counts) return problem(counts.error());
  if (counts->size() > most_counts) {
    return problem(ErrorCode::invalid_argument, "bucket: too many rows; choose a longer one, a shorter time or a rule");
  }
  JsonWriter json;
  json.begin_object().field("from", wanted->from).field("to", wanted->to).field("bucket", name_of_step(wanted->step));
  json.key("items").begin_array();
  for (const GuardrailCount& one : *counts) {
    json.begin_object().field("time", one.time).field("rule", one.rule).field("action", one.action);
    json.field("phase", one.phase).field("requests", one.requests).field("findings", one.findings).end_object();
  }
  return json_answer(json.end_array().end_object().take());
}

}  // namespace

void add_guardrail_overview_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  routes.push_back(
      {"GET", "/api/guardrails/templates", who, [&](Call& call) { return list_templates(services, call); }});
  routes.push_back({"GET", "/api/guardrails/outcomes", who, [&](Call& call) { return list_outcomes(services, call); }});
}

}  // namespace sluice::console
