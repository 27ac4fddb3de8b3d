// /api/catalog/apps
#include <algorithm>

#include "base/encoding.h"
#include "base/random.h"
#include "console_backend/activity/requests.h"
#include "console_backend/api/routes.h"
#include "console_backend/catalogue/apps.h"
#include "console_backend/devices/devices.h"

namespace sluice::console {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// Short enough to be read out on the phone: "SLC-7F3A1C".
std::string make_reference() {
  std::string text = to_hex(random_bytes(3));
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  return "SLC-" + text;
}

struct Catalogue {
  std::vector<AppRow> apps;
  std::vector<DecisionRow> decisions;
  std::map<std::string, std::string> device_names;
};

void write_app(JsonWriter& json, const AppRow& app, const Catalogue& catalogue, std::int64_t requests) {
  json.begin_object().field("app", app.app).field("name", app.name);
  maybe_text(json, "vendor", app.vendor);
  json.field("decision", policy::name_of(app.decision));
  maybe_text(json, "note", app.note);
  maybe_text(json, "reference", app.reference);
  maybe_text(json, "decided_by", app.decided_by);
  maybe_time(json, "decided_at", app.decided_at);
  json.field("devices", app.devices).field("versions", app.versions);
  json.field("first_seen", app.first_seen).field("last_seen", app.last_seen).field("requests_24h", requests);
  json.key("device_decisions").begin_array();
  for (const DecisionRow& row : catalogue.decisions) {
    if (row.app != app.app) continue;
    const auto name = catalogue.device_names.find(row.device_id);
    json.begin_object().field("device_id", row.device_id);
    json.field("device_name", name == catalogue.device_names.end() ? row.device_id : name->second);
    json.field("decision", policy::name_of(row.decision));
    maybe_text(json, "note", row.note);
    maybe_text(json, "reference", row.reference);
    json.field("decided_by", row.decided_by).field("decided_at", row.decided_at).end_object();
  }
  json.end_array().end_object();
}

Outcome list_apps(Services& services, Call& call) {
  Query query(call);
  const PageRequest page = query.page();
  const std::string part = lower(query.text("q", 200));
  const std::string decision = query.choice("decision", {"pending", "approved", "denied"});
  if (std::optional<Error> error = query.finish()) return problem(*error);
  Result<Catalogue> catalogue = services.config.read([](store::Session& session) {
    return Catalogue{apps(session), device_decisions(session), device_names(session)};
  });
  if (!catalogue) return problem(catalogue.error());
  const TimePoint since = services.clock.now() - std::chrono::hours(24);
  Result<std::map<std::string, std::int64_t>> requests =
      services.audit.read([&](store::Session& session) { return requests_by_app(session, since); });
  if (!requests) return problem(requests.error());

  std::map<policy::Decision, std::int64_t> counts;
  std::vector<AppRow> wanted;
  for (const AppRow& app : catalogue->apps) {
    ++counts[app.decision];
    if (!decision.empty() && policy::name_of(app.decision) != decision) continue;
    const bool named =
        part.empty() || lower(app.app + "\n" + app.name + "\n" + app.vendor).find(part) != std::string::npos;
    if (named) wanted.push_back(app);
  }
  std::ranges::sort(wanted, [](const AppRow& a, const AppRow& b) {
    const bool a_decided = a.decision != policy::Decision::pending;
    const bool b_decided = b.decision != policy::Decision::pending;
    return std::tuple(a_decided, lower(a.name), a.app) < std::tuple(b_decided, lower(b.name), b.app);
  });
  Page<AppRow> shown = page_of(std::move(wanted), page);
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const AppRow& app : shown.items) write_app(json, app, *catalogue, (*requests)[app.app]);
  json.end_array();
  next_cursor(json, shown.next);
  json.key("counts").begin_object().field("pending", counts[policy::Decision::pending]);
  json.field("approved", counts[policy::Decision::approved]).field("denied", counts[policy::Decision::denied]);
  return json_answer(json.end_object().end_object().take());
}

// Publishes and tells; the last step of every decision.
Outcome published_answer(Services& services, const Call& call, const std::vector<Services::Change>& changes,
                         JsonWriter& json) {
  const auto published = services.publish_and_note(call.actor(), changes);
  if (!published) return problem(published.error());
  services.changed({Topic::apps, Topic::devices});
  json.field("snapshot_version", (*published)->version.version).end_object();
  return json_answer(json.take());
}

