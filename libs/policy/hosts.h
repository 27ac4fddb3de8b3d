// The hosts that a new organisation governs, with their inference paths. Source: the paths that the real clients and
// SDKs were seen to use (see the providers' API references); an administrator may change the list.
#pragma once
#include <vector>

#include "policy/snapshot.h"

namespace sluice::policy {

std::vector<GovernedHost> default_governed_hosts();

// The applications that discovery knows by name, all pending: claude-code, codex, opencode, gemini-cli and the SDKs.
std::vector<AppEntry> default_apps();

}  // namespace sluice::policy
