#include "console_backend/guardrails/parts.h"

#include <algorithm>

namespace sluice::console {

namespace {

constexpr PartNames all_names[] = {
    {"rule", "rules", "rules", "rule"},
    {"pattern", "patterns", "patterns", "pattern"},
    {"word_list", "word_lists", "word-lists", "word list"},
    {"topic", "topics", "topics", "topic"},
    {"allow_list", "allow_lists", "allow-lists", "allow-list"},
    {"gitleaks", "gitleaks", "gitleaks", "gitleaks file"},
};

PartRow row_of(const store::Row& row) {
  return {row.text("id"), row.text("definition"), row.time("updated_at")};
}

void put_rule(store::Session& session, std::string_view id, std::string_view definition, TimePoint now) {
  session.run(
      "INSERT INTO guardrail_rules (id, position, definition, updated_at) "
      "VALUES (:id, (SELECT COALESCE(MAX(position) + 1, 0) FROM guardrail_rules), :definition, :now) "
      "ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at",
      {{"id", id}, {"definition", definition}, {"now", now}});
}

}  // namespace

const PartNames& names_of(Part part) noexcept {
  return all_names[static_cast<std::size_t>(part)];
}

std::vector<PartRow> parts(store::Session& session, Part part) {
  std::vector<PartRow> all;
  if (part == Part::rule) {
    for (const store::Row& row :
         session.rows("SELECT id, definition, updated_at FROM guardrail_rules ORDER BY position, id LIMIT 10000")) {
      all.push_back(row_of(row));
    }
    return all;
  }
  for (const store::Row& row :
       session.rows("SELECT id, definition, updated_at FROM guardrail_parts WHERE kind = :kind ORDER BY id LIMIT 10000",
                    {{"kind", names_of(part).kind}})) {
    all.push_back(row_of(row));
  }
  return all;
}

void put_part(store::Session& session, Part part, std::string_view id, std::string_view definition, TimePoint now) {
  if (part == Part::rule) return put_rule(session, id, definition, now);
  session.run(
      "INSERT INTO guardrail_parts (kind, id, definition, updated_at) VALUES (:kind, :id, :definition, :now) "
      "ON CONFLICT (kind, id) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at",
      {{"kind", names_of(part).kind}, {"id", id}, {"definition", definition}, {"now", now}});
}

bool remove_part(store::Session& session, Part part, std::string_view id) {
  if (part == Part::rule) return session.run("DELETE FROM guardrail_rules WHERE id = :id", {{"id", id}}) > 0;
  return session.run("DELETE FROM guardrail_parts WHERE kind = :kind AND id = :id",
                     {{"kind", names_of(part).kind}, {"id", id}}) > 0;
}

void order_rules(store::Session& session, const std::vector<std::string>& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i);
    session.run("UPDATE guardrail_rules SET position = :position WHERE id = :id AND position <> :same",
                {{"position", place}, {"id", ids[i]}, {"same", place}});
  }
}

void move_rule(store::Session& session, std::string_view id, std::size_t position) {
  std::vector<PartRow> rules = parts(session, Part::rule);
  const auto moved = std::ranges::find(rules, id, &PartRow::id);
  if (moved == rules.end()) return;
  const auto from = moved - rules.begin();
  const auto to = static_cast<std::ptrdiff_t>(std::min(position, rules.size() - 1));
  if (from < to) std::rotate(moved, moved + 1, rules.begin() + to + 1);
  if (to < from) std::rotate(rules.begin() + to, moved, moved + 1);
  std::vector<std::string> ids;
  for (PartRow& rule : rules) ids.push_back(std::move(rule.id));
  order_rules(session, ids);
}

}  // namespace sluice::console
