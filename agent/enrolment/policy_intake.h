// Takes signed policies in: verifies them, and compiles the guardrails that this device may have to apply itself.
//
// Compiling may take seconds, and a denial must not wait for it: what is verified is published at once with the
// guardrails in force before, and again when its own are ready. Where the device did not go past its gateway before,
// there are none to go on with: until its own are ready every rule is one whose check did not run, and its on_failure
// decides (Guard::unready). Guardrails that cannot be compiled refuse the policy, and the one before is published
// again.
//
// Threads: one at a time. Blocks.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "agent/enrolment/identity.h"
#include "guard/guard.h"
#include "policy/decide.h"
#include "wire/signed.h"

namespace sluice::agent {

using PolicyPtr = std::shared_ptr<const policy::Policy>;
using GuardPtr = std::shared_ptr<const guard::Guard>;

class PolicyIntake {
 public:
  // No policy: there was none before the one that is refused now. No guard: there are no rules to apply here.
  using Publish = std::function<void(PolicyPtr, GuardPtr)>;
  // bad_signature, outdated, expired, forbidden, malformed; invalid_argument for guardrails that cannot be compiled.
  Result<void> take(const DeviceIdentity& identity, std::string_view envelope, TimePoint now, const Publish& publish);
  [[nodiscard]] wire::SnapshotVersion in_force() const noexcept { return in_force_; }

 private:
  [[nodiscard]] Result<GuardPtr> meanwhile(const std::string& guardrails) const;
  wire::SnapshotVersion in_force_;
  PolicyPtr policy_;
  std::string guardrails_;  // what guard_ was compiled from; empty: none
  GuardPtr guard_;
};

}  // namespace sluice::agent
