// Virtual keys (`sk-slc-…`): who may use which models. Only the hash of a key is stored; the key is shown once.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "policy/snapshot.h"
#include "store/database.h"

namespace sluice::console {

using policy::AllowedModels;

struct VirtualKeyRow {
  std::string id, name;
  std::string key_sha256;
  std::string key_hint;  // the last four characters, for people
  bool enabled = true;
  bool fleet_default = false;
  std::string team_id;  // free text; empty: none
  AllowedModels allowed_models;
  TimePoint created_at, updated_at;
};
// What a PUT names; the rest stays.
struct VirtualKeyChange {
  std::optional<std::string> name = {};
  std::optional<bool> enabled = {};
  std::optional<bool> fleet_default = {};
  std::optional<AllowedModels> allowed_models = {};
  std::optional<std::string> team_id = {};  // an empty one takes the key from its team
};
struct VirtualKeyPut {
  VirtualKeyRow key;
  std::optional<Secret> created;  // the key's text, only when it was made now
};

inline constexpr std::string_view fleet_default_id = "fleet-default";

// Creates the key under this id or changes what is named. At most one key is the fleet's default: naming another one
// takes it from the former. conflict when the fleet's default would be disabled or given up without a successor.
Result<VirtualKeyPut> put_virtual_key(store::Session& session, std::string_view id, const VirtualKeyChange& change,
                                      TimePoint now);
// Its text is valid no longer once the policy is published; audit rows keep the id. False: there is none. conflict for
// the fleet's default.
Result<bool> remove_virtual_key(store::Session& session, std::string_view id);
// The ids of keys that list the provider.
std::vector<std::string> keys_of_provider(store::Session& session, std::string_view provider);
// By name, then id.
std::vector<VirtualKeyRow> virtual_keys(store::Session& session);
std::optional<VirtualKeyRow> find_virtual_key(store::Session& session, std::string_view id);

}  // namespace sluice::console
