// What request handlers work with. References are to objects of the composition root, which outlives every request.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "console_backend/api/topics.h"
#include "console_backend/ca/authority.h"
#include "console_backend/ca/leaves.h"
#include "console_backend/devices/presence.h"
#include "console_backend/guardrails/guard_check.h"
#include "console_backend/identity/sign_in.h"
#include "console_backend/policies/publisher.h"
#include "store/database.h"

namespace sluice::console {

// What an administrator is told about the deployment.
struct ConsoleFacts {
  std::string version;
  std::string contact, public_url, devices_url, gateway_url, console_pin;
  std::int64_t retention_days = 365;
};

struct Services {
  store::Database& config;
  store::Database& audit;
  const Keys& keys;
  const MasterKey& master;
  SignIn& sign_in;
  Publisher& publisher;
  Presence& presence;
  LeafSigner& leaves;
  GuardCheck& guard_check;
  const Clock& clock;
  ConsoleFacts facts;
  std::function<void(Topics)> changed;  // tells the live streams; any thread

  // Writes down what an administrator did.
  Result<void> note_action(std::string_view actor, std::string_view action, std::string_view target,
                           std::string_view note) const;
  // After a change of what gateways and devices obey: they are told first, for a denial or a removed key must not wait
  // for a note that cannot be written, and it is noted also when telling them failed. Whoever repeats a change that
  // failed here and finds it made already publishes all the same.
  struct Change {
    std::string action, target, note;
  };
  Result<std::shared_ptr<const Published>> publish_and_note(std::string_view actor,
                                                            const std::vector<Change>& changes) const;
};

}  // namespace sluice::console
