// /api/gateways, /api/policy, /api/ca, /api/settings, /api/audit
#include <algorithm>
#include <charconv>

#include "console_backend/api/routes.h"
#include "console_backend/audit/admin_actions.h"
#include "console_backend/devices/devices.h"
#include "tls/certificate.h"
#include "tls/crypto.h"

namespace sluice::console {

namespace {

Outcome list_gateways(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<std::vector<GatewayRow>> all = services.config.read([](store::Session& session) { return gateways(session); });
  if (!all) return problem(all.error());
  std::ranges::sort(*all, {}, &GatewayRow::name);
  const TimePoint now = services.clock.now();
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const GatewayRow& row : *all) {
    const std::optional<CheckIn> last = services.presence.last(row.id);
    const std::optional<TimePoint> seen = last ? std::optional(last->time) : row.last_check_in;
    const std::string snapshot =
        last && !last->snapshot_version.empty() ? last->snapshot_version : row.snapshot_version;
    const bool active = seen && now - *seen <= stale_after;
    json.begin_object().field("id", row.id).field("name", row.name);
    maybe_text(json, "version", last ? last->version : "");
    json.field("state", row.revoked_at ? "revoked" : active ? "active" : "stale").field("enrolled_at", row.enrolled_at);
    maybe_time(json, "last_check_in", seen);
    json.key("snapshot_version");
    std::int64_t version = 0;
    const std::size_t dot = snapshot.find('.');
    if (dot != std::string::npos &&
        std::from_chars(snapshot.data() + dot + 1, snapshot.data() + snapshot.size(), version).ec == std::errc()) {
      json.integer(version);
    } else {
      json.null();
    }
    json.end_object();
  }
  json.end_array();
  next_cursor(json, std::nullopt);
  return json_answer(json.end_object().take());
}

Outcome get_policy(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  return json_answer(services.publisher.current()->fleet_payload);
}

Result<void> write_certificate(JsonWriter& json, const std::string& pem) {
  Result<tls::CertificateFacts> facts = tls::certificate_facts(pem);
  if (!facts) return fail(facts.error());
  Result<std::string> der = tls::certificate_der(pem);
  if (!der) return fail(der.error());
  json.begin_object().field("subject", "CN=" + facts->subject_cn + ", O=" + facts->subject_o);
  json.field("fingerprint_sha256", tls::sha256_hex(*der)).field("not_before", facts->not_before);
  json.field("not_after", facts->not_after).field("pem", pem).end_object();
  return {};
}

Outcome get_ca(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  JsonWriter json;
  json.begin_object().key("root");
  if (Result<void> done = write_certificate(json, services.keys.root_pem); !done) return problem(done.error());
  json.key("issuing");
  Result<void> done = write_certificate(json, services.keys.issuing.certificate_pem);
  if (!done) return problem(done.error());
  return json_answer(json.end_object().take());
}

Outcome settings_document(Services& services) {
  const ConsoleFacts& facts = services.facts;
  const std::shared_ptr<const Published> published = services.publisher.current();
  JsonWriter json;
  json.begin_object().field("version", facts.version);
  json.key("org").begin_object().field("name", services.keys.org);
  maybe_text(json, "contact", facts.contact);
  json.end_object();
  maybe_text(json, "public_url", facts.public_url);
  maybe_text(json, "devices_url", facts.devices_url);
  maybe_text(json, "gateway_url", facts.gateway_url);
  json.field("console_pin", facts.console_pin).field("retention_days", facts.retention_days);
  json.field("pending_apps", published->fleet.pending_apps == policy::PendingApps::deny ? "deny" : "allow");
  json.field("gateway_down", published->fleet.gateway_down == policy::GatewayDown::direct ? "direct" : "block");
  return json_answer(json.end_object().take());
}

Outcome get_settings(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  return settings_document(services);
}

// What devices do with applications nobody decided on, and while their gateway is away.
Outcome put_settings(Services& services, Call& call) {
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  JsonFields fields(*document);
  std::vector<std::pair<std::string, std::string>> choices;
  if (fields.has("pending_apps"))
    choices.emplace_back("pending_apps", fields.choice("pending_apps", {"allow", "deny"}));
  if (fields.has("gateway_down"))
    choices.emplace_back("gateway_down", fields.choice("gateway_down", {"block", "direct"}));
  if (std::optional<Error> error = fields.finish()) return problem(*error);
  Result<void> written = services.config.write([&](store::Session& session) -> Result<void> {
    for (const auto& [name, value] : choices)
      session.run(
          "INSERT INTO policy_settings (name, value) VALUES (:name, :value) "
          "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
          {{"name", name}, {"value", value}});
    return {};
  });
  if (!written) return problem(written.error());
  std::vector<Services::Change> changes;
  for (const auto& [name, value] : choices) changes.push_back({"settings.put", name, value});
  if (auto told = services.publish_and_note(call.actor(), changes); !told) return problem(told.error());
  services.changed({Topic::actions});
  return settings_document(services);
}

Outcome list_actions(Services& services, Call& call) {
  Query query(call);
  const PageRequest page = query.page();
  if (std::optional<Error> error = query.finish()) return problem(*error);
  Result<Page<AdminAction>> found =
      services.audit.read([&](store::Session& session) { return admin_actions(session, page); });
  if (!found) return problem(found.error());
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const AdminAction& action : found->items) {
    json.begin_object().field("time", action.time).field("actor", action.actor).field("action", action.action);
    maybe_text(json, "target", action.target);
    maybe_text(json, "note", action.note);
    json.end_object();
  }
  json.end_array();
  next_cursor(json, found->next);
  return json_answer(json.end_object().take());
}

}  // namespace

void add_system_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  const auto add = [&](std::string_view pattern, Outcome (*function)(Services&, Call&)) {
    routes.push_back({"GET", pattern, who, [&services, function](Call& call) { return function(services, call); }});
  };
  add("/api/gateways", list_gateways);
  add("/api/policy", get_policy);
  add("/api/ca", get_ca);
  add("/api/settings", get_settings);
  routes.push_back({"PUT", "/api/settings", who, [&services](Call& call) { return put_settings(services, call); }});
  add("/api/audit", list_actions);
}

}  // namespace sluice::console
