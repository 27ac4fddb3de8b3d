// The signed policy documents, as data. The console writes them, gateways and devices read them (libs/wire checks the
// signature first). Field names and meaning: "fleet" and "gateway" payloads of the snapshot protocol.
//
// A snapshot is immutable once parsed and swapped whole. Unknown fields are errors named by path, so a device never
// obeys half of a policy that it does not understand.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "dialect/dialect.h"
#include "policy/guardrails.h"

namespace sluice::policy {

using dialect::Dialect;

enum class Decision : std::uint8_t { approved, pending, denied };
enum class PendingApps : std::uint8_t { allow, deny };
enum class GatewayDown : std::uint8_t { block, direct };

std::string_view name_of(Decision decision) noexcept;
std::optional<Decision> decision_named(std::string_view name) noexcept;

struct InferenceRule {
  std::string method = {};
  std::string path = {};  // '*' stands for one or more characters other than '/'
};
struct GovernedHost {
  std::string host = {};      // lower case DNS name
  std::string provider = {};  // "anthropic", "openai", "google"
  Dialect dialect = Dialect::openai;
  std::string mode = "governed";
  std::vector<InferenceRule> inference = {};
};
struct AppEntry {
  std::string app = {};  // "claude-code"
  std::string name = {};
  Decision decision = Decision::pending;
  std::string note = {};
  std::string reference = {};
};
struct DeviceDecision {
  std::string device_id = {};
  std::string app = {};
  Decision decision = Decision::pending;
  std::string note = {};
  std::string reference = {};
};

struct FleetSnapshot {
  std::string org = {};
  std::int64_t epoch = 0;
  std::int64_t version = 0;
  TimePoint issued_at = {};
  TimePoint not_after = {};
  std::string gateway_url = {};
  std::vector<std::string> root_cas = {};  // PEM
  std::string contact = {};
  PendingApps pending_apps = PendingApps::allow;
  GatewayDown gateway_down = GatewayDown::block;
  std::vector<GovernedHost> hosts = {};
  std::vector<AppEntry> apps = {};
  std::vector<DeviceDecision> device_decisions = {};
  std::vector<std::string> revoked_serials = {};  // lower case hex, no leading zeros
  GuardrailDocument guardrails = {};              // may be absent when read
};

struct ProviderModels {
  std::string provider = {};
  std::vector<std::string> globs = {};  // '*' any characters
};
// In the key's order: of several providers that would do, the first gets the request. One row for each provider.
using AllowedModels = std::vector<ProviderModels>;

struct VirtualKey {
  std::string id = {};
  std::string name = {};
  std::string key_sha256 =
      {};  // lower case hex of SHA-256 over the key's text; empty when the key has no text of its own
  bool enabled = true;
  bool fleet_default = false;
  AllowedModels allowed_models = {};
  std::string team = {};  // id; may be absent when read
};
struct ProviderSettings {
  std::string provider = {};
  Dialect dialect = Dialect::openai;
  std::string base_url = {};
  Secret api_key = {};  // may be empty
};
struct GatewaySnapshot {
  FleetSnapshot fleet = {};
  std::vector<VirtualKey> virtual_keys = {};
  std::vector<ProviderSettings> providers = {};
  // Both may be absent when read. The key (hex of 32 bytes or more) makes redacted texts recognisable within the
  // deployment; it is empty only where no rule needs it.
  std::vector<GuardProvider> guard_providers = {};
  Secret guard_hash_key = {};
};

// The key's row of the provider; nullptr when it lists none.
const ProviderModels* models_at(const VirtualKey& key, std::string_view provider) noexcept;

// malformed, too_large or invalid_argument, naming the field.
Result<FleetSnapshot> parse_fleet_snapshot(std::string_view payload);
Result<GatewaySnapshot> parse_gateway_snapshot(std::string_view payload);

// The payload bytes to sign. print(parse(x)) is stable. The gateway's holds provider keys: never log it.
std::string print_snapshot(const FleetSnapshot& snapshot);
std::string print_snapshot(const GatewaySnapshot& snapshot);

}  // namespace sluice::policy
