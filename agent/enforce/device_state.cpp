#include "agent/enforce/device_state.h"

namespace sluice::agent {

void DeviceState::note_error(std::string_view what, const Error& error) {
  constexpr std::size_t kept = 20;
  last_errors.push_back(to_rfc3339(wall_now()) + " " + std::string(what) + ": " + error.message());
  if (last_errors.size() > kept) last_errors.pop_front();
}

std::shared_ptr<const policy::Policy> DeviceState::policy_in_force(TimePoint now) const {
  if (!policy || policy->fleet().not_after <= now) return nullptr;
  return policy;
}

}  // namespace sluice::agent
