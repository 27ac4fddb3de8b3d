// Takes signed policies in: verifies them, and compiles the guardrails that this device may have to apply itself.
//
// Compiling may take seconds, and no denial waits for it, neither that of the policy whose guardrails are compiled nor
// that of a later one: take() publishes what it has verified before it returns, and a thread of this class compiles.
// Until they are ready the guardrails in force before stand. Where there are none (the device has just started, did not
// go past its gateway, or went past it without rules), every rule is one whose check did not run, and its on_failure
// decides (Guard::unready). The newest policy wins: guardrails of one that another has followed are compiled to their
// end, since that cannot be broken off, and serve only if the newest one has the same. At most one waits.
//
// Guardrails that cannot be compiled refuse the policy, and the last one that was in force as a whole is published
// again.
//
// Threads: take() and the questions from any one; the events come from there or from the compiling thread, one at a
// time and in order, and must not call back.
#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "agent/enrolment/identity.h"
#include "guard/guard.h"
#include "policy/decide.h"
#include "wire/signed.h"

namespace sluice::agent {

using PolicyPtr = std::shared_ptr<const policy::Policy>;
using GuardPtr = std::shared_ptr<const guard::Guard>;

class PolicyIntake {
 public:
  struct Events {
    // No policy: there was none before the one that is refused now. No guard: there are no rules to apply here.
    std::function<void(PolicyPtr, GuardPtr)> publish;
    // All of the newest policy is in force: worth keeping. Not said of one that another has followed before.
    std::function<void(const std::string& envelope)> complete;
    // The newest policy is refused after all: invalid_argument, its guardrails cannot be compiled.
    std::function<void(const Error&)> refused;
  };
  using Compile = std::function<Result<GuardPtr>(policy::GuardrailDocument)>;

  explicit PolicyIntake(Events events, Compile compile = compile_here);
  ~PolicyIntake();  // waits for a compilation that runs
  PolicyIntake(const PolicyIntake&) = delete;
  PolicyIntake& operator=(const PolicyIntake&) = delete;

  // bad_signature, outdated, expired, forbidden, malformed; invalid_argument for guardrails that no compiler would
  // take.
  Result<void> take(const DeviceIdentity& identity, std::string_view envelope, TimePoint now);
  // The newest policy that was taken and not refused; its guardrails may still be in the making.
  [[nodiscard]] wire::SnapshotVersion newest() const;

  static Result<GuardPtr> compile_here(policy::GuardrailDocument document);

 private:
  struct Taken {
    wire::SnapshotVersion version;
    PolicyPtr policy;
    std::string guardrails;  // printed; empty: none to apply here
    std::string envelope;
  };
  void run(const std::stop_token& stop);
  void put_in_force(Taken taken, GuardPtr guard);

  const Events events_;
  const Compile compile_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  struct Refused {
    wire::SnapshotVersion version;
    Error why;
  };
  std::optional<Taken> waiting_;    // published; its guardrails are not compiled yet
  std::optional<Refused> refused_;  // the last one; offered again it is neither published nor compiled
  Taken complete_;                  // in force as a whole
  GuardPtr guard_;                  // compiled from complete_.guardrails
  std::jthread thread_;             // last: it uses the others
};

}  // namespace sluice::agent
