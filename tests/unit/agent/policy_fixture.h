// A small policy for tests: two governed hosts, one denied app, one that is denied on one device only.
#pragma once
#include <memory>

#include "policy/decide.h"

namespace sluice::agent::testing_support {

inline policy::FleetSnapshot fleet_snapshot() {
  policy::FleetSnapshot fleet;
  fleet.org = "Example Corp";
  fleet.epoch = 1;
  fleet.version = 7;
  fleet.issued_at = wall_now() - std::chrono::seconds(5);
  fleet.not_after = wall_now() + std::chrono::hours(24);
  fleet.gateway_url = "https://gateway.corp.example:8444";
  fleet.contact = "it@example.org";
  fleet.hosts = {
      {.host = "api.anthropic.com",
       .provider = "anthropic",
       .dialect = policy::Dialect::anthropic,
       .inference = {{"POST", "/v1/messages"}}},
      {.host = "api.openai.com",
       .provider = "openai",
       .dialect = policy::Dialect::openai,
       .inference = {{"POST", "/v1/chat/completions"}, {"POST", "/v1/responses"}}},
  };
  fleet.apps = {
      {.app = "claude-code",
       .name = "Claude Code",
       .decision = policy::Decision::approved,
       .note = "",
       .reference = ""},
      {.app = "codex",
       .name = "Codex",
       .decision = policy::Decision::denied,
       .note = "Use Claude Code instead.",
       .reference = "QX7-1234"},
  };
  fleet.device_decisions = {{.device_id = "dev_2",
                             .app = "claude-code",
                             .decision = policy::Decision::denied,
                             .note = "Not on kiosks.",
                             .reference = ""}};
  return fleet;
}
inline std::shared_ptr<const policy::Policy> make_policy() {
  return std::make_shared<const policy::Policy>(fleet_snapshot());
}

}  // namespace sluice::agent::testing_support
