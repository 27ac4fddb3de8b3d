#include "console_backend/catalogue/apps.h"

#include <algorithm>
#include <map>

namespace sluice::console {

namespace {

// Names and vendors of the apps that Sluice knows by itself; others are called by their id.
struct Known {
  std::string_view app, name, vendor;
};
constexpr Known known_apps[] = {
    {"claude-code", "Claude Code", "Anthropic"},
    {"codex", "Codex", "OpenAI"},
    {"opencode", "OpenCode", "Anomaly"},
    {"gemini-cli", "Gemini CLI", "Google"},
    {"openai-sdk", "OpenAI SDK", "OpenAI"},
    {"anthropic-sdk", "Anthropic SDK", "Anthropic"},
    {"curl", "curl", "curl"},
    {"python", "Python", "Python Software Foundation"},
    {"node", "Node.js", "OpenJS Foundation"},
};

Known known(std::string_view app, std::string_view name) {
  const auto* found = std::ranges::find(known_apps, app, &Known::app);
  if (found != std::end(known_apps)) return *found;
  return {app, name.empty() ? app : name, ""};
}

policy::Decision decision_of(const store::Row& row) {
  return policy::decision_named(row.text("decision")).value_or(policy::Decision::pending);
}

constexpr const char* app_columns =
    "SELECT app, name, vendor, decision, note, reference, decided_by, decided_at, first_seen, last_seen FROM apps";

AppRow app_of(const store::Row& row) {
  AppRow app;
  app.app = row.text("app");
  app.name = row.text("name");
  app.vendor = row.text("vendor");
  app.decision = decision_of(row);
  app.note = row.text("note");
  app.reference = row.text("reference");
  app.decided_by = row.text("decided_by");
  app.decided_at = row.optional_time("decided_at");
  app.first_seen = row.time("first_seen");
  app.last_seen = row.time("last_seen");
  return app;
}

void add_devices_and_versions(store::Session& session, std::vector<AppRow>& rows) {
  std::map<std::string, AppRow*, std::less<>> by_name;
  for (AppRow& row : rows) by_name[row.app] = &row;
  for (const store::Row& row :
       session.rows("SELECT app, COUNT(DISTINCT device_id) AS n FROM device_apps GROUP BY app LIMIT 10000")) {
    if (const auto found = by_name.find(row.text("app")); found != by_name.end()) {
      found->second->devices = row.number("n");
    }
  }
  for (const store::Row& row : session.rows("SELECT DISTINCT app, version FROM device_apps WHERE version <> '' ORDER "
                                            "BY app, version DESC LIMIT 20000")) {
    const auto found = by_name.find(row.text("app"));
    if (found == by_name.end() || found->second->versions.size() >= 20) continue;
    found->second->versions.push_back(row.text("version"));
  }
}

}  // namespace

bool is_app_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-:@/+").find(c) != std::string_view::npos;
  });
}

std::vector<AppRow> apps(store::Session& session) {
  std::vector<AppRow> all;
  for (const store::Row& row : session.rows(std::string(app_columns) + " ORDER BY last_seen DESC, app LIMIT 10000")) {
    all.push_back(app_of(row));
  }
  add_devices_and_versions(session, all);
  return all;
}

std::optional<AppRow> find_app(store::Session& session, std::string_view app) {
  std::optional<store::Row> row = session.row(std::string(app_columns) + " WHERE app = :app", {{"app", app}});
  if (!row) return std::nullopt;
  std::vector<AppRow> one{app_of(*row)};
  add_devices_and_versions(session, one);
  return std::move(one.front());
}

bool see_app(store::Session& session, std::string_view app, std::string_view name, TimePoint now) {
  const std::int64_t moved = session.run("UPDATE apps SET last_seen = :now WHERE app = :app AND last_seen <= :then",
                                         {{"now", now}, {"app", app}, {"then", now}});
  if (moved > 0) return false;
  const Known facts = known(app, name);
  return session.run(
             "INSERT INTO apps (app, name, vendor, first_seen, last_seen) "
             "VALUES (:app, :name, :vendor, :first_seen, :last_seen) ON CONFLICT (app) DO NOTHING",
             {{"app", app}, {"name", facts.name}, {"vendor", facts.vendor}, {"first_seen", now}, {"last_seen", now}}) >
         0;
}

void decide_app(store::Session& session, const AppDecided& decided, TimePoint now) {
  if (!find_app(session, decided.app)) see_app(session, decided.app, "", now);
  session.run(
      "UPDATE apps SET decision = :decision, note = :note, reference = :reference, decided_by = :decided_by, "
      "decided_at = :decided_at WHERE app = :app",
      {{"decision", policy::name_of(decided.decision)},
       {"note", decided.note},
       {"reference", decided.reference},
       {"decided_by", decided.decided_by},
       {"decided_at", now},
       {"app", decided.app}});
}

Result<void> decide_app_on_device(store::Session& session, std::string_view device_id, const AppDecided& decided,
                                  TimePoint now) {
  if (session.number("SELECT COUNT(*) AS n FROM devices WHERE id = :id", {{"id", device_id}}) == 0) {
    return fail(ErrorCode::not_found, "device_id: there is no such device");
  }
  if (!find_app(session, decided.app)) {
    return fail(ErrorCode::not_found, "app: the catalogue has no '" + decided.app + "'");
  }
  session.run(
      "INSERT INTO device_decisions (device_id, app, decision, note, reference, decided_by, decided_at) "
      "VALUES (:device_id, :app, :decision, :note, :reference, :decided_by, :decided_at) "
      "ON CONFLICT (device_id, app) DO UPDATE SET decision = excluded.decision, note = excluded.note, "
      "reference = excluded.reference, decided_by = excluded.decided_by, decided_at = excluded.decided_at",
      {{"device_id", device_id},
       {"app", decided.app},
       {"decision", policy::name_of(decided.decision)},
       {"note", decided.note},
       {"reference", decided.reference},
       {"decided_by", decided.decided_by},
       {"decided_at", now}});
  return {};
}

bool remove_device_decision(store::Session& session, std::string_view device_id, std::string_view app) {
  return session.run("DELETE FROM device_decisions WHERE device_id = :device_id AND app = :app",
                     {{"device_id", device_id}, {"app", app}}) > 0;
}

std::vector<DecisionRow> device_decisions(store::Session& session) {
  std::vector<DecisionRow> all;
  for (const store::Row& row :
       session.rows("SELECT device_id, app, decision, note, reference, decided_by, decided_at FROM device_decisions "
                    "ORDER BY device_id, app LIMIT 100000")) {
    all.push_back({row.text("device_id"), row.text("app"), decision_of(row), row.text("note"), row.text("reference"),
                   row.text("decided_by"), row.time("decided_at")});
  }
  return all;
}

}  // namespace sluice::console
