#include "policy/snapshot.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/json.h"
#include "policy/json_names.h"

namespace sluice::policy {
namespace {

constexpr std::array<std::string_view, 3> decision_names{"approved", "pending", "denied"};
// Bounds on a document that is held in memory for as long as it is in force.
constexpr JsonLimits limits{.bytes = 16 * 1024 * 1024, .depth = 12};
constexpr std::size_t most_hosts = 10'000, most_rules = 200, most_apps = 20'000, most_device_decisions = 200'000,
                      most_revoked = 200'000, most_roots = 16, most_keys = 100'000, most_globs = 1'000,
                      most_providers = 1'000, most_guard_providers = 50;
constexpr std::size_t short_text = 256, long_text = 4096;

Decision read_decision(JsonFields& fields) {
  return decision_named(fields.choice("decision", {"approved", "pending", "denied"})).value_or(Decision::pending);
}

Dialect read_dialect(JsonFields& fields) {
  return dialect::dialect_named(fields.choice("dialect", {"anthropic", "openai", "gemini"})).value_or(Dialect::openai);
}

bool is_host_name(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, allowed) && !text.starts_with('.') &&
         !text.ends_with('.') && text.find("..") == std::string_view::npos;
}

GovernedHost read_host(JsonFields& fields) {
  GovernedHost host;
  host.host = fields.text("host", short_text);
  if (!is_host_name(host.host)) fields.refuse("host", "must be a DNS name in lower case");
  host.provider = fields.text("provider", short_text);
  host.dialect = read_dialect(fields);
  host.mode = fields.choice("mode", {"governed"});
  for (auto& rule : fields.objects("inference", most_rules)) {
    host.inference.push_back({rule.text("method", 16), rule.text("path", long_text)});
    if (!host.inference.back().path.starts_with('/')) rule.refuse("path", "must begin with '/'");
  }
  return host;
}

std::vector<std::string> read_serials(JsonFields& fields) {
  auto serials = fields.texts("revoked_serials", most_revoked);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  for (std::size_t i = 0; i < serials.size(); ++i)
    if (serials[i].empty() || serials[i].size() > 64 || !std::ranges::all_of(serials[i], is_hex))
      fields.refuse("revoked_serials[" + std::to_string(i) + "]", "must be lower case hexadecimal");
  return serials;
}

FleetSnapshot read_fleet(JsonFields& fields) {
  FleetSnapshot snapshot;
  snapshot.org = fields.text("org", short_text);
  if (snapshot.org.empty()) fields.refuse("org", "must not be empty");
  snapshot.epoch = fields.integer("epoch");
  snapshot.version = fields.integer("version");
  snapshot.issued_at = fields.time("issued_at");
  snapshot.not_after = fields.time("not_after");
  snapshot.gateway_url = fields.text("gateway_url", long_text);
  snapshot.root_cas = fields.texts("root_cas", most_roots);
  snapshot.contact = fields.text("contact", long_text);
  snapshot.pending_apps =
      fields.choice("pending_apps", {"allow", "deny"}) == "deny" ? PendingApps::deny : PendingApps::allow;
  snapshot.gateway_down =
      fields.choice("gateway_down", {"block", "direct"}) == "direct" ? GatewayDown::direct : GatewayDown::block;
  for (auto& host : fields.objects("hosts", most_hosts)) snapshot.hosts.push_back(read_host(host));
  for (auto& app : fields.objects("apps", most_apps))
    snapshot.apps.push_back({app.text("app", short_text), app.text("name", short_text), read_decision(app),
                             app.text("note", long_text), app.text("reference", short_text)});
  for (auto& decision : fields.objects("device_decisions", most_device_decisions))
    snapshot.device_decisions.push_back({decision.text("device_id", short_text), decision.text("app", short_text),
                                         read_decision(decision), decision.text("note", long_text),
                                         decision.text("reference", short_text)});
  snapshot.revoked_serials = read_serials(fields);
  if (fields.has("guardrails")) {
    auto guardrails = fields.object("guardrails");
    snapshot.guardrails = read_guardrails(guardrails);
  }
  return snapshot;
}

VirtualKey read_key(JsonFields& fields) {
  VirtualKey key;
  key.id = fields.text("id", short_text);
  key.name = fields.text("name", short_text);
  key.key_sha256 = fields.text("key_sha256", 64);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!key.key_sha256.empty() && (key.key_sha256.size() != 64 || !std::ranges::all_of(key.key_sha256, is_hex)))
    fields.refuse("key_sha256", "must be 64 digits of lower case hexadecimal");
  key.enabled = fields.boolean("enabled");
  key.fleet_default = fields.boolean("fleet_default");
  auto models = fields.object("allowed_models");
  for (const auto& member : models.members())
    key.allowed_models.push_back({member.first, models.texts(member.first, most_globs)});
  key.team = fields.optional_text("team", short_text).value_or("");
  return key;
}

// Providers that rules may name must be there, and a key wherever a rule hashes: a rule without them would be silent.
void read_guard_parts(JsonFields& fields, GatewaySnapshot& snapshot) {
  if (fields.has("guard_providers"))
    for (auto& provider : fields.objects("guard_providers", most_guard_providers))
      snapshot.guard_providers.push_back(read_guard_provider(provider));
  const auto& named = snapshot.fleet.guardrails.providers;
  for (std::size_t i = 0; i < named.size(); ++i)
    if (std::ranges::find(snapshot.guard_providers, named[i], &GuardProvider::id) == snapshot.guard_providers.end())
      fields.refuse("guardrails.providers[" + std::to_string(i) + "]", "there is no such guard provider");
  snapshot.guard_hash_key = Secret(fields.optional_text("guard_hash_key", short_text).value_or(""));
  const std::string_view hex = snapshot.guard_hash_key.reveal();
  if (!hex.empty() && (hex.size() < 64 || !from_hex(hex)))
    fields.refuse("guard_hash_key", "must be 64 or more digits of hexadecimal");
}

