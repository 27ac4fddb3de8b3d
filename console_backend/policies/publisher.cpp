#include "console_backend/policies/publisher.h"

#include <charconv>

#include "console_backend/catalogue/apps.h"
#include "console_backend/devices/devices.h"
#include "console_backend/guardrails/document.h"
#include "console_backend/guardrails/guard_providers.h"
#include "console_backend/keys/virtual_keys.h"
#include "console_backend/policies/providers.h"
#include "policy/hosts.h"

namespace sluice::console {

namespace {

std::int64_t deployment_number(store::Session& session, std::string_view name) {
  return session.number("SELECT value AS n FROM deployment WHERE name = :name", {{"name", name}});
}

// The next version; stored with the transaction.
wire::SnapshotVersion next_version(store::Session& session) {
  const wire::SnapshotVersion next{deployment_number(session, "epoch"), deployment_number(session, "version") + 1};
  session.run("UPDATE deployment SET value = :value WHERE name = 'version'", {{"value", std::to_string(next.version)}});
  return next;
}

// "deny" and "direct" are choices that an operator made; without one the defaults of the snapshot hold.
void read_choices(store::Session& session, policy::FleetSnapshot& fleet) {
  for (const store::Row& row : session.rows("SELECT name, value FROM policy_settings LIMIT 100")) {
    if (row.text("name") == "pending_apps" && row.text("value") == "deny") {
      fleet.pending_apps = policy::PendingApps::deny;
    }
    if (row.text("name") == "gateway_down" && row.text("value") == "direct") {
      fleet.gateway_down = policy::GatewayDown::direct;
    }
  }
}

Result<void> add_keys_and_providers(store::Session& session, const MasterKey& master,
                                    policy::GatewaySnapshot& snapshot) {
  for (VirtualKeyRow& key : virtual_keys(session)) {
    snapshot.virtual_keys.push_back(
        {key.id, key.name, key.key_sha256, key.enabled, key.fleet_default, std::move(key.allowed_models), key.team_id});
  }
  for (const ProviderRow& row : providers(session)) {
    Result<Secret> key = api_key_of(row, master);
    if (!key) return fail(key.error());
    snapshot.providers.push_back({row.provider, row.dialect, row.base_url, std::move(*key)});
  }
  return {};
}

// Rules go to everybody, the means of external checks and of hashes to gateways only.
Result<void> add_guardrails(store::Session& session, const MasterKey& master, policy::GatewaySnapshot& snapshot,
                            TimePoint now) {
  Result<policy::GuardrailDocument> document = guardrail_document(session);
  if (!document) return fail(document.error().during("guardrails"));
  snapshot.fleet.guardrails = std::move(*document);
  for (const GuardProviderRow& row : guard_providers(session)) {
    Result<policy::GuardProvider> provider = opened(row, master);
    if (!provider) return fail(provider.error());
    snapshot.guard_providers.push_back(std::move(*provider));
  }
  Result<Secret> key = guard_hash_key(session, master, now);
  if (!key) return fail(key.error());
  snapshot.guard_hash_key = std::move(*key);
  return {};
}

}  // namespace

Publisher::Publisher(store::Database& config, const Keys& keys, const MasterKey& master, PolicyFacts facts,
                     const Clock& clock)
    : config_(config), keys_(keys), master_(master), facts_(std::move(facts)), clock_(clock) {}

Result<policy::GatewaySnapshot> Publisher::compose(store::Session& session, TimePoint now) {
  policy::GatewaySnapshot snapshot;
  policy::FleetSnapshot& fleet = snapshot.fleet;
  const wire::SnapshotVersion version = next_version(session);
  fleet.org = keys_.org;
  fleet.epoch = version.epoch;
  fleet.version = version.version;
  fleet.issued_at = now;
  fleet.not_after = now + validity;
  fleet.gateway_url = facts_.gateway_url;
  fleet.root_cas = {keys_.root_pem};
  fleet.contact = facts_.contact;
  read_choices(session, fleet);
  fleet.hosts = policy::default_governed_hosts();
  for (AppRow& app : apps(session)) {
    // An app that nobody decided is pending by being absent: finding one on a laptop is no new policy.
    if (!app.decided_at) continue;
    fleet.apps.push_back({app.app, app.name, app.decision, app.note, app.reference});
  }
  for (DecisionRow& row : device_decisions(session)) {
    fleet.device_decisions.push_back({row.device_id, row.app, row.decision, row.note, row.reference});
  }
  for (std::string& serial : revoked_serials(session, now)) {
    const std::size_t digits = serial.find_first_not_of('0');
    fleet.revoked_serials.push_back(digits == std::string::npos ? serial : serial.substr(digits));
  }
  if (Result<void> added = add_keys_and_providers(session, master_, snapshot); !added) return fail(added.error());
  if (Result<void> added = add_guardrails(session, master_, snapshot, now); !added) return fail(added.error());
  return snapshot;
}

Result<std::shared_ptr<const Published>> Publisher::publish() {
  std::lock_guard turn(one_at_a_time_);
  const TimePoint now = clock_.now();
  Result<policy::GatewaySnapshot> snapshot =
      config_.write([&](store::Session& session) { return compose(session, now); });
  if (!snapshot) return fail(snapshot.error().during("publishing the policy"));

  const std::string public_key = keys_.policy.public_key();
  const wire::Signer signer = [this](std::string_view message) -> Result<std::string> {
    return keys_.policy.sign(message);
  };
  auto published = std::make_shared<Published>();
  published->version = {snapshot->fleet.epoch, snapshot->fleet.version};
  published->etag = published->version.etag();
  published->not_after = snapshot->fleet.not_after;
  published->fleet_payload = policy::print_snapshot(snapshot->fleet);
  Result<std::string> fleet = wire::seal(published->fleet_payload, public_key, signer);
  if (!fleet) return fail(fleet.error().during("signing the fleet's policy"));
  published->fleet_envelope = std::move(*fleet);
  Result<std::string> gateway = wire::seal(policy::print_snapshot(*snapshot), public_key, signer);
  if (!gateway) return fail(gateway.error().during("signing the gateways' policy"));
  published->gateway_envelope = std::move(*gateway);
  published->fleet = std::move(snapshot->fleet);
  {
    std::lock_guard lock(current_guard_);
    current_ = published;
  }
  if (on_change_) on_change_();
  return published;
}

std::shared_ptr<const Published> Publisher::current() const {
  std::lock_guard lock(current_guard_);
  return current_;
}

}  // namespace sluice::console
