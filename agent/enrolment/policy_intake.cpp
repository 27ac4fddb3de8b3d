#include "agent/enrolment/policy_intake.h"

#include "base/random.h"

namespace sluice::agent {
namespace {

// Only a device that may go past its gateway applies the rules itself.
bool goes_direct(const policy::FleetSnapshot& fleet) {
  return fleet.gateway_down == policy::GatewayDown::direct;
}

// Its hashes need not match the gateway's.
guard::Guard::Options own_key() {
  guard::Guard::Options options;
  options.hash_key = Secret(random_bytes(32));
  return options;
}

}  // namespace

Result<GuardPtr> PolicyIntake::meanwhile(const std::string& guardrails) const {
  if (policy_ && goes_direct(policy_->fleet())) return guard_;
  auto document = policy::parse_guardrails(guardrails);
  if (!document) return fail(document.error());
  return guard::Guard::unready(std::move(*document), own_key());
}

Result<void> PolicyIntake::take(const DeviceIdentity& identity, std::string_view envelope, TimePoint now,
                                const Publish& publish) {
  const auto payload = wire::open_envelope(envelope, identity.policy_key);
  if (!payload) return fail(payload.error());
  auto fleet = policy::parse_fleet_snapshot(*payload);
  if (!fleet) return fail(fleet.error());
  const wire::SnapshotVersion version{fleet->epoch, fleet->version};
  const auto checked = wire::check_snapshot(fleet->org, version, fleet->not_after,
                                            {.org = identity.org, .in_force = in_force_, .now = now});
  if (!checked) return fail(checked.error());
  const bool guarded = !fleet->guardrails.empty() && goes_direct(*fleet);
  std::string guardrails = guarded ? policy::print_guardrails(fleet->guardrails) : std::string();
  const auto policy = std::make_shared<const policy::Policy>(std::move(*fleet));

  GuardPtr guard = guardrails == guardrails_ ? guard_ : nullptr;
  if (guarded && !guard) {
    auto until_then = meanwhile(guardrails);
    if (!until_then) return fail(until_then.error().during("guardrails"));
    publish(policy, std::move(*until_then));
    auto document = policy::parse_guardrails(guardrails);
    auto compiled = document ? guard::Guard::compile(std::move(*document), own_key()) : fail(document.error());
    if (!compiled) {
      publish(policy_, guard_);
      return fail(compiled.error().during("guardrails"));
    }
    guard = std::move(*compiled);
  }
  in_force_ = version;
  policy_ = policy;
  guardrails_ = std::move(guardrails);
  guard_ = guard;
  publish(policy, std::move(guard));
  return {};
}

}  // namespace sluice::agent
