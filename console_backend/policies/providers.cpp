#include "console_backend/policies/providers.h"

#include <algorithm>

namespace sluice::console {

namespace {

constexpr const char* provider_columns = "SELECT provider, dialect, base_url, api_key_sealed FROM providers";

ProviderRow provider_of(const store::Row& row) {
  return {row.text("provider"), dialect::dialect_named(row.text("dialect")).value_or(dialect::Dialect::openai),
          row.text("base_url"), row.text("api_key_sealed")};
}

std::string key_context(std::string_view provider) {
  return "sluice.console.provider." + std::string(provider) + ".v1";
}

// https, or http to this machine: a provider key never crosses a network in the clear.
bool is_acceptable_url(std::string_view url) {
  if (std::ranges::any_of(url, [](char c) { return c <= ' ' || c == 0x7f || c == '"' || c == '@' || c == '#'; })) {
    return false;
  }
  if (url.starts_with("https://")) return url.size() > 8 && url[8] != '/' && url[8] != ':';
  for (std::string_view local : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!url.starts_with(local)) continue;
    const std::string_view rest = url.substr(local.size());
    if (rest.empty() || rest[0] == ':' || rest[0] == '/') return true;
  }
  return false;
}

}  // namespace

std::vector<ProviderRow> providers(store::Session& session) {
  std::vector<ProviderRow> all;
  for (const store::Row& row : session.rows(std::string(provider_columns) + " ORDER BY provider LIMIT 1000")) {
    all.push_back(provider_of(row));
  }
  return all;
}

std::optional<ProviderRow> find_provider(store::Session& session, std::string_view provider) {
  std::optional<store::Row> row =
      session.row(std::string(provider_columns) + " WHERE provider = :provider", {{"provider", provider}});
  if (!row) return std::nullopt;
  return provider_of(*row);
}

Result<ProviderRow> put_provider(store::Session& session, const MasterKey& master, std::string_view provider,
                                 const ProviderChange& change, TimePoint now) {
  std::optional<ProviderRow> present = find_provider(session, provider);
  if (!present && !change.base_url) return fail(ErrorCode::invalid_argument, "base_url: needed for a new provider");
  if (!present && !change.dialect) return fail(ErrorCode::invalid_argument, "dialect: needed for a new provider");
  ProviderRow row = present.value_or(ProviderRow{std::string(provider), {}, {}, {}});
  if (change.base_url) row.base_url = *change.base_url;
  while (row.base_url.ends_with('/')) row.base_url.pop_back();
  if (!is_acceptable_url(row.base_url)) {
    return fail(ErrorCode::invalid_argument, "base_url: must be an https URL, or http to a loopback address");
  }
  if (change.dialect) row.dialect = *change.dialect;
  if (change.api_key) {
    row.api_key_sealed = change.api_key->empty() ? "" : seal_value(master, *change.api_key, key_context(provider));
  }
  session.run(
      "INSERT INTO providers (provider, dialect, base_url, api_key_sealed, updated_at) "
      "VALUES (:provider, :dialect, :base_url, :api_key_sealed, :now) "
      "ON CONFLICT (provider) DO UPDATE SET dialect = excluded.dialect, base_url = excluded.base_url, "
      "api_key_sealed = excluded.api_key_sealed, updated_at = excluded.updated_at",
      {{"provider", provider},
       {"dialect", dialect::name_of(row.dialect)},
       {"base_url", row.base_url},
       {"api_key_sealed", row.api_key_sealed},
       {"now", now}});
  return row;
}

bool remove_provider(store::Session& session, std::string_view provider) {
  return session.run("DELETE FROM providers WHERE provider = :provider", {{"provider", provider}}) > 0;
}

Result<Secret> api_key_of(const ProviderRow& provider, const MasterKey& master) {
  if (provider.api_key_sealed.empty()) return Secret();
  Result<Secret> key = open_value(master, provider.api_key_sealed, key_context(provider.provider));
  if (!key) return fail(key.error().during("opening the key of provider " + provider.provider));
  return key;
}

void add_default_providers(store::Session& session, const MasterKey& master, TimePoint now) {
  struct Default {
    std::string_view provider, base_url;
    dialect::Dialect dialect;
  };
  static constexpr Default all[] = {
      {"openai", "https://api.openai.com", dialect::Dialect::openai},
      {"anthropic", "https://api.anthropic.com", dialect::Dialect::anthropic},
      {"google", "https://generativelanguage.googleapis.com", dialect::Dialect::gemini},
  };
  for (const Default& row : all) {
    Result<ProviderRow> put =
        put_provider(session, master, row.provider, {std::string(row.base_url), row.dialect, std::nullopt}, now);
    if (!put) throw store::StoreFailure(put.error());
  }
}

}  // namespace sluice::console
