#include "console_backend/guardrails/scope.h"

#include "console_backend/guardrails/guard_providers.h"

namespace sluice::console {

namespace {

// Where there are more names than this, nobody is warned about any.
constexpr std::size_t most_names = 100'000;

std::optional<std::set<std::string, std::less<>>> names(store::Session& session, std::string_view sql) {
  std::set<std::string, std::less<>> all;
  for (const store::Row& row : session.rows(std::string(sql) + " LIMIT 100000")) all.insert(row.text("name"));
  if (all.size() == most_names) return std::nullopt;
  return all;
}

}  // namespace

KnownNames KnownNames::read(store::Session& session) {
  KnownNames known;
  known.users_ = names(session, "SELECT user_name AS name FROM devices UNION SELECT user_name FROM device_apps");
  known.teams_ = names(session, "SELECT DISTINCT team_id AS name FROM virtual_keys WHERE team_id <> ''");
  known.keys_ = names(session, "SELECT id AS name FROM virtual_keys");
  known.apps_ = names(session, "SELECT app AS name FROM apps");
  for (const GuardProviderRow& row : guard_providers(session))
    if (const auto wrong = unusable(row)) known.broken_checks_[row.settings.id] = wrong->path + " " + wrong->what;
  return known;
}

std::vector<GuardWarning> KnownNames::check_warnings(const JsonValue& rule) const {
  std::vector<GuardWarning> all;
  const JsonValue* const detectors = rule.find("detectors");
  const auto* const uses = detectors == nullptr ? nullptr : std::get_if<JsonArray>(&detectors->data);
  for (std::size_t i = 0; uses != nullptr && i < uses->size(); ++i) {
    const JsonValue* const kind = (*uses)[i].find("kind");
    const JsonValue* const listed = (*uses)[i].find("names");
    const auto* const kind_name = kind == nullptr ? nullptr : std::get_if<std::string>(&kind->data);
    const auto* const ids = listed == nullptr ? nullptr : std::get_if<JsonArray>(&listed->data);
    if (kind_name == nullptr || *kind_name != "external" || ids == nullptr) continue;
    for (std::size_t n = 0; n < ids->size(); ++n) {
      const auto* const id = std::get_if<std::string>(&(*ids)[n].data);
      const auto broken = id == nullptr ? broken_checks_.end() : broken_checks_.find(*id);
      if (broken == broken_checks_.end()) continue;
      all.push_back({"detectors[" + std::to_string(i) + "].names[" + std::to_string(n) + "]",
                     "The external check " + *id + " cannot be asked: " + broken->second});
    }
  }
  return all;
}

std::vector<GuardWarning> KnownNames::warnings(const JsonValue& rule) const {
  std::vector<GuardWarning> all = check_warnings(rule);
  const JsonValue* const scope = rule.find("scope");
  if (scope == nullptr) return all;
  const auto add = [&](const char* list, const auto& known, const char* what) {
    const JsonValue* const value = scope->find(list);
    const auto* const names = value == nullptr ? nullptr : std::get_if<JsonArray>(&value->data);
    if (names == nullptr) return;
    for (std::size_t i = 0; i < names->size(); ++i) {
      const auto* const name = std::get_if<std::string>(&(*names)[i].data);
      if (name == nullptr || !known || known->contains(*name)) continue;
      std::string sentence(what);
      sentence.replace(sentence.find('*'), 1, *name);
      all.push_back({"scope." + std::string(list) + "[" + std::to_string(i) + "]", std::move(sentence)});
    }
  };
  add("users", users_, "No device has reported the user *");
  add("teams", teams_, "No virtual key belongs to the team *");
  add("keys", keys_, "There is no virtual key *");
  add("apps", apps_, "No app * is known");
  return all;
}

void write_warnings(JsonWriter& json, const std::vector<GuardWarning>& warnings) {
  json.begin_array();
  for (const GuardWarning& one : warnings)
    json.begin_object().field("path", one.path).field("message", one.message).end_object();
  json.end_array();
}

}  // namespace sluice::console
