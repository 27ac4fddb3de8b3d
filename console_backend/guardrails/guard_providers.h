// External checks (policy::GuardProvider) as rows, and the key of hashes and tokens. Credentials and the key are sealed
// under the master key; they leave the console in the gateways' document only.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "console_backend/ca/authority.h"
#include "policy/guard_providers.h"
#include "policy/guardrails.h"
#include "store/database.h"

namespace sluice::console {

struct GuardProviderRow {
  policy::GuardProvider settings;  // without the credential
  std::string credential_sealed;   // empty: none
  TimePoint updated_at;
};

// By id.
std::vector<GuardProviderRow> guard_providers(store::Session& session);
std::optional<GuardProviderRow> find_guard_provider(store::Session& session, std::string_view id);
// Creates or replaces. `credential`: nullopt keeps what there is, an empty one removes it.
void put_guard_provider(store::Session& session, const MasterKey& master, const policy::GuardProvider& settings,
                        const std::optional<Secret>& credential, TimePoint now);
// Why nobody could ask it as it is stored: a missing credential above all. Versions before this one stored such rows.
std::optional<policy::ProviderProblem> unusable(const GuardProviderRow& row);
bool remove_guard_provider(store::Session& session, std::string_view id);
// With the credential; bad_signature when the master key is another one.
Result<policy::GuardProvider> opened(const GuardProviderRow& row, const MasterKey& master);

// 32 bytes in hex, made when they are asked for first.
Result<Secret> guard_hash_key(store::Session& session, const MasterKey& master, TimePoint now);

}  // namespace sluice::console
