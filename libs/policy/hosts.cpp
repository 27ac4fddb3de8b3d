#include "policy/hosts.h"

namespace sluice::policy {
namespace {

GovernedHost openai_host(std::string host, std::vector<std::string> paths) {
  GovernedHost entry{.host = std::move(host), .provider = "openai", .dialect = Dialect::openai, .inference = {}};
  for (auto& path : paths) entry.inference.push_back({"POST", std::move(path)});
  return entry;
}

}  // namespace

std::vector<GovernedHost> default_governed_hosts() {
  std::vector<GovernedHost> hosts;
  hosts.push_back({.host = "api.anthropic.com",
                   .provider = "anthropic",
                   .dialect = Dialect::anthropic,
                   .inference = {{"POST", "/v1/messages"}, {"POST", "/v1/messages/count_tokens"}}});
  hosts.push_back(
      openai_host("api.openai.com", {"/v1/chat/completions", "/v1/responses", "/v1/completions", "/v1/embeddings"}));
  hosts.push_back(openai_host("chatgpt.com", {"/backend-api/codex/responses"}));
  GovernedHost google{
      .host = "generativelanguage.googleapis.com", .provider = "google", .dialect = Dialect::gemini, .inference = {}};
  for (const auto* version : {"/v1beta", "/v1"})
    for (const auto* collection : {"/models", "/tunedModels"})
      for (const auto* verb : {":generateContent", ":streamGenerateContent"})
        google.inference.push_back({"POST", std::string(version) + collection + "/*" + verb});
  hosts.push_back(std::move(google));
  // Gemini CLI with a Google login.
  hosts.push_back(
      {.host = "cloudcode-pa.googleapis.com",
       .provider = "google",
       .dialect = Dialect::gemini,
       .inference = {{"POST", "/v1internal:generateContent"}, {"POST", "/v1internal:streamGenerateContent"}}});
  return hosts;
}

std::vector<AppEntry> default_apps() {
  std::vector<AppEntry> apps;
  const auto add = [&](const char* app, const char* name) {
    apps.push_back({.app = app, .name = name, .note = {}, .reference = {}});
  };
  add("claude-code", "Claude Code");
  add("codex", "Codex");
  add("opencode", "OpenCode");
  add("gemini-cli", "Gemini CLI");
  add("openai-sdk", "OpenAI SDK");
  add("anthropic-sdk", "Anthropic SDK");
  add("curl", "curl");
  return apps;
}

}  // namespace sluice::policy
