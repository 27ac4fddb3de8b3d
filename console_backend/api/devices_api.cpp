// /api/devices
#include <charconv>

#include "console_backend/api/routes.h"
#include "console_backend/catalogue/apps.h"
#include "console_backend/devices/devices.h"

namespace sluice::console {

namespace {

// "EPOCH.VERSION" → VERSION; null when the device has confirmed none.
void maybe_version(JsonWriter& json, std::string_view text) {
  const std::size_t dot = text.find('.');
  std::int64_t version = 0;
  json.key("snapshot_version");
  if (dot == std::string_view::npos ||
      std::from_chars(text.data() + dot + 1, text.data() + text.size(), version).ec != std::errc()) {
    json.null();
  } else {
    json.integer(version);
  }
}

// The row with what is known since it was written.
DeviceRow with_presence(const Services& services, DeviceRow device) {
  std::optional<CheckIn> last = services.presence.last(device.id);
  if (!last) return device;
  if (!device.last_check_in || last->time > *device.last_check_in) device.last_check_in = last->time;
  if (!last->snapshot_version.empty()) device.snapshot_version = last->snapshot_version;
  return device;
}

void write_device(JsonWriter& json, const DeviceRow& device, TimePoint now) {
  json.field("id", device.id).field("hostname", device.hostname).field("platform", device.platform);
  maybe_text(json, "os_version", device.os_version);
  maybe_text(json, "agent_version", device.agent_version);
  json.field("state", state_of(device, now)).field("enrolled_at", device.enrolled_at);
  maybe_time(json, "last_check_in", device.last_check_in);
  json.key("capture").begin_object().field("state", device.capture_state);
  maybe_text(json, "detail", device.capture_detail);
  json.end_object();
  maybe_version(json, device.snapshot_version);
  json.field("apps", device.apps);
  maybe_text(json, "user", device.user);
}

Outcome list_devices(Services& services, Call& call) {
  Query query(call);
  const PageRequest page = query.page();
  const DeviceQuery wanted{query.text("q", 200), query.choice("state", {"active", "stale", "revoked"}),
                           query.text("app", 64)};
  if (std::optional<Error> error = query.finish()) return problem(*error);
  const TimePoint now = services.clock.now();
  Result<Page<DeviceRow>> found =
      services.config.read([&](store::Session& session) { return devices(session, page, wanted, now); });
  if (!found) return problem(found.error());
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (DeviceRow& device : found->items) {
    json.begin_object();
    write_device(json, with_presence(services, std::move(device)), now);
    json.end_object();
  }
  json.end_array();
  next_cursor(json, found->next);
  return json_answer(json.end_object().take());
}

struct Detail {
  DeviceRow device;
  std::vector<DeviceAppRow> found_apps;
  std::map<std::string, policy::Decision> decisions;
  std::optional<IssuedCertificate> certificate;
};

Result<Detail> read_detail(store::Session& session, const std::string& id) {
  std::optional<DeviceRow> device = find_device(session, id);
  if (!device) return fail(ErrorCode::not_found, "there is no device '" + id + "'");
  Detail detail{std::move(*device), apps_of_device(session, id), {}, newest_certificate(session, id)};
  for (const AppRow& app : apps(session)) detail.decisions[app.app] = app.decision;
  for (const DecisionRow& decision : device_decisions(session)) {
    if (decision.device_id == id) detail.decisions[decision.app] = decision.decision;
  }
  return detail;
}

void write_found_app(JsonWriter& json, const DeviceAppRow& app, policy::Decision decision) {
  json.begin_object().field("app", app.app).field("name", app.name.empty() ? app.app : app.name);
  maybe_text(json, "version", app.version);
  json.field("path", app.path);
  maybe_text(json, "user", app.user);
  json.field("decision", policy::name_of(decision));
  json.field("first_seen", app.first_seen).field("last_seen", app.last_seen).end_object();
}

Outcome get_device(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<Detail> detail =
      services.config.read([&](store::Session& session) { return read_detail(session, call.parameter("id")); });
  if (!detail) return problem(detail.error());
  const DeviceRow device = with_presence(services, detail->device);
  JsonWriter json;
  json.begin_object();
  write_device(json, device, services.clock.now());
  json.key("certificate").begin_object();
  json.field("serial", detail->certificate ? detail->certificate->serial : std::string());
  json.field("not_after", detail->certificate ? detail->certificate->not_after : device.enrolled_at).end_object();
  json.key("revocation");
  if (device.revoked_at) {
    json.begin_object().field("note", device.revoked_note).field("revoked_by", device.revoked_by);
    json.field("revoked_at", *device.revoked_at).end_object();
  } else {
    json.null();
  }
  json.key("found_apps").begin_array();
  for (const DeviceAppRow& app : detail->found_apps) write_found_app(json, app, detail->decisions[app.app]);
  json.end_array().key("counters").begin_object();
  json.field("intercepted", device.counters.intercepted).field("spliced", device.counters.spliced);
  json.field("refused", device.counters.refused).field("broken", device.counters.broken).end_object();
  return json_answer(json.end_object().take());
}

Outcome revoke(Services& services, Call& call) {
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  JsonFields fields(*document);
  const std::string note = fields.text("note", 500);
  if (std::optional<Error> error = fields.finish()) return problem(*error);
  const std::string id = call.parameter("id");
  Result<void> revoked = services.config.write([&](store::Session& session) -> Result<void> {
    if (!find_device(session, id)) return fail(ErrorCode::not_found, "there is no device '" + id + "'");
    if (!revoke_device(session, id, note, call.actor(), services.clock.now())) {
      return fail(ErrorCode::conflict, "the device is revoked already");
    }
    return {};
  });
  if (!revoked && revoked.error().code == ErrorCode::conflict) {
    // An earlier try may have revoked it and failed to tell the gateways.
    services.presence.revoke(id);
    if (auto published = services.publisher.publish(); !published) return problem(published.error());
  }
  if (!revoked) return problem(revoked.error());
  services.presence.revoke(id);
  const auto published = services.publish_and_note(call.actor(), {{"device.revoke", id, note}});
  if (!published) return problem(published.error());
  services.changed({Topic::devices});
  JsonWriter json;
  json.begin_object().field("id", id).field("state", "revoked");
  json.field("snapshot_version", (*published)->version.version).end_object();
  return json_answer(json.take());
}

}  // namespace

void add_device_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  routes.push_back({"GET", "/api/devices", who, [&](Call& call) { return list_devices(services, call); }});
  routes.push_back({"GET", "/api/devices/{id}", who, [&](Call& call) { return get_device(services, call); }});
  routes.push_back({"POST", "/api/devices/{id}/revoke", who, [&](Call& call) { return revoke(services, call); }});
}

}  // namespace sluice::console
