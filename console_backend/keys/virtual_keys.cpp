#include "console_backend/keys/virtual_keys.h"

#include <map>

#include "console_backend/identity/token.h"

namespace sluice::console {

namespace {

constexpr const char* key_columns =
    "SELECT id, name, key_sha256, key_hint, enabled, fleet_default, team_id, created_at, updated_at FROM virtual_keys";

VirtualKeyRow key_of(const store::Row& row) {
  VirtualKeyRow key;
  key.id = row.text("id");
  key.name = row.text("name");
  key.key_sha256 = row.text("key_sha256");
  key.key_hint = row.text("key_hint");
  key.enabled = row.yes("enabled");
  key.fleet_default = row.yes("fleet_default");
  key.team_id = row.text("team_id");
  key.created_at = row.time("created_at");
  key.updated_at = row.time("updated_at");
  return key;
}

// Rows come provider by provider, in the key's order.
void add_model(AllowedModels& models, const store::Row& row) {
  if (models.empty() || models.back().provider != row.text("provider")) models.push_back({row.text("provider"), {}});
  models.back().globs.push_back(row.text("pattern"));
}

void store_models(store::Session& session, std::string_view id, const AllowedModels& models) {
  session.run("DELETE FROM virtual_key_models WHERE virtual_key_id = :id", {{"id", id}});
  std::int64_t provider_position = 0;
  for (const auto& [provider, patterns] : models) {
    std::int64_t position = 0;
    for (const std::string& pattern : patterns) {
      session.run(
          "INSERT INTO virtual_key_models (virtual_key_id, provider, provider_position, position, pattern) "
          "VALUES (:id, :provider, :provider_position, :position, :pattern)",
          {{"id", id},
           {"provider", provider},
           {"provider_position", provider_position},
           {"position", position++},
           {"pattern", pattern}});
    }
    ++provider_position;
  }
}

Secret insert_key(store::Session& session, std::string_view id, TimePoint now) {
  Secret key = make_token("sk-slc-");
  session.run(
      "INSERT INTO virtual_keys (id, name, key_sha256, key_hint, enabled, fleet_default, created_at, updated_at) "
      "VALUES (:id, :name, :key_sha256, :key_hint, 1, 0, :created_at, :updated_at)",
      {{"id", id},
       {"name", id},
       {"key_sha256", token_hash(key.reveal())},
       {"key_hint", key.reveal().substr(key.reveal().size() - 4)},
       {"created_at", now},
       {"updated_at", now}});
  return key;
}

}  // namespace

Result<VirtualKeyPut> put_virtual_key(store::Session& session, std::string_view id, const VirtualKeyChange& change,
                                      TimePoint now) {
  VirtualKeyPut put;
  if (!find_virtual_key(session, id)) put.created = insert_key(session, id, now);
  VirtualKeyRow key = *find_virtual_key(session, id);
  if (key.fleet_default && change.fleet_default == false) {
    return fail(ErrorCode::conflict, "fleet_default: name another key as the fleet's default instead");
  }
  key.name = change.name.value_or(key.name);
  key.enabled = change.enabled.value_or(key.enabled);
  key.fleet_default = change.fleet_default.value_or(key.fleet_default);
  key.team_id = change.team_id.value_or(key.team_id);
  if (key.fleet_default && !key.enabled) {
    return fail(ErrorCode::conflict, "enabled: the fleet's default key cannot be disabled; name another one first");
  }
  if (key.fleet_default) session.run("UPDATE virtual_keys SET fleet_default = 0 WHERE id <> :id", {{"id", id}});
  session.run(
      "UPDATE virtual_keys SET name = :name, enabled = :enabled, fleet_default = :fleet_default, team_id = :team_id, "
      "updated_at = :now WHERE id = :id",
      {{"name", key.name},
       {"enabled", key.enabled},
       {"fleet_default", key.fleet_default},
       {"team_id", key.team_id},
       {"now", now},
       {"id", id}});
  if (change.allowed_models) store_models(session, id, *change.allowed_models);
  put.key = *find_virtual_key(session, id);
  return put;
}

Result<bool> remove_virtual_key(store::Session& session, std::string_view id) {
  const std::optional<VirtualKeyRow> key = find_virtual_key(session, id);
  if (!key) return false;
  if (key->fleet_default) {
    return fail(ErrorCode::conflict, "the fleet's default key cannot be removed; make another key the default first");
  }
  session.run("DELETE FROM virtual_key_models WHERE virtual_key_id = :id", {{"id", id}});
  return session.run("DELETE FROM virtual_keys WHERE id = :id", {{"id", id}}) > 0;
}

std::vector<std::string> keys_of_provider(store::Session& session, std::string_view provider) {
  std::vector<std::string> keys;
  for (const store::Row& row : session.rows("SELECT DISTINCT virtual_key_id FROM virtual_key_models "
                                            "WHERE provider = :provider ORDER BY virtual_key_id LIMIT 20",
                                            {{"provider", provider}})) {
    keys.push_back(row.text("virtual_key_id"));
  }
  return keys;
}

std::vector<VirtualKeyRow> virtual_keys(store::Session& session) {
  std::vector<VirtualKeyRow> all;
  std::map<std::string, std::size_t> index;
  for (const store::Row& row : session.rows(std::string(key_columns) + " ORDER BY name, id LIMIT 100000")) {
    index[row.text("id")] = all.size();
    all.push_back(key_of(row));
  }
  for (const store::Row& row :
       session.rows("SELECT virtual_key_id, provider, pattern FROM virtual_key_models "
                    "ORDER BY virtual_key_id, provider_position, provider, position LIMIT 1000000")) {
    add_model(all[index.at(row.text("virtual_key_id"))].allowed_models, row);
  }
  return all;
}

std::optional<VirtualKeyRow> find_virtual_key(store::Session& session, std::string_view id) {
  std::optional<store::Row> row = session.row(std::string(key_columns) + " WHERE id = :id", {{"id", id}});
  if (!row) return std::nullopt;
  VirtualKeyRow key = key_of(*row);
  for (const store::Row& model :
       session.rows("SELECT provider, pattern FROM virtual_key_models "
                    "WHERE virtual_key_id = :id ORDER BY provider_position, provider, position",
                    {{"id", id}})) {
    add_model(key.allowed_models, model);
  }
  return key;
}

}  // namespace sluice::console
