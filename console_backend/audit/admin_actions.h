// What administrators did: one row per change, written before the change is answered. Never a secret.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "console_backend/store/page.h"
#include "store/database.h"

namespace sluice::console {

struct AdminAction {
  std::string id;
  TimePoint time;
  std::string actor;   // an e-mail, "api-token:NAME" or "console"
  std::string action;  // "app.decide", "device.revoke"
  std::string target;  // what it was done to: an app, an id; may be empty
  std::string note;    // for people; may be empty
};

void add_admin_action(store::Session& audit, std::string_view actor, std::string_view action, std::string_view target,
                      std::string_view note, TimePoint now);
// Newest first.
Page<AdminAction> admin_actions(store::Session& audit, const PageRequest& page);

}  // namespace sluice::console