Outcome decide(Services& services, Call& call) {
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  JsonFields fields(*document);
  AppDecided decided{call.parameter("app"), {}, {}, make_reference(), call.actor()};
  decided.decision = policy::decision_named(fields.choice("decision", {"approved", "pending", "denied"}))
                         .value_or(policy::Decision::pending);
  decided.note = fields.optional_text("note", 500).value_or("");
  const std::string scope = fields.has("scope") ? fields.choice("scope", {"global", "device"}) : "global";
  const std::string device = fields.optional_text("device_id", 64).value_or("");
  if (scope == "device" && device.empty()) fields.refuse("device_id", "is needed with scope device");
  if (scope == "global" && !device.empty()) fields.refuse("device_id", "does not go with scope global");
  if (std::optional<Error> error = fields.finish()) return problem(*error);
  if (!is_app_name(decided.app)) return problem(ErrorCode::invalid_argument, "app: not a name that an app can have");

  Result<void> done = services.config.write([&](store::Session& session) -> Result<void> {
    const TimePoint now = services.clock.now();
    if (scope == "device") return decide_app_on_device(session, device, decided, now);
    decide_app(session, decided, now);
    return {};
  });
  if (!done) return problem(done.error());
  const std::string target = device.empty() ? decided.app : decided.app + " on " + device;
  const std::string what =
      std::string(policy::name_of(decided.decision)) + (decided.note.empty() ? "" : ": " + decided.note);
  JsonWriter json;
  json.begin_object().field("app", decided.app).field("decision", policy::name_of(decided.decision));
  return published_answer(services, call, {{"app.decide", target, what}}, json);
}

Outcome remove_decision(Services& services, Call& call) {
  Query query(call);
  const std::string device = query.text("device_id", 64);
  if (std::optional<Error> error = query.finish()) return problem(*error);
  if (device.empty()) return problem(ErrorCode::invalid_argument, "device_id: is needed");
  const std::string app = call.parameter("app");
  Result<AppRow> row = services.config.write([&](store::Session& session) -> Result<AppRow> {
    if (!remove_device_decision(session, device, app)) {
      return fail(ErrorCode::not_found, "there is no decision about this app for this device");
    }
    return *find_app(session, app);
  });
  if (!row) {
    // An earlier try may have removed it and failed to tell the devices.
    if (auto published = services.publisher.publish(); !published) return problem(published.error());
    return problem(row.error());
  }
  JsonWriter json;
  json.begin_object().field("app", app).field("decision", policy::name_of(row->decision));
  return published_answer(services, call, {{"app.decide", app + " on " + device, "removed"}}, json);
}

Outcome decide_many(Services& services, Call& call) {
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  JsonFields fields(*document);
  const std::vector<std::string> names = fields.texts("apps", 200);
  const std::string decision = fields.choice("decision", {"approved", "pending", "denied"});
  const std::string note = fields.optional_text("note", 500).value_or("");
  if (names.empty()) fields.refuse("apps", "must name at least one app");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_app_name(names[i])) fields.refuse("apps[" + std::to_string(i) + "]", "not a name that an app can have");
  }
  if (std::optional<Error> error = fields.finish()) return problem(*error);
  const AppDecided decided{"", *policy::decision_named(decision), note, make_reference(), call.actor()};
  Result<void> done = services.config.write([&](store::Session& session) {
    for (const std::string& name : names) {
      AppDecided one = decided;
      one.app = name;
      decide_app(session, one, services.clock.now());
    }
  });
  if (!done) return problem(done.error());
  std::vector<Services::Change> changes;
  for (const std::string& name : names) changes.push_back({"app.decide", name, decision});
  JsonWriter json;
  json.begin_object().field("apps", names).field("decision", decision);
  return published_answer(services, call, changes, json);
}

}  // namespace

void add_catalogue_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  routes.push_back({"GET", "/api/catalog/apps", who, [&](Call& call) { return list_apps(services, call); }});
  routes.push_back(
      {"POST", "/api/catalog/apps/decisions", who, [&](Call& call) { return decide_many(services, call); }});
  routes.push_back(
      {"PUT", "/api/catalog/apps/{app}/decision", who, [&](Call& call) { return decide(services, call); }});
  routes.push_back(
      {"DELETE", "/api/catalog/apps/{app}/decision", who, [&](Call& call) { return remove_decision(services, call); }});
}

}  // namespace sluice::console
