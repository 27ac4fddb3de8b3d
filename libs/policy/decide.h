// Decisions on a snapshot, the same on device and gateway. Immutable and precomputed when the snapshot arrives: every
// lookup is one hash probe. Share as std::shared_ptr<const Policy>; any thread may ask.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "policy/snapshot.h"

namespace sluice::policy {

enum class Scope : std::uint8_t { unknown, global, device };  // unknown: the catalogue has no such app (it is pending)

struct AppDecision {
  bool allowed = true;
  Decision decision = Decision::pending;
  Scope scope = Scope::unknown;
  std::string_view note = {};  // views into the policy
  std::string_view reference = {};
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};
template <class T>
using ByName = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

class Policy {
 public:
  explicit Policy(FleetSnapshot snapshot);
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  [[nodiscard]] const FleetSnapshot& fleet() const noexcept { return snapshot_; }

  // nullptr when the host is not governed. Any letter case, one trailing dot and no port; lives as long as the policy.
  [[nodiscard]] const GovernedHost* host_named(std::string_view host) const;

  // A decision for the device stands before the global one; an app without any is pending, and pending_apps says what
  // that means.
  [[nodiscard]] AppDecision decide_app(std::string_view device_id, std::string_view app) const;

  // Whether this request of a governed host is inference, and so goes to the gateway. The query is not looked at.
  // Percent-escapes, dot segments and doubled slashes are resolved before the comparison, and a trailing slash is
  // dropped, so that another spelling of the same path is not a way around.
  [[nodiscard]] static bool is_inference(const GovernedHost& host, std::string_view method, std::string_view target);

  [[nodiscard]] bool is_revoked(std::string_view serial_hex) const;  // any letter case, leading zeros ignored

 private:
  FleetSnapshot snapshot_;
  ByName<std::size_t> hosts_, apps_;
  ByName<ByName<std::size_t>> device_decisions_;  // device → app → index
  std::unordered_set<std::string, TextHash, std::equal_to<>> revoked_;
};

// A compiled list of globs. "*" alone allows every model.
class ModelGlobs {
 public:
  explicit ModelGlobs(const std::vector<std::string>& globs);
  [[nodiscard]] bool matches(std::string_view model) const;

 private:
  bool all_ = false;
  std::unordered_set<std::string, TextHash, std::equal_to<>> exact_;
  std::vector<std::string> patterns_;
};

struct CompiledKey {
  VirtualKey key = {};
  ByName<ModelGlobs> models = {};  // by provider
};

class GatewayPolicy {
 public:
  explicit GatewayPolicy(GatewaySnapshot snapshot);
  GatewayPolicy(const GatewayPolicy&) = delete;
  GatewayPolicy& operator=(const GatewayPolicy&) = delete;

  [[nodiscard]] const Policy& fleet() const noexcept { return fleet_; }
  // By SHA-256 (lower case hex) of the key that the client sent. The look-up is by hash, so its time says nothing about
  // the key. nullptr when unknown; a disabled key is returned, `enabled` is the caller's to check.
  [[nodiscard]] const CompiledKey* key_by_hash(std::string_view key_sha256) const;
  [[nodiscard]] const CompiledKey* key_by_id(std::string_view id) const;
  [[nodiscard]] const std::vector<CompiledKey>& keys() const noexcept { return keys_; }
  [[nodiscard]] const CompiledKey* fleet_default_key() const noexcept { return fleet_default_; }  // enabled, or nullptr
  [[nodiscard]] const ProviderSettings* provider_named(std::string_view provider) const;
  [[nodiscard]] const std::vector<ProviderSettings>& providers() const noexcept { return providers_; }
  [[nodiscard]] const std::vector<GuardProvider>& guard_providers() const noexcept { return guard_providers_; }
  // The names that any key lists for the provider, sorted, each once. Patterns are none, and names with ':' stay with
  // the keys that list them: fine-tuned models carry an organisation's own words there.
  [[nodiscard]] std::span<const std::string_view> shared_models(std::string_view provider) const;
  [[nodiscard]] const Secret& guard_hash_key() const noexcept { return guard_hash_key_; }  // hex, or empty

 private:
  Policy fleet_;
  std::vector<CompiledKey> keys_;
  std::vector<ProviderSettings> providers_;
  std::vector<GuardProvider> guard_providers_;
  Secret guard_hash_key_;
  ByName<std::size_t> keys_by_hash_, keys_by_id_, providers_by_name_;
  ByName<std::vector<std::string_view>> shared_models_;  // into keys_
  const CompiledKey* fleet_default_ = nullptr;
};

// A provider that the key does not list is not allowed.
bool model_allowed(const CompiledKey& key, std::string_view provider, std::string_view model);

// '*' stands for any run of characters, also none. Linear in time for one star, never exponential.
bool glob_matches(std::string_view pattern, std::string_view text) noexcept;

}  // namespace sluice::policy
