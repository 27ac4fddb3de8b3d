// The catalogue of AI apps and what was decided about each: for everybody, or for one device.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "policy/snapshot.h"
#include "store/database.h"

namespace sluice::console {

struct AppRow {
  std::string app, name, vendor;
  policy::Decision decision = policy::Decision::pending;
  std::string note, reference, decided_by;
  std::optional<TimePoint> decided_at;
  TimePoint first_seen, last_seen;
  std::int64_t devices = 0;
  std::vector<std::string> versions;  // at most 20
};
struct DecisionRow {
  std::string device_id, app;
  policy::Decision decision = policy::Decision::pending;
  std::string note, reference, decided_by;
  TimePoint decided_at;
};
struct AppDecided {
  std::string app;
  policy::Decision decision = policy::Decision::pending;
  std::string note, reference, decided_by;
};

// Letters, digits, '.', '_', '-', ':', '@', '/' and '+', at most 64: what discovery and administrators may call an app.
bool is_app_name(std::string_view name) noexcept;

std::vector<AppRow> apps(store::Session& session);
std::optional<AppRow> find_app(store::Session& session, std::string_view app);
// Makes the app known as pending when it is new (then true), else moves last_seen.
bool see_app(store::Session& session, std::string_view app, std::string_view name, TimePoint now);
// An app that was not seen yet may be decided in advance.
void decide_app(store::Session& session, const AppDecided& decided, TimePoint now);
// not_found when there is no such device or app.
Result<void> decide_app_on_device(store::Session& session, std::string_view device_id, const AppDecided& decided,
                                  TimePoint now);
// False when there was none.
bool remove_device_decision(store::Session& session, std::string_view device_id, std::string_view app);
std::vector<DecisionRow> device_decisions(store::Session& session);

}  // namespace sluice::console
