// /api/governance/virtual-keys
#include <algorithm>
#include <set>

#include "console_backend/api/routes.h"
#include "console_backend/guardrails/scope.h"
#include "console_backend/keys/virtual_keys.h"
#include "console_backend/policies/providers.h"
#include "policy/hosts.h"

namespace sluice::console {

namespace {

// What a key may name: providers that are set up, and for intercepted apps those of the governed hosts.
struct KnownProviders {
  std::set<std::string, std::less<>> set_up, governed;

  static KnownProviders read(store::Session& session) {
    KnownProviders known;
    for (const ProviderRow& row : providers(session)) known.set_up.insert(row.provider);
    for (const policy::GovernedHost& host : policy::default_governed_hosts()) known.governed.insert(host.provider);
    return known;
  }
  [[nodiscard]] std::vector<GuardWarning> warnings(const VirtualKeyRow& key) const {
    std::vector<GuardWarning> all;
    for (std::size_t i = 0; i < key.allowed_models.size(); ++i) {
      const std::string& name = key.allowed_models[i].provider;
      if (set_up.contains(name) || (key.fleet_default && governed.contains(name))) continue;
      all.push_back({"provider_configs[" + std::to_string(i) + "].provider", "There is no provider " + name});
    }
    return all;
  }
};

void write_key(JsonWriter& json, const VirtualKeyRow& key, const KnownProviders& known, const Secret* text) {
  json.begin_object().field("id", key.id).field("name", key.name).field("enabled", key.enabled);
  json.field("fleet_default", key.fleet_default);
  maybe_text(json, "team_id", key.team_id);
  json.key("provider_configs").begin_array();
  for (const auto& [provider, patterns] : key.allowed_models) {
    json.begin_object().field("provider", provider).field("allowed_models", patterns).end_object();
  }
  json.end_array().key("warnings");
  write_warnings(json, known.warnings(key));
  json.field("created_at", key.created_at).field("updated_at", key.updated_at);
  if (text != nullptr) json.field("key", text->reveal());
  json.end_object();
}

Outcome list_keys(Services& services, Call& call) {
  Query query(call);
  const PageRequest page = query.page();
  if (std::optional<Error> error = query.finish()) return problem(*error);
  KnownProviders known;
  Result<std::vector<VirtualKeyRow>> all = services.config.read([&](store::Session& session) {
    known = KnownProviders::read(session);
    return virtual_keys(session);
  });
  if (!all) return problem(all.error());
  Page<VirtualKeyRow> shown = page_of(std::move(*all), page);
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const VirtualKeyRow& key : shown.items) write_key(json, key, known, nullptr);
  json.end_array();
  next_cursor(json, shown.next);
  return json_answer(json.end_object().take());
}

Outcome get_key(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  KnownProviders known;
  Result<std::optional<VirtualKeyRow>> key = services.config.read([&](store::Session& session) {
    known = KnownProviders::read(session);
    return find_virtual_key(session, call.parameter("id"));
  });
  if (!key) return problem(key.error());
  if (!*key) return problem(ErrorCode::not_found, "there is no such virtual key");
  JsonWriter json;
  write_key(json, **key, known, nullptr);
  return json_answer(json.take());
}

AllowedModels read_provider_configs(JsonFields& fields) {
  AllowedModels models;
  for (JsonFields& config : fields.objects("provider_configs", 50)) {
    const std::string provider = config.text("provider", 64);
    std::vector<std::string> patterns = config.texts("allowed_models", 200);
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (!patterns[i].empty() && patterns[i].size() <= 128) continue;
      config.refuse("allowed_models[" + std::to_string(i) + "]", "must have 1 to 128 bytes");
    }
    if (provider.empty()) config.refuse("provider", "must not be empty");
    if (std::ranges::find(models, provider, &policy::ProviderModels::provider) != models.end())
      config.refuse("provider", "is named twice");
    models.push_back({provider, std::move(patterns)});
  }
  return models;
}

Outcome put_key(Services& services, Call& call) {
  const std::string id = call.parameter("id");
  if (!is_chosen_id(id)) {
    return problem(ErrorCode::invalid_argument, "id: letters, digits, '.', '_' and '-', at most 64, are possible");
  }
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  for (std::string_view later : {"budget", "rate_limit", "mcp_tool_filter"}) {
    // A limit that is accepted and not enforced would be worse than none.
    if (document->find(later) != nullptr) {
      return problem(ErrorCode::unsupported, std::string(later) + ": this release cannot enforce it");
    }
  }
  JsonFields fields(*document);
  VirtualKeyChange change;
  change.name = fields.optional_text("name", 128);
  change.enabled = fields.optional_boolean("enabled");
  change.fleet_default = fields.optional_boolean("fleet_default");
  if (fields.has("provider_configs")) change.allowed_models = read_provider_configs(fields);
  if (document->find("team_id") != nullptr) change.team_id = fields.optional_text("team_id", 128).value_or("");
  if (change.name && change.name->empty()) fields.refuse("name", "must not be empty");
  if (std::optional<Error> error = fields.finish()) return problem(*error);

  KnownProviders known;
  Result<VirtualKeyPut> put = services.config.write([&](store::Session& session) {
    known = KnownProviders::read(session);
    return put_virtual_key(session, id, change, services.clock.now());
  });
  if (!put) return problem(put.error());
  if (auto told = services.publish_and_note(call.actor(), {{"virtual_key.put", id, ""}}); !told)
    return problem(told.error());
  services.changed({Topic::keys});
  JsonWriter json;
  write_key(json, put->key, known, put->created ? &*put->created : nullptr);
  return json_answer(json.take(), put->created ? 201 : 200);
}

Outcome delete_key(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  const std::string id = call.parameter("id");
  Result<bool> removed =
      services.config.write([&](store::Session& session) { return remove_virtual_key(session, id); });
  if (!removed) return problem(removed.error());
  if (!*removed) {
    // An earlier try may have removed it and failed to tell the gateways.
    if (auto published = services.publisher.publish(); !published) return problem(published.error());
    return problem(ErrorCode::not_found, "there is no such virtual key");
  }
  if (auto told = services.publish_and_note(call.actor(), {{"virtual_key.delete", id, ""}}); !told)
    return problem(told.error());
  services.changed({Topic::keys});
  return no_content();
}

}  // namespace

void add_key_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  routes.push_back({"GET", "/api/governance/virtual-keys", who, [&](Call& call) { return list_keys(services, call); }});
  routes.push_back(
      {"GET", "/api/governance/virtual-keys/{id}", who, [&](Call& call) { return get_key(services, call); }});
  routes.push_back(
      {"PUT", "/api/governance/virtual-keys/{id}", who, [&](Call& call) { return put_key(services, call); }});
  routes.push_back(
      {"DELETE", "/api/governance/virtual-keys/{id}", who, [&](Call& call) { return delete_key(services, call); }});
}

}  // namespace sluice::console
