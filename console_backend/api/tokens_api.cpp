// /api/enrolment-tokens, /api/api-tokens
#include <algorithm>

#include "config/settings.h"
#include "console_backend/api/routes.h"
#include "console_backend/devices/enrolment_tokens.h"

namespace sluice::console {

namespace {

Outcome list_enrolment_tokens(Services& services, Call& call) {
  Query query(call);
  const PageRequest page = query.page();
  if (std::optional<Error> error = query.finish()) return problem(*error);
  Result<std::vector<EnrolmentTokenRow>> all =
      services.config.read([&](store::Session& session) { return enrolment_tokens(session, services.clock.now()); });
  if (!all) return problem(all.error());
  Page<EnrolmentTokenRow> shown = page_of(std::move(*all), page);
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const EnrolmentTokenRow& token : shown.items) {
    json.begin_object().field("id", token.id).field("for", name_of(token.purpose));
    json.field("created_by", token.created_by).field("created_at", token.created_at);
    json.field("expires_at", token.expires_at).field("uses", token.uses);
    json.field("used", token.uses - token.uses_left).end_object();
  }
  json.end_array();
  next_cursor(json, shown.next);
  return json_answer(json.end_object().take());
}

Outcome create_enrolment_token(Services& services, Call& call) {
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  JsonFields fields(*document);
  const std::string purpose = fields.choice("for", {"device", "gateway"});
  const std::string life_text = fields.optional_text("expires_in", 16).value_or("24h");
  const std::int64_t uses = fields.optional_integer("uses", 1, most_uses).value_or(1);
  Result<std::chrono::milliseconds> life = config::parse_duration(life_text);
  if (!life || *life < std::chrono::seconds(1) || *life > longest_token_life) {
    fields.refuse("expires_in", "must be a duration like 24h, at most 30d");
  }
  if (std::optional<Error> error = fields.finish()) return problem(*error);
  const wire::Party party = purpose == "gateway" ? wire::Party::gateway : wire::Party::device;
  Result<NewEnrolmentToken> made = services.config.write([&](store::Session& session) {
    return add_enrolment_token(session, party, std::chrono::duration_cast<std::chrono::seconds>(*life), uses,
                               call.actor(), services.clock.now());
  });
  if (!made) return problem(made.error());
  Result<void> noted = services.note_action(call.actor(), "enrolment_token.create", made->id, purpose);
  if (!noted) return problem(noted.error());
  services.changed({Topic::tokens});
  JsonWriter json;
  json.begin_object().field("id", made->id).field("token", made->token.reveal());
  json.field("expires_at", made->expires_at).end_object();
  return json_answer(json.take(), 201);
}

Outcome delete_enrolment_token(Services& services, Call& call) {
  const std::string id = call.parameter("id");
  Result<bool> removed =
      services.config.write([&](store::Session& session) { return remove_enrolment_token(session, id); });
  if (!removed) return problem(removed.error());
  if (!*removed) return problem(ErrorCode::not_found, "there is no such enrolment token");
  if (Result<void> noted = services.note_action(call.actor(), "enrolment_token.delete", id, ""); !noted) {
    return problem(noted.error());
  }
  services.changed({Topic::tokens});
  return no_content();
}

Outcome list_api_tokens(Services& services, Call& call) {
  Query query(call);
  const PageRequest page = query.page();
  if (std::optional<Error> error = query.finish()) return problem(*error);
  Result<std::vector<ApiTokenRow>> all =
      services.config.read([](store::Session& session) { return api_tokens(session); });
  if (!all) return problem(all.error());
  Page<ApiTokenRow> shown = page_of(std::move(*all), page);
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const ApiTokenRow& token : shown.items) {
    json.begin_object().field("id", token.id).field("name", token.name).field("created_by", token.created_by);
    json.field("created_at", token.created_at);
    maybe_time(json, "last_used_at", token.last_used_at);
    json.end_object();
  }
  json.end_array();
  next_cursor(json, shown.next);
  return json_answer(json.end_object().take());
}

Outcome create_api_token(Services& services, Call& call) {
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  JsonFields fields(*document);
  const std::string name = fields.text("name", 128);
  if (name.empty()) fields.refuse("name", "must not be empty");
  if (std::optional<Error> error = fields.finish()) return problem(*error);
  Result<NewToken> made = services.config.write(
      [&](store::Session& session) { return add_api_token(session, name, call.actor(), services.clock.now()); });
  if (!made) return problem(made.error());
  if (Result<void> noted = services.note_action(call.actor(), "api_token.create", made->id, name); !noted) {
    return problem(noted.error());
  }
  services.changed({Topic::tokens});
  JsonWriter json;
  json.begin_object().field("id", made->id).field("token", made->token.reveal()).end_object();
  return json_answer(json.take(), 201);
}

Outcome delete_api_token(Services& services, Call& call) {
  const std::string id = call.parameter("id");
  Result<bool> removed = services.config.write([&](store::Session& session) { return remove_api_token(session, id); });
  if (!removed) return problem(removed.error());
  if (!*removed) return problem(ErrorCode::not_found, "there is no such API token");
  if (Result<void> noted = services.note_action(call.actor(), "api_token.delete", id, ""); !noted) {
    return problem(noted.error());
  }
  services.changed({Topic::tokens});
  return no_content();
}

}  // namespace

void add_token_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  const auto add = [&](std::string_view method, std::string_view pattern, Outcome (*function)(Services&, Call&)) {
    routes.push_back({method, pattern, who, [&services, function](Call& call) { return function(services, call); }});
  };
  add("GET", "/api/enrolment-tokens", list_enrolment_tokens);
  add("POST", "/api/enrolment-tokens", create_enrolment_token);
  add("DELETE", "/api/enrolment-tokens/{id}", delete_enrolment_token);
  add("GET", "/api/api-tokens", list_api_tokens);
  add("POST", "/api/api-tokens", create_api_token);
  add("DELETE", "/api/api-tokens/{id}", delete_api_token);
}

}  // namespace sluice::console
