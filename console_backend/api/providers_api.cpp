// /api/providers
#include <algorithm>

#include "console_backend/api/routes.h"
#include "console_backend/keys/virtual_keys.h"
#include "console_backend/policies/providers.h"

namespace sluice::console {

namespace {

bool is_provider_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name[0] != '-' &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

void write_provider(JsonWriter& json, const ProviderRow& row) {
  json.begin_object().field("provider", row.provider).field("base_url", row.base_url);
  json.field("dialect", dialect::name_of(row.dialect)).field("has_key", !row.api_key_sealed.empty()).end_object();
}

Outcome list_providers(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<std::vector<ProviderRow>> all =
      services.config.read([](store::Session& session) { return providers(session); });
  if (!all) return problem(all.error());
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const ProviderRow& row : *all) write_provider(json, row);
  json.end_array();
  next_cursor(json, std::nullopt);
  return json_answer(json.end_object().take());
}

Outcome get_provider(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<std::optional<ProviderRow>> row =
      services.config.read([&](store::Session& session) { return find_provider(session, call.parameter("provider")); });
  if (!row) return problem(row.error());
  if (!*row) return problem(ErrorCode::not_found, "there is no such provider");
  JsonWriter json;
  write_provider(json, **row);
  return json_answer(json.take());
}

// null removes the key, absence keeps it.
std::optional<Secret> read_api_key(const JsonValue& document, JsonFields& fields) {
  const JsonValue* raw = document.find("api_key");
  if (raw == nullptr) return std::nullopt;
  if (std::holds_alternative<std::nullptr_t>(raw->data)) {
    static_cast<void>(fields.raw("api_key"));
    return Secret();
  }
  std::string key = fields.text("api_key", 1024);
  if (key.empty()) fields.refuse("api_key", "must not be empty; null removes the key");
  if (std::ranges::any_of(key, [](char c) { return c <= ' ' || c >= 0x7f; })) {
    fields.refuse("api_key", "holds a character that no HTTP field may hold");
  }
  return Secret(std::move(key));
}

Outcome put_provider_row(Services& services, Call& call) {
  const std::string name = call.parameter("provider");
  if (!is_provider_name(name)) {
    return problem(ErrorCode::invalid_argument,
                   "provider: lower-case letters, digits and '-', at most 64, are possible");
  }
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  JsonFields fields(*document);
  ProviderChange change;
  change.base_url = fields.optional_text("base_url", 512);
  if (fields.has("dialect")) {
    change.dialect = dialect::dialect_named(fields.choice("dialect", {"openai", "anthropic", "gemini"}));
  }
  change.api_key = read_api_key(*document, fields);
  if (std::optional<Error> error = fields.finish()) return problem(*error);
  Result<ProviderRow> row = services.config.write([&](store::Session& session) {
    return put_provider(session, services.master, name, change, services.clock.now());
  });
  if (!row) return problem(row.error());
  if (auto told = services.publish_and_note(call.actor(), {{"provider.put", name, ""}}); !told)
    return problem(told.error());
  services.changed({Topic::providers});
  JsonWriter json;
  write_provider(json, *row);
  return json_answer(json.take());
}

// A key that lists a provider which is gone would fail without anybody having said so.
Outcome delete_provider_row(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  const std::string name = call.parameter("provider");
  Result<bool> removed = services.config.write([&](store::Session& session) -> Result<bool> {
    std::string users;
    for (const std::string& key : keys_of_provider(session, name)) users.append(users.empty() ? "" : ", ").append(key);
    if (find_provider(session, name) && !users.empty())
      return fail(ErrorCode::conflict, "the provider " + name + " is used by the virtual keys " + users);
    return remove_provider(session, name);
  });
  if (!removed) return problem(removed.error());
  if (!*removed) {
    // An earlier try may have removed it and failed to tell the gateways.
    if (auto published = services.publisher.publish(); !published) return problem(published.error());
    return problem(ErrorCode::not_found, "there is no such provider");
  }
  if (auto told = services.publish_and_note(call.actor(), {{"provider.delete", name, ""}}); !told)
    return problem(told.error());
  services.changed({Topic::providers});
  return no_content();
}

}  // namespace

void add_provider_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  routes.push_back({"GET", "/api/providers", who, [&](Call& call) { return list_providers(services, call); }});
  routes.push_back({"GET", "/api/providers/{provider}", who, [&](Call& call) { return get_provider(services, call); }});
  routes.push_back(
      {"PUT", "/api/providers/{provider}", who, [&](Call& call) { return put_provider_row(services, call); }});
  routes.push_back(
      {"DELETE", "/api/providers/{provider}", who, [&](Call& call) { return delete_provider_row(services, call); }});
}

}  // namespace sluice::console
