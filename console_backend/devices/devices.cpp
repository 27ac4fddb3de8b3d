#include "console_backend/devices/devices.h"

#include "console_backend/store/like.h"
#include "tls/certificate.h"
#include "tls/crypto.h"

namespace sluice::console {

namespace {

constexpr std::chrono::hours renewal_grace{24 * 30};

constexpr const char* device_columns =
    "d.id AS id, d.hostname AS hostname, d.platform AS platform, d.os_version AS os_version, "
    "d.agent_version AS agent_version, d.user_name AS user_name, d.enrolled_at AS enrolled_at, "
    "d.revoked_at AS revoked_at, d.revoked_note AS revoked_note, d.revoked_by AS revoked_by, d.last_check_in AS "
    "last_check_in, "
    "d.snapshot_version AS snapshot_version, d.capture_state AS capture_state, d.capture_detail AS capture_detail, "
    "d.intercepted AS intercepted, d.spliced AS spliced, d.refused AS refused, d.broken AS broken, "
    "(SELECT COUNT(*) FROM device_apps a WHERE a.device_id = d.id) AS apps";

DeviceRow device_of(const store::Row& row) {
  DeviceRow device;
  device.id = row.text("id");
  device.hostname = row.text("hostname");
  device.platform = row.text("platform");
  device.os_version = row.text("os_version");
  device.agent_version = row.text("agent_version");
  device.user = row.text("user_name");
  device.enrolled_at = row.time("enrolled_at");
  device.revoked_at = row.optional_time("revoked_at");
  device.revoked_note = row.text("revoked_note");
  device.revoked_by = row.text("revoked_by");
  device.last_check_in = row.optional_time("last_check_in");
  device.snapshot_version = row.text("snapshot_version");
  device.capture_state = row.text("capture_state");
  device.capture_detail = row.text("capture_detail");
  device.counters = {row.number("intercepted"), row.number("spliced"), row.number("refused"), row.number("broken")};
  device.apps = row.number("apps");
  return device;
}

}  // namespace

void add_device(store::Session& session, std::string_view id, const wire::EnrolRequest& request, TimePoint now) {
  session.run(
      "INSERT INTO devices (id, hostname, platform, os_version, agent_version, enrolled_at, last_check_in) "
      "VALUES (:id, :hostname, :platform, :os_version, :agent_version, :enrolled_at, :last_check_in)",
      {{"id", id},
       {"hostname", request.hostname},
       {"platform", request.platform},
       {"os_version", request.os_version},
       {"agent_version", request.agent_version},
       {"enrolled_at", now},
       {"last_check_in", now}});
}

Page<DeviceRow> devices(store::Session& session, const PageRequest& page, const DeviceQuery& query, TimePoint now) {
  std::string where = " WHERE 1 = 1";
  store::Values values{{"limit", static_cast<std::int64_t>(page.limit + 1)}};
  if (page.after) {
    where += " AND (d.hostname > :hostname OR (d.hostname = :same AND d.id > :after))";
    values.insert(values.end(), {{"hostname", page.after->key}, {"same", page.after->key}, {"after", page.after->id}});
  }
  if (!query.part.empty()) {
    where +=
        " AND (LOWER(d.hostname) LIKE :p1 ESCAPE '\\' OR LOWER(d.user_name) LIKE :p2 ESCAPE '\\' "
        "OR LOWER(d.id) LIKE :p3 ESCAPE '\\')";
    const std::string pattern = like_pattern(query.part);
    values.insert(values.end(), {{"p1", pattern}, {"p2", pattern}, {"p3", pattern}});
  }
  if (query.state == "revoked") where += " AND d.revoked_at IS NOT NULL";
  if (query.state == "active" || query.state == "stale") {
    where += query.state == "active" ? " AND d.revoked_at IS NULL AND COALESCE(d.last_check_in, 0) >= :since"
                                     : " AND d.revoked_at IS NULL AND COALESCE(d.last_check_in, 0) < :since";
    values.emplace_back("since", now - stale_after);
  }
  if (!query.app.empty()) {
    where += " AND EXISTS (SELECT 1 FROM device_apps f WHERE f.device_id = d.id AND f.app = :app)";
    values.emplace_back("app", query.app);
  }
  Page<DeviceRow> answer;
  for (const store::Row& row : session.rows(std::string("SELECT ") + device_columns + " FROM devices d" + where +
                                                " ORDER BY d.hostname, d.id LIMIT :limit",
                                            values)) {
    answer.items.push_back(device_of(row));
  }
  answer.close(page.limit, [](const DeviceRow& last) { return Position{last.hostname, last.id}; });
  return answer;
}

std::optional<DeviceRow> find_device(store::Session& session, std::string_view id) {
  std::optional<store::Row> row =
      session.row(std::string("SELECT ") + device_columns + " FROM devices d WHERE d.id = :id", {{"id", id}});
  if (!row) return std::nullopt;
  return device_of(*row);
}

std::vector<DeviceAppRow> apps_of_device(store::Session& session, std::string_view id) {
  std::vector<DeviceAppRow> apps;
  for (const store::Row& row :
       session.rows("SELECT app, name, version, path, user_name, first_seen, last_seen FROM device_apps "
                    "WHERE device_id = :id ORDER BY app, path LIMIT 1000",
                    {{"id", id}})) {
    apps.push_back({row.text("app"), row.text("name"), row.text("version"), row.text("path"), row.text("user_name"),
                    row.time("first_seen"), row.time("last_seen")});
  }
  return apps;
}

std::map<std::string, std::string> device_names(store::Session& session) {
  std::map<std::string, std::string> names;
  for (const store::Row& row : session.rows("SELECT id, hostname FROM devices LIMIT 100000")) {
    names.emplace(row.text("id"), row.text("hostname"));
  }
  return names;
}

void take_inventory(store::Session& session, std::string_view id, const wire::Inventory& inventory, TimePoint now) {
  session.run(
      "UPDATE devices SET hostname = :hostname, os_version = :os_version, agent_version = :agent_version, "
      "capture_state = :capture_state, capture_detail = :capture_detail, intercepted = :intercepted, "
      "spliced = :spliced, refused = :refused, broken = :broken WHERE id = :id",
      {{"hostname", inventory.hostname},
       {"os_version", inventory.os_version},
       {"agent_version", inventory.agent_version},
       {"capture_state", inventory.capture_state},
       {"capture_detail", inventory.capture_detail},
       {"intercepted", inventory.counters.intercepted},
       {"spliced", inventory.counters.spliced},
       {"refused", inventory.counters.refused},
       {"broken", inventory.counters.broken},
       {"id", id}});
  for (const wire::InstalledApp& app : inventory.apps) {
    session.run(
        "INSERT INTO device_apps (device_id, app, path, name, version, user_name, first_seen, last_seen) "
        "VALUES (:device_id, :app, :path, :name, :version, :user_name, :first_seen, :last_seen) "
        "ON CONFLICT (device_id, app, path) DO UPDATE SET name = excluded.name, version = excluded.version, "
        "user_name = excluded.user_name, last_seen = excluded.last_seen",
        {{"device_id", id},
         {"app", app.app},
         {"path", app.path},
         {"name", app.name},
         {"version", app.version},
         {"user_name", app.user},
         {"first_seen", now},
         {"last_seen", now}});
  }
  session.run("DELETE FROM device_apps WHERE device_id = :id AND last_seen < :now", {{"id", id}, {"now", now}});
  for (const wire::InstalledApp& app : inventory.apps) {
    if (app.user.empty()) continue;
    set_device_user(session, id, app.user);
    break;
  }
}

void set_device_user(store::Session& session, std::string_view id, std::string_view user) {
  session.run("UPDATE devices SET user_name = :user WHERE id = :id AND user_name <> :same",
              {{"user", user}, {"id", id}, {"same", user}});
}

bool revoke_device(store::Session& session, std::string_view id, std::string_view note, std::string_view revoked_by,
                   TimePoint now) {
  const bool changed = session.run(
                           "UPDATE devices SET revoked_at = :now, revoked_note = :note, revoked_by = :revoked_by "
                           "WHERE id = :id AND revoked_at IS NULL",
                           {{"now", now}, {"note", note}, {"revoked_by", revoked_by}, {"id", id}}) > 0;
  session.run("UPDATE issued_certificates SET revoked_at = :now WHERE subject_id = :id AND revoked_at IS NULL",
              {{"now", now}, {"id", id}});
  return changed;
}

void add_gateway(store::Session& session, std::string_view id, std::string_view name, TimePoint now) {
  session.run("INSERT INTO gateways (id, name, enrolled_at, last_check_in) VALUES (:id, :name, :now, :seen)",
              {{"id", id}, {"name", name}, {"now", now}, {"seen", now}});
}

std::vector<GatewayRow> gateways(store::Session& session) {
  std::vector<GatewayRow> all;
  for (const store::Row& row :
       session.rows("SELECT id, name, enrolled_at, revoked_at, last_check_in, snapshot_version FROM gateways "
                    "ORDER BY enrolled_at DESC LIMIT 1000")) {
    all.push_back({row.text("id"), row.text("name"), row.time("enrolled_at"), row.optional_time("revoked_at"),
                   row.optional_time("last_check_in"), row.text("snapshot_version")});
  }
  return all;
}

bool revoke_gateway(store::Session& session, std::string_view id, TimePoint now) {
  const bool changed = session.run("UPDATE gateways SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL",
                                   {{"now", now}, {"id", id}}) > 0;
  session.run("UPDATE issued_certificates SET revoked_at = :now WHERE subject_id = :id AND revoked_at IS NULL",
              {{"now", now}, {"id", id}});
  return changed;
}

void add_issued_certificate(store::Session& session, std::string_view kind, std::string_view subject_id,
                            std::string_view certificate_pem, TimePoint now) {
  Result<tls::CertificateFacts> facts = tls::certificate_facts(certificate_pem);
  if (!facts) throw store::StoreFailure(facts.error());
  session.run(
      "INSERT INTO issued_certificates (serial, subject_kind, subject_id, public_key_sha256, issued_at, not_after) "
      "VALUES (:serial, :kind, :subject_id, :public_key_sha256, :issued_at, :not_after)",
      {{"serial", facts->serial},
       {"kind", kind},
       {"subject_id", subject_id},
       {"public_key_sha256", tls::sha256_hex(facts->public_key_der)},
       {"issued_at", now},
       {"not_after", facts->not_after}});
}

std::optional<IssuedCertificate> newest_certificate(store::Session& session, std::string_view subject_id) {
  std::optional<store::Row> row = session.row(
      "SELECT serial, not_after FROM issued_certificates WHERE subject_id = :id ORDER BY issued_at DESC LIMIT 1",
      {{"id", subject_id}});
  if (!row) return std::nullopt;
  return IssuedCertificate{row->text("serial"), row->time("not_after")};
}

std::vector<std::string> revoked_serials(store::Session& session, TimePoint now) {
  std::vector<std::string> serials;
  for (const store::Row& row :
       session.rows("SELECT serial FROM issued_certificates WHERE revoked_at IS NOT NULL AND not_after > :since "
                    "ORDER BY serial LIMIT 100000",
                    {{"since", now - renewal_grace}})) {
    serials.push_back(row.text("serial"));
  }
  return serials;
}

std::vector<std::string> revoked_subjects(store::Session& session) {
  std::vector<std::string> ids;
  for (const store::Row& row : session.rows("SELECT id FROM devices WHERE revoked_at IS NOT NULL UNION "
                                            "SELECT id FROM gateways WHERE revoked_at IS NOT NULL LIMIT 100000")) {
    ids.push_back(row.text("id"));
  }
  return ids;
}

void store_check_ins(store::Session& session, const std::vector<CheckIn>& check_ins) {
  for (const CheckIn& check_in : check_ins) {
    // An id is in one of the two tables; the other statement changes nothing.
    for (const char* sql :
         {"UPDATE devices SET last_check_in = :time, snapshot_version = CASE WHEN :given = '' THEN snapshot_version "
          "ELSE :version END WHERE id = :id",
          "UPDATE gateways SET last_check_in = :time, snapshot_version = CASE WHEN :given = '' THEN snapshot_version "
          "ELSE :version END WHERE id = :id"}) {
      session.run(sql, {{"time", check_in.time},
                        {"given", check_in.snapshot_version},
                        {"version", check_in.snapshot_version},
                        {"id", check_in.id}});
    }
  }
}

std::string_view state_of(const DeviceRow& device, TimePoint now) noexcept {
  if (device.revoked_at) return "revoked";
  return device.last_check_in && now - *device.last_check_in <= stale_after ? "active" : "stale";
}

std::vector<DeviceCount> count_devices(store::Session& session, TimePoint now) {
  std::vector<DeviceCount> counts;
  for (const store::Row& row :
       session.rows("SELECT platform, CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN last_check_in >= :since "
                    "THEN 'active' ELSE 'stale' END AS state, COUNT(*) AS n FROM devices GROUP BY 1, 2",
                    {{"since", now - stale_after}})) {
    counts.push_back({row.text("platform"), row.text("state"), row.number("n")});
  }
  return counts;
}

}  // namespace sluice::console
