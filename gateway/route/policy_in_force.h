// The gateway's policy with everything that a request looks up already computed. Immutable; each worker holds a
// shared_ptr<const PolicyInForce> that is replaced whole on its own loop, so that a request reads it without locks and
// keeps the one it began with.
#pragma once
#include <memory>
#include <optional>

#include "gateway/guard/compiler.h"
#include "gateway/upstream/destination.h"
#include "policy/decide.h"
#include "wire/signed.h"

namespace sluice::gateway {

class PolicyInForce {
 public:
  // invalid_argument, naming the field, when a provider's base_url is none. `guard`: the snapshot's guardrails,
  // compiled.
  // `shown`: the version to report, when it is not the snapshot's own.
  static Result<std::shared_ptr<const PolicyInForce>> make(policy::GatewaySnapshot snapshot, GuardPtr guard = nullptr,
                                                           std::optional<wire::SnapshotVersion> shown = std::nullopt);

  [[nodiscard]] const policy::GatewayPolicy& rules() const noexcept { return rules_; }
  [[nodiscard]] const policy::FleetSnapshot& fleet() const noexcept { return rules_.fleet().fleet(); }
  [[nodiscard]] wire::SnapshotVersion version() const noexcept {
    return shown_.value_or(wire::SnapshotVersion{fleet().epoch, fleet().version});
  }
  [[nodiscard]] const Destination* of_provider(std::string_view provider) const;
  [[nodiscard]] const Destination* of_host(std::string_view host) const;
  // nullptr when there is no rule: nothing is looked at then.
  [[nodiscard]] const GuardPtr& guard() const noexcept { return guard_; }
  // The app's name for people, or the id itself.
  [[nodiscard]] std::string_view app_name(std::string_view app) const;

  PolicyInForce(policy::GatewaySnapshot snapshot, GuardPtr guard, std::optional<wire::SnapshotVersion> shown)
      : rules_(std::move(snapshot)), guard_(std::move(guard)), shown_(shown) {}

 private:
  policy::GatewayPolicy rules_;
  GuardPtr guard_;
  std::optional<wire::SnapshotVersion> shown_;
  policy::ByName<Destination> providers_, hosts_;
  policy::ByName<std::string> app_names_;
};
using PolicyPtr = std::shared_ptr<const PolicyInForce>;

// Which provider serves a model that an API client asked for.
//   "provider/model" with a known provider: that one, and the prefix is cut off.
//   another name with a slash: a bare model, but only where a glob of the key has a slash too.
//   a bare model: the first provider in the key's order that speaks this dialect and for which the key allows the
//   model.
// Errors: model_not_allowed (providers exist, the key allows none), not_found (no provider speaks this dialect, or the
// one in front of the model is none: the error names those of the key),
// unsupported (the named provider speaks another dialect: nothing is translated yet).
struct ProviderChoice {
  const policy::ProviderSettings* provider = nullptr;
  const Destination* destination = nullptr;
  std::string_view model;  // into `requested`; shorter than it when a prefix was cut off
};
Result<ProviderChoice> choose_provider(const PolicyInForce& policy, const policy::CompiledKey& key,
                                       dialect::Dialect dialect, std::string_view requested);

}  // namespace sluice::gateway
