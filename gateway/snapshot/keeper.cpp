#include "gateway/snapshot/keeper.h"

#include "base/files.h"
#include "log/log.h"
#include "tls/crypto.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view sealed_context = "sluice.gateway.snapshot.v1";
constexpr std::size_t file_limit = 32 * 1024 * 1024;

}  // namespace

SnapshotKeeper::SnapshotKeeper(std::filesystem::path file, IdentityPtr identity)
    : file_(std::move(file)),
      identity_(std::move(identity)),
      guards_(file_.parent_path() / "guard", IdentityStore::storage_key(*identity_)) {}

void SnapshotKeeper::bridge(std::string_view payload, const policy::GatewaySnapshot& snapshot,
                            const Meanwhile& meanwhile) const {
  if (!meanwhile || !last_ || guards_.has(snapshot.fleet.guardrails, snapshot.guard_hash_key)) return;
  Result<policy::GatewaySnapshot> same = policy::parse_gateway_snapshot(payload);  // holds secrets: not copied
  if (!same) return;
  if (Result<PolicyPtr> policy = PolicyInForce::make(std::move(*same), last_->guard(), last_->version()); policy)
    meanwhile(*policy);
}

Result<PolicyPtr> SnapshotKeeper::check(std::string_view envelope, TimePoint now, const Meanwhile& meanwhile) {
  Result<std::string> payload = wire::open_envelope(envelope, identity_->policy_key);
  if (!payload) return fail(payload.error());
  Result<policy::GatewaySnapshot> snapshot = policy::parse_gateway_snapshot(*payload);
  if (!snapshot) return fail(snapshot.error());
  const wire::SnapshotVersion version{snapshot->fleet.epoch, snapshot->fleet.version};
  Result<void> current = wire::check_snapshot(snapshot->fleet.org, version, snapshot->fleet.not_after,
                                              {.org = identity_->org, .in_force = in_force_, .now = now});
  if (!current) return fail(current.error());
  bridge(*payload, *snapshot, meanwhile);
  Result<GuardPtr> guard = guards_.compile(snapshot->fleet.guardrails, snapshot->guard_hash_key);
  if (!guard && meanwhile && last_) meanwhile(last_);
  if (!guard) return fail(guard.error());
  return PolicyInForce::make(std::move(*snapshot), std::move(*guard));
}

Result<PolicyPtr> SnapshotKeeper::restore(TimePoint now) {
  Result<std::string> sealed = read_file(file_, file_limit);
  if (!sealed) return fail(sealed.error());
  Result<Secret> envelope = tls::open_sealed(IdentityStore::storage_key(*identity_), *sealed, sealed_context);
  if (!envelope) return fail(envelope.error().during(file_.string()));
  Result<PolicyPtr> policy = check(envelope->reveal(), now, {});
  if (policy) {
    in_force_ = (*policy)->version();
    last_ = *policy;
  }
  return policy;
}

Result<PolicyPtr> SnapshotKeeper::accept(std::string_view envelope, TimePoint now, const Meanwhile& meanwhile) {
  Result<PolicyPtr> policy = check(envelope, now, meanwhile);
  if (!policy) return policy;
  in_force_ = (*policy)->version();
  last_ = *policy;
  const std::string sealed = tls::seal(IdentityStore::storage_key(*identity_), envelope, sealed_context);
  // In force even when it cannot be kept: obeying the newest policy matters more than remembering it.
  if (Result<void> kept = write_file_atomically(file_, sealed, 0600); !kept)
    log::failure(log::Level::error, "snapshot.not_kept", kept.error());
  return policy;
}

}  // namespace sluice::gateway
