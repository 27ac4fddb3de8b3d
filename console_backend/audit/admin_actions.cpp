#include "console_backend/audit/admin_actions.h"

#include "base/ids.h"

namespace sluice::console {

void add_admin_action(store::Session& audit, std::string_view actor, std::string_view action, std::string_view target,
                      std::string_view note, TimePoint now) {
  audit.run(
      "INSERT INTO admin_actions (id, time, actor, action, target, note) "
      "VALUES (:id, :time, :actor, :action, :target, :note)",
      {{"id", new_id_text("act")},
       {"time", now},
       {"actor", actor},
       {"action", action},
       {"target", target},
       {"note", note}});
}

Page<AdminAction> admin_actions(store::Session& audit, const PageRequest& page) {
  const Position after = page.after.value_or(Position{"end", ""});
  Page<AdminAction> answer;
  for (const store::Row& row :
       audit.rows("SELECT id, time, actor, action, target, note FROM admin_actions "
                  "WHERE time < :time OR (time = :same AND id < :id) ORDER BY time DESC, id DESC LIMIT :limit",
                  {{"time", after.number()},
                   {"same", after.number()},
                   {"id", after.id},
                   {"limit", static_cast<std::int64_t>(page.limit + 1)}})) {
    answer.items.push_back({row.text("id"), row.time("time"), row.text("actor"), row.text("action"), row.text("target"),
                            row.text("note")});
  }
  answer.close(page.limit, [](const AdminAction& last) { return Position::at(last.time, last.id); });
  return answer;
}

}  // namespace sluice::console