ProviderSettings read_provider(JsonFields& fields) {
  ProviderSettings provider;
  provider.provider = fields.text("provider", short_text);
  provider.dialect = read_dialect(fields);
  provider.base_url = fields.text("base_url", long_text);
  if (!provider.base_url.starts_with("https://") && !provider.base_url.starts_with("http://"))
    fields.refuse("base_url", "must begin with https:// or http://");
  provider.api_key = Secret(fields.text("api_key", long_text));
  return provider;
}

void write_host(JsonWriter& out, const GovernedHost& host) {
  out.begin_object().field("host", host.host).field("provider", host.provider);
  out.field("dialect", dialect::name_of(host.dialect)).field("mode", host.mode).key("inference").begin_array();
  for (const auto& rule : host.inference)
    out.begin_object().field("method", rule.method).field("path", rule.path).end_object();
  out.end_array().end_object();
}

void write_fleet(JsonWriter& out, const FleetSnapshot& snapshot, std::string_view kind) {
  out.field("kind", kind).field("org", snapshot.org).field("epoch", snapshot.epoch);
  out.field("version", snapshot.version).field("issued_at", snapshot.issued_at);
  out.field("not_after", snapshot.not_after).field("gateway_url", snapshot.gateway_url);
  out.field("root_cas", snapshot.root_cas).field("contact", snapshot.contact);
  out.field("pending_apps", name_of(snapshot.pending_apps)).field("gateway_down", name_of(snapshot.gateway_down));
  out.key("hosts").begin_array();
  for (const auto& host : snapshot.hosts) write_host(out, host);
  out.end_array().key("apps").begin_array();
  for (const auto& app : snapshot.apps) {
    out.begin_object().field("app", app.app).field("name", app.name).field("decision", name_of(app.decision));
    out.field("note", app.note).field("reference", app.reference).end_object();
  }
  out.end_array().key("device_decisions").begin_array();
  for (const auto& decision : snapshot.device_decisions) {
    out.begin_object().field("device_id", decision.device_id).field("app", decision.app);
    out.field("decision", name_of(decision.decision)).field("note", decision.note);
    out.field("reference", decision.reference).end_object();
  }
  out.end_array().field("revoked_serials", snapshot.revoked_serials).key("guardrails");
  write_guardrails(out, snapshot.guardrails);
}

}  // namespace

std::string_view name_of(Decision decision) noexcept {
  return decision_names[static_cast<std::size_t>(decision)];
}

std::optional<Decision> decision_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < decision_names.size(); ++i)
    if (decision_names[i] == name) return static_cast<Decision>(i);
  return std::nullopt;
}

const ProviderModels* models_at(const VirtualKey& key, std::string_view provider) noexcept {
  const auto found = std::ranges::find(key.allowed_models, provider, &ProviderModels::provider);
  return found == key.allowed_models.end() ? nullptr : &*found;
}

Result<FleetSnapshot> parse_fleet_snapshot(std::string_view payload) {
  const auto document = parse_json(payload, limits);
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  (void)fields.choice("kind", {"fleet"});
  auto snapshot = read_fleet(fields);
  if (auto error = fields.finish()) return fail(std::move(*error));
  return snapshot;
}

Result<GatewaySnapshot> parse_gateway_snapshot(std::string_view payload) {
  const auto document = parse_json(payload, limits);
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  (void)fields.choice("kind", {"gateway"});
  GatewaySnapshot snapshot;
  snapshot.fleet = read_fleet(fields);
  for (auto& key : fields.objects("virtual_keys", most_keys)) snapshot.virtual_keys.push_back(read_key(key));
  for (auto& provider : fields.objects("providers", most_providers))
    snapshot.providers.push_back(read_provider(provider));
  read_guard_parts(fields, snapshot);
  if (auto error = fields.finish()) return fail(std::move(*error));
  return snapshot;
}

std::string print_snapshot(const FleetSnapshot& snapshot) {
  JsonWriter out;
  out.begin_object();
  write_fleet(out, snapshot, "fleet");
  return out.end_object().take();
}

std::string print_snapshot(const GatewaySnapshot& snapshot) {
  JsonWriter out;
  out.begin_object();
  write_fleet(out, snapshot.fleet, "gateway");
  out.key("virtual_keys").begin_array();
  for (const auto& key : snapshot.virtual_keys) {
    out.begin_object().field("id", key.id).field("name", key.name).field("key_sha256", key.key_sha256);
    out.field("enabled", key.enabled).field("fleet_default", key.fleet_default).key("allowed_models").begin_object();
    for (const auto& [provider, globs] : key.allowed_models) out.field(provider, globs);
    out.end_object().field("team", key.team).end_object();
  }
  out.end_array().key("providers").begin_array();
  for (const auto& provider : snapshot.providers) {
    out.begin_object().field("provider", provider.provider).field("dialect", dialect::name_of(provider.dialect));
    out.field("base_url", provider.base_url).field("api_key", provider.api_key.reveal()).end_object();
  }
  out.end_array().key("guard_providers").begin_array();
  for (const auto& provider : snapshot.guard_providers) write_guard_provider(out, provider);
  return out.end_array().field("guard_hash_key", snapshot.guard_hash_key.reveal()).end_object().take();
}

}  // namespace sluice::policy
