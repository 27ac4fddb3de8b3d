// The words of the snapshot documents for our enumerations. Private to libs/policy.
#pragma once
#include <string_view>

#include "policy/snapshot.h"

namespace sluice::policy {

inline std::string_view name_of(PendingApps value) {
  return value == PendingApps::allow ? "allow" : "deny";
}
inline std::string_view name_of(GatewayDown value) {
  return value == GatewayDown::block ? "block" : "direct";
}

}  // namespace sluice::policy
