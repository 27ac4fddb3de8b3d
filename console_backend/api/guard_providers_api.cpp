// /api/guardrails/providers: external checks. A credential goes in and never comes out.
#include <algorithm>

#include "console_backend/api/guardrail_change.h"
#include "console_backend/api/routes.h"
#include "console_backend/guardrails/document.h"
#include "console_backend/guardrails/guard_providers.h"
#include "policy/guard_providers.h"

namespace sluice::console {

namespace {

constexpr std::size_t longest_credential = 16 * 1024;

void write_settings(JsonWriter& json, const policy::GuardProvider& settings) {
  json.field("id", settings.id).field("kind", settings.kind).field("url", settings.url);
  json.key("options").begin_object();
  for (const auto& [name, value] : settings.options) json.field(name, value);
  json.end_object().field("timeout_ms", settings.timeout_ms).field("calls_per_minute", settings.calls_per_minute);
  json.field("breaker_failures", settings.breaker_failures);
  json.field("breaker_open_seconds", settings.breaker_open_seconds);
}

void write_provider(JsonWriter& json, const GuardProviderRow& row) {
  json.begin_object();
  write_settings(json, row.settings);
  json.field("has_credential", !row.credential_sealed.empty()).field("updated_at", row.updated_at).end_object();
}

Outcome list_providers(Services& services, Call& call) {
  Query query(call);
  const PageRequest page = query.page();
  if (std::optional<Error> error = query.finish()) return problem(*error);
  Result<std::vector<GuardProviderRow>> all =
      services.config.read([](store::Session& session) { return guard_providers(session); });
  if (!all) return problem(all.error());
  Page<GuardProviderRow> shown = page_of(std::move(*all), page);
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const GuardProviderRow& row : shown.items) write_provider(json, row);
  json.end_array();
  next_cursor(json, shown.next);
  return json_answer(json.end_object().take());
}

Outcome answer_with(const std::optional<GuardProviderRow>& row, int status) {
  if (!row) return problem(ErrorCode::not_found, "there is no such guardrail provider");
  JsonWriter json;
  write_provider(json, *row);
  return json_answer(json.take(), status);
}

Outcome get_provider(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<std::optional<GuardProviderRow>> row =
      services.config.read([&](store::Session& session) { return find_guard_provider(session, call.parameter("id")); });
  if (!row) return problem(row.error());
  return answer_with(*row, 200);
}

struct ProviderPut {
  policy::GuardProvider settings;
  std::optional<Secret> credential;
};

// null removes the credential, absence keeps it.
Result<std::optional<Secret>> credential_of(const JsonValue& body) {
  const JsonValue* given = body.find("credential");
  if (given == nullptr) return std::nullopt;
  if (std::holds_alternative<std::nullptr_t>(given->data)) return Secret();
  const auto* text = std::get_if<std::string>(&given->data);
  if (text == nullptr || text->empty() || text->size() > longest_credential) {
    return fail(ErrorCode::invalid_argument, "credential: must be a text of 1 to 16384 bytes; null removes it");
  }
  return Secret(*text);
}

// What the body names, over what there is; read as gateways read it.
Result<ProviderPut> read_put(const std::optional<GuardProviderRow>& present, const std::string& id,
                             const std::string& body_text) {
  Result<JsonValue> body = parse_json(body_text);
  if (!body) return fail(body.error());
  const auto* members = std::get_if<JsonObject>(&body->data);
  if (members == nullptr) return fail(ErrorCode::malformed, "the body must be an object");
  JsonWriter json;
  json.begin_object();
  policy::GuardProvider before;
  before.id = id;
  write_settings(json, present ? present->settings : before);
  JsonValue merged = *parse_json(json.end_object().take());
  auto& object = std::get<JsonObject>(merged.data);
  for (const JsonMember& member : *members) {
    if (member.key == "credential") continue;
    const auto same = std::ranges::find(object, member.key, &JsonMember::key);
    if (same == object.end()) {
      object.push_back(member);
    } else {
      same->value = member.value;
    }
  }
  Result<std::optional<Secret>> credential = credential_of(*body);
  if (!credential) return fail(credential.error());
  JsonFields fields(merged);
  ProviderPut put{policy::read_guard_provider(fields), std::move(*credential)};
  if (put.settings.id != id) fields.refuse("id", "must be the one of the path");
  if (std::optional<Error> error = fields.finish()) return fail(*error);
  // A credential goes where it was meant to go, not to whatever address is written over it.
  const bool elsewhere = present && !present->credential_sealed.empty() &&
                         (put.settings.url != present->settings.url || put.settings.kind != present->settings.kind);
  if (elsewhere && !put.credential)
    return fail(ErrorCode::invalid_argument,
                "credential: must be given again when url or kind change; null removes it");
  // What a vendor wants and does not get makes every request that asks it "misconfigured".
  const bool stays = !put.credential && present && !present->credential_sealed.empty();
  if (stays) return put;
  if (put.credential) put.settings.credential = put.credential->duplicate();
  const auto wrong = policy::check_provider_credential(put.settings);
  put.settings.credential = Secret();
  if (wrong) return fail(ErrorCode::invalid_argument, wrong->path + ": " + wrong->what);
  return put;
}

Outcome put_provider(Services& services, Call& call) {
  const std::string id = call.parameter("id");
  if (!is_chosen_id(id)) {
    return problem(ErrorCode::invalid_argument, "id: letters, digits, '.', '_' and '-', at most 64, are possible");
  }
  Result<GuardCheck::Turn> turn = services.guard_check.turn();
  if (!turn) return problem(turn.error());
  bool created = false;
  Result<std::optional<GuardProviderRow>> row =
      services.config.write([&](store::Session& session) -> Result<std::optional<GuardProviderRow>> {
        const std::optional<GuardProviderRow> present = find_guard_provider(session, id);
        created = !present;
        if (present && call.field("if-none-match") == "*")
          return fail(ErrorCode::conflict, "there is one with the id " + id + " already");
        Result<ProviderPut> put = read_put(present, id, call.body);
        if (!put) return fail(put.error());
        put_guard_provider(session, services.master, put->settings, put->credential, services.clock.now());
        // The whole has bounds too: how many providers there may be.
        Result<policy::GuardrailDocument> document = guardrail_document(session);
        if (!document) return fail(document.error());
        if (Result<void> fits = check_size(*document); created && !fits) return fail(fits.error());
        return find_guard_provider(session, id);
      });
  if (!row) return problem(row.error());
  if (Result<void> told = tell_guardrails(services, call, "guardrail_provider.put", id, ""); !told)
    return problem(told.error());
  return answer_with(*row, created ? 201 : 200);
}

Outcome delete_provider(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  const std::string id = call.parameter("id");
  Result<GuardCheck::Turn> turn = services.guard_check.turn();
  if (!turn) return problem(turn.error());
  Result<bool> removed = services.config.write([&](store::Session& session) -> Result<bool> {
    Result<policy::GuardrailDocument> document = guardrail_document(session);
    if (!document) return fail(document.error());
    std::string users;
    for (const std::string& user : users_of_provider(*document, id)) users.append(users.empty() ? "" : ", ") += user;
    if (!users.empty()) return fail(ErrorCode::conflict, "the guardrail provider " + id + " is used by rules " + users);
    return remove_guard_provider(session, id);
  });
  if (!removed) return problem(removed.error());
  if (!*removed) return problem(ErrorCode::not_found, "there is no such guardrail provider");
  if (Result<void> told = tell_guardrails(services, call, "guardrail_provider.delete", id, ""); !told)
    return problem(told.error());
  return no_content();
}

}  // namespace

void add_guard_provider_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  const auto add = [&](std::string_view method, std::string_view pattern, Outcome (*function)(Services&, Call&)) {
    routes.push_back({method, pattern, who, [&services, function](Call& call) { return function(services, call); }});
  };
  add("GET", "/api/guardrails/providers", list_providers);
  add("GET", "/api/guardrails/providers/{id}", get_provider);
  add("PUT", "/api/guardrails/providers/{id}", put_provider);
  add("DELETE", "/api/guardrails/providers/{id}", delete_provider);
}

}  // namespace sluice::console
