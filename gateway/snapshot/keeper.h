// Takes in policy snapshots: verifies, compiles and keeps the last good one, on disk too (sealed, since it holds the
// providers' keys), so that the gateway starts and decides without the console.
//
// A snapshot that is older than the one in force, expired, of another organisation, wrongly signed or not understood is
// refused, and the one in force stays in force.
//
// Threads: one at a time.
#pragma once
#include <filesystem>
#include <functional>

#include "gateway/guard/compiler.h"
#include "gateway/route/policy_in_force.h"
#include "gateway/snapshot/identity.h"

namespace sluice::gateway {

class SnapshotKeeper {
 public:
  SnapshotKeeper(std::filesystem::path file, IdentityPtr identity);

  // The last good snapshot from disk, if it is still valid. not_found, expired, bad_signature, …
  Result<PolicyPtr> restore(TimePoint now);
  // A signed envelope from the console; the policy is in force (and on disk) when this returns it.
  // New guardrails take seconds to compile, and a revocation must not wait for them: `meanwhile` gets the new policy
  // with the guardrails in force before, reported under the version before. If the new ones cannot be compiled, it
  // gets the policy before back.
  using Meanwhile = std::function<void(PolicyPtr)>;
  Result<PolicyPtr> accept(std::string_view envelope, TimePoint now, const Meanwhile& meanwhile = {});
  [[nodiscard]] wire::SnapshotVersion in_force() const noexcept { return in_force_; }

 private:
  Result<PolicyPtr> check(std::string_view envelope, TimePoint now, const Meanwhile& meanwhile);
  void bridge(std::string_view payload, const policy::GatewaySnapshot& snapshot, const Meanwhile& meanwhile) const;
  std::filesystem::path file_;
  IdentityPtr identity_;
  GuardCompiler guards_;
  wire::SnapshotVersion in_force_;
  PolicyPtr last_;
};

}  // namespace sluice::gateway
