// A small organisation for the tests of libs/policy.
#pragma once
#include "policy/hosts.h"
#include "policy/snapshot.h"

namespace sluice::policy {

inline FleetSnapshot sample_fleet() {
  FleetSnapshot fleet;
  fleet.org = "Example Corp";
  fleet.epoch = 2;
  fleet.version = 7;
  fleet.issued_at = *from_rfc3339("2026-01-31T10:00:00.000Z");
  fleet.not_after = *from_rfc3339("2026-02-07T10:00:00.000Z");
  fleet.gateway_url = "https://gateway.example.com:8444";
  fleet.root_cas = {"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"};
  fleet.contact = "it@example.com";
  fleet.hosts = default_governed_hosts();
  fleet.apps = {{"claude-code", "Claude Code", Decision::approved, "", ""},
                {"codex", "Codex", Decision::denied, "Use Claude Code", "QX7-1"},
                {"opencode", "OpenCode", Decision::pending, "", ""}};
  fleet.device_decisions = {{"dev_1", "codex", Decision::approved, "pilot", "QX7-2"},
                            {"dev_1", "claude-code", Decision::denied, "lost laptop", "QX7-3"}};
  fleet.revoked_serials = {"0a1b", "ff"};
  return fleet;
}

inline GatewaySnapshot sample_gateway() {
  GatewaySnapshot snapshot{.fleet = sample_fleet(), .virtual_keys = {}, .providers = {}};
  snapshot.virtual_keys.push_back({"vk_off", "off", "", false, true, {{"openai", {"*"}}}});
  snapshot.virtual_keys.push_back(
      {"vk_fleet", "fleet", std::string(64, 'a'), true, true, {{"openai", {"gpt-5*", "o3"}}, {"anthropic", {"*"}}}});
  snapshot.providers.push_back({"openai", Dialect::openai, "https://api.openai.com", Secret("sk-real")});
  return snapshot;
}

}  // namespace sluice::policy
