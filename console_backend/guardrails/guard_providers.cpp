#include "console_backend/guardrails/guard_providers.h"

#include "base/encoding.h"
#include "base/json.h"
#include "base/random.h"

namespace sluice::console {

namespace {

constexpr const char* provider_columns =
    "SELECT id, kind, url, credential_sealed, options, timeout_ms, calls_per_minute, breaker_failures, "
    "breaker_open_seconds, updated_at FROM guardrail_providers";
constexpr const char* hash_key_context = "sluice.console.guard_hash_key.v1";

std::string credential_context(std::string_view id) {
  return "sluice.console.guard_provider." + std::string(id) + ".v1";
}

std::string options_text(const std::map<std::string, std::string>& options) {
  JsonWriter json;
  json.begin_object();
  for (const auto& [name, value] : options) json.field(name, value);
  return json.end_object().take();
}

std::map<std::string, std::string> options_of(const std::string& text) {
  std::map<std::string, std::string> options;
  const Result<JsonValue> document = parse_json(text);
  const JsonObject* members = document ? std::get_if<JsonObject>(&document->data) : nullptr;
  if (members == nullptr) return options;
  for (const JsonMember& member : *members) {
    if (const auto* value = std::get_if<std::string>(&member.value.data)) options[member.key] = *value;
  }
  return options;
}

GuardProviderRow provider_of(const store::Row& row) {
  GuardProviderRow provider;
  policy::GuardProvider& settings = provider.settings;
  settings.id = row.text("id");
  settings.kind = row.text("kind");
  settings.url = row.text("url");
  settings.options = options_of(row.text("options"));
  settings.timeout_ms = row.number("timeout_ms");
  settings.calls_per_minute = row.number("calls_per_minute");
  settings.breaker_failures = row.number("breaker_failures");
  settings.breaker_open_seconds = row.number("breaker_open_seconds");
  provider.credential_sealed = row.text("credential_sealed");
  provider.updated_at = row.time("updated_at");
  return provider;
}

}  // namespace

std::vector<GuardProviderRow> guard_providers(store::Session& session) {
  std::vector<GuardProviderRow> all;
  for (const store::Row& row : session.rows(std::string(provider_columns) + " ORDER BY id LIMIT 1000")) {
    all.push_back(provider_of(row));
  }
  return all;
}

std::optional<GuardProviderRow> find_guard_provider(store::Session& session, std::string_view id) {
  std::optional<store::Row> row = session.row(std::string(provider_columns) + " WHERE id = :id", {{"id", id}});
  if (!row) return std::nullopt;
  return provider_of(*row);
}

void put_guard_provider(store::Session& session, const MasterKey& master, const policy::GuardProvider& settings,
                        const std::optional<Secret>& credential, TimePoint now) {
  std::string sealed;
  if (!credential) {
    if (const auto present = find_guard_provider(session, settings.id)) sealed = present->credential_sealed;
  } else if (!credential->empty()) {
    sealed = seal_value(master, *credential, credential_context(settings.id));
  }
  session.run(
      "INSERT INTO guardrail_providers (id, kind, url, credential_sealed, options, timeout_ms, calls_per_minute, "
      "breaker_failures, breaker_open_seconds, updated_at) VALUES (:id, :kind, :url, :sealed, :options, :timeout_ms, "
      ":calls_per_minute, :breaker_failures, :breaker_open_seconds, :now) ON CONFLICT (id) DO UPDATE SET "
      "kind = excluded.kind, url = excluded.url, credential_sealed = excluded.credential_sealed, "
      "options = excluded.options, timeout_ms = excluded.timeout_ms, calls_per_minute = excluded.calls_per_minute, "
      "breaker_failures = excluded.breaker_failures, breaker_open_seconds = excluded.breaker_open_seconds, "
      "updated_at = excluded.updated_at",
      {{"id", settings.id},
       {"kind", settings.kind},
       {"url", settings.url},
       {"sealed", sealed},
       {"options", options_text(settings.options)},
       {"timeout_ms", settings.timeout_ms},
       {"calls_per_minute", settings.calls_per_minute},
       {"breaker_failures", settings.breaker_failures},
       {"breaker_open_seconds", settings.breaker_open_seconds},
       {"now", now}});
}

std::optional<policy::ProviderProblem> unusable(const GuardProviderRow& row) {
  if (auto wrong = policy::check_guard_provider(row.settings)) return wrong;
  // The settings hold no credential: a sealed one was checked when it came.
  return row.credential_sealed.empty() ? policy::check_provider_credential(row.settings) : std::nullopt;
}

bool remove_guard_provider(store::Session& session, std::string_view id) {
  return session.run("DELETE FROM guardrail_providers WHERE id = :id", {{"id", id}}) > 0;
}

Result<policy::GuardProvider> opened(const GuardProviderRow& row, const MasterKey& master) {
  policy::GuardProvider provider;
  provider.id = row.settings.id;
  provider.kind = row.settings.kind;
  provider.url = row.settings.url;
  provider.options = row.settings.options;
  provider.timeout_ms = row.settings.timeout_ms;
  provider.calls_per_minute = row.settings.calls_per_minute;
  provider.breaker_failures = row.settings.breaker_failures;
  provider.breaker_open_seconds = row.settings.breaker_open_seconds;
  if (row.credential_sealed.empty()) return provider;
  Result<Secret> credential = open_value(master, row.credential_sealed, credential_context(provider.id));
  if (!credential)
    return fail(credential.error().during("opening the credential of guardrail provider " + provider.id));
  provider.credential = std::move(*credential);
  return provider;
}

Result<Secret> guard_hash_key(store::Session& session, const MasterKey& master, TimePoint now) {
  if (const auto row = session.row("SELECT sealed FROM sealed_values WHERE name = 'guard_hash_key'")) {
    Result<Secret> key = open_value(master, row->text("sealed"), hash_key_context);
    if (!key) return fail(key.error().during("opening the key of guardrail hashes"));
    return key;
  }
  Secret key(to_hex(random_bytes(32)));
  session.run("INSERT INTO sealed_values (name, sealed, created_at) VALUES ('guard_hash_key', :sealed, :now)",
              {{"sealed", seal_value(master, key, hash_key_context)}, {"now", now}});
  return key;
}

}  // namespace sluice::console
