// A small organisation for the tests of libs/policy.
#pragma once
#include "policy/hosts.h"
#include "policy/snapshot.h"

namespace sluice::policy {

inline GuardrailDocument sample_guardrails() {
  GuardrailDocument document;
  GuardRule rule{.id = "no-data", .name = "No personal data"};
  rule.scope = {.users = {"ada@example.com"}, .teams = {"team_1"}, .keys = {"vk_fleet"}, .apps = {"codex"}};
  rule.on = {Surface::input, Surface::tool_results};
  rule.detectors.push_back({.kind = DetectorKind::secrets, .names = {"github-pat"}});
  rule.detectors.push_back({.kind = DetectorKind::pii, .types = {"email", "iban"}, .threshold = 0.75});
  rule.detectors.push_back({.kind = DetectorKind::custom, .names = {"employee"}});
  rule.action = GuardAction::redact;
  rule.redaction = RedactionForm::token;
  rule.over_cap = OnFailure::pass;
  rule.allow = {"public"};
  rule.message = "Please leave personal data out.";
  document.rules.push_back(rule);
  document.rules.push_back({.id = "no-pictures",
                            .on = {Surface::input},
                            .detectors = {{.kind = DetectorKind::limits, .modalities = {"image"}, .max_bytes = 100'000},
                                          {.kind = DetectorKind::external, .names = {"hook"}}},
                            .action = GuardAction::block});
  document.patterns = {{.id = "employee", .regex = "E-[0-9]{6}", .caseless = true}};
  document.word_lists = {{.id = "falcon", .words = {"Project Falcon"}, .caseless = false, .whole_words = false}};
  document.topics = {{.id = "merger", .words = {"merger", "due diligence", "term sheet"}, .least = 2}};
  document.allow_lists = {{.id = "public", .texts = {"info@example.com"}, .regexes = {R"(.*@example\.org)"}}};
  document.gitleaks = {{.id = "own", .toml = "[[rules]]\nid = \"x\"\nregex = 'xyz-[0-9]{9}'\n"}};
  document.providers = {"hook"};
  return document;
}

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
  GatewaySnapshot snapshot;
  snapshot.fleet = sample_fleet();
  snapshot.fleet.guardrails = sample_guardrails();
  snapshot.guard_providers.push_back({.id = "hook",
                                      .kind = "webhook",
                                      .url = "https://guard.example.com/check",
                                      .credential = Secret("hook-token"),
                                      .options = {{"header", "x-guard-key"}}});
  snapshot.guard_hash_key = Secret(std::string(64, '7'));
  snapshot.virtual_keys.push_back({"vk_off", "off", "", false, true, {{"openai", {"*"}}}});
  snapshot.virtual_keys.push_back({"vk_fleet",
                                   "fleet",
                                   std::string(64, 'a'),
                                   true,
                                   true,
                                   {{"openai", {"gpt-5*", "o3"}}, {"anthropic", {"*"}}},
                                   "team_1"});
  snapshot.providers.push_back({"openai", Dialect::openai, "https://api.openai.com", Secret("sk-real")});
  return snapshot;
}

}  // namespace sluice::policy
