#include "agent/enrolment/policy_intake.h"

#include <utility>

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

Result<GuardPtr> unready(const std::string& guardrails) {
  auto document = policy::parse_guardrails(guardrails);
  if (!document) return fail(document.error());
  return guard::Guard::unready(std::move(*document), own_key());
}

}  // namespace

PolicyIntake::PolicyIntake(Events events, Compile compile)
    : events_(std::move(events)),
      compile_(std::move(compile)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

PolicyIntake::~PolicyIntake() {
  thread_.request_stop();
  thread_.join();
}

Result<GuardPtr> PolicyIntake::compile_here(policy::GuardrailDocument document) {
  return guard::Guard::compile(std::move(document), own_key());
}

wire::SnapshotVersion PolicyIntake::newest() const {
  const std::scoped_lock lock(mutex_);
  return waiting_ ? waiting_->version : complete_.version;
}

Result<void> PolicyIntake::take(const DeviceIdentity& identity, std::string_view envelope, TimePoint now) {
  const auto payload = wire::open_envelope(envelope, identity.policy_key);
  if (!payload) return fail(payload.error());
  auto fleet = policy::parse_fleet_snapshot(*payload);
  if (!fleet) return fail(fleet.error());
  Taken taken{.version = {fleet->epoch, fleet->version}, .policy = {}, .guardrails = {}, .envelope = {}};
  const auto checked = wire::check_snapshot(fleet->org, taken.version, fleet->not_after,
                                            {.org = identity.org, .in_force = newest(), .now = now});
  if (!checked) return fail(checked.error());
  if (!fleet->guardrails.empty() && goes_direct(*fleet)) taken.guardrails = policy::print_guardrails(fleet->guardrails);
  taken.policy = std::make_shared<const policy::Policy>(std::move(*fleet));
  taken.envelope = envelope;

  const std::scoped_lock lock(mutex_);
  if (refused_ && refused_->version == taken.version) return fail(refused_->why);
  if (taken.guardrails.empty() || taken.guardrails == complete_.guardrails) {
    GuardPtr guard = taken.guardrails.empty() ? nullptr : guard_;
    waiting_.reset();
    put_in_force(std::move(taken), std::move(guard));
    return {};
  }
  GuardPtr until_then = guard_;
  if (!until_then) {
    auto none_yet = unready(taken.guardrails);
    if (!none_yet) return fail(none_yet.error().during("guardrails"));
    until_then = std::move(*none_yet);
  }
  events_.publish(taken.policy, std::move(until_then));
  waiting_ = std::move(taken);
  wake_.notify_all();
  return {};
}

void PolicyIntake::put_in_force(Taken taken, GuardPtr guard) {
  complete_ = std::move(taken);
  guard_ = std::move(guard);
  events_.publish(complete_.policy, guard_);
  events_.complete(complete_.envelope);
  complete_.envelope.clear();
}

void PolicyIntake::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return waiting_.has_value(); }) && !stop.stop_requested()) {
    const std::string guardrails = waiting_->guardrails;
    lock.unlock();
    auto document = policy::parse_guardrails(guardrails);
    auto compiled = document ? compile_(std::move(*document)) : fail(document.error());
    lock.lock();
    if (!waiting_ || waiting_->guardrails != guardrails) continue;  // another policy has followed, with other rules
    Taken taken = std::move(*waiting_);
    waiting_.reset();
    if (compiled) {
      put_in_force(std::move(taken), std::move(*compiled));
    } else {
      refused_ = Refused{.version = taken.version, .why = compiled.error().during("guardrails")};
      events_.publish(complete_.policy, guard_);
      events_.refused(refused_->why);
    }
  }
}

}  // namespace sluice::agent
