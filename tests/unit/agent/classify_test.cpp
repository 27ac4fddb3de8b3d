#include "agent/process/classify.h"

#include <gtest/gtest.h>

namespace sluice::agent {
namespace {

struct Case {
  const char* what;
  ProcessFacts facts;
  AppKind kind;
  std::string app;
};

ProcessFacts process(std::string exe, std::vector<std::string> argv = {}, std::string script = {}) {
  ProcessFacts facts;
  facts.exe = std::move(exe);
  facts.argv = std::move(argv);
  facts.script = std::move(script);
  return facts;
}

// Command lines as the clients were seen to run (Debian 12, versions of 2026).
const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"Claude's own installer", process("/home/ann/.local/share/claude/versions/2.1.328"), AppKind::listed,
       "claude-code"},
      {"Claude from npm",
       process(
           "/usr/lib/node_modules/@anthropic-ai/claude-code/node_modules/@anthropic-ai/claude-code-linux-x64/claude"),
       AppKind::listed, "claude-code"},
      {"old Claude under Node",
       process("/usr/bin/node", {"node", "/usr/lib/node_modules/@anthropic-ai/claude-code/cli.js", "-p", "x"}),
       AppKind::listed, "claude-code"},
      {"Codex", process("/usr/lib/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex"),
       AppKind::listed, "codex"},
      {"the Codex daemon", process("/home/ann/.codex/packages/app-server-daemon/releases/0.169.0/bin/codex"),
       AppKind::listed, "codex"},
      {"a renamed Codex binary in its package", process("/opt/x/@openai/codex/bin/codex-x86_64"), AppKind::listed,
       "codex"},
      {"OpenCode", process("/home/ann/.opencode/bin/opencode"), AppKind::listed, "opencode"},
      {"OpenCode from npm", process("/usr/lib/node_modules/opencode-linux-x64/bin/opencode"), AppKind::listed,
       "opencode"},
      {"Gemini CLI started again as a child",
       process("/opt/node/bin/node", {"/opt/node/bin/node", "--max-old-space-size=8192",
                                      "/usr/lib/node_modules/@google/gemini-cli/bundle/gemini.js"}),
       AppKind::listed, "gemini-cli"},
      {"Gemini CLI by its link", process("/usr/bin/node", {"node", "/usr/bin/gemini", "-p", "hi"}), AppKind::listed,
       "gemini-cli"},
      {"an updated program that still runs", process("/usr/local/bin/claude (deleted)"), AppKind::listed,
       "claude-code"},
      {"curl", process("/usr/bin/curl", {"curl", "https://api.openai.com"}), AppKind::other, "curl"},
      {"a browser", process("/usr/lib/firefox-esr/firefox-esr"), AppKind::browser, "firefox-esr"},
      {"a program that calls itself a browser", process("/home/ann/bin/chrome"), AppKind::other, "chrome"},
      {"a Python script", process("/usr/bin/python3.11", {"python3", "ask.py"}), AppKind::interpreter, "python"},
      {"Python without a script", process("/usr/bin/python3.11", {"python3", "-c", "claude"}), AppKind::interpreter,
       "python"},
      {"a Node script", process("/usr/bin/node", {"node", "--import", "./hook.mjs", "app.mjs"}), AppKind::interpreter,
       "node"},
      {"a script called like an app in its folder name", process("/usr/bin/node", {"node", "/home/ann/claude/app.js"}),
       AppKind::interpreter, "node"},
      {"a prompt that names an app", process("/usr/bin/node", {"node", "-e", "fetch()", "/x/@openai/codex/y"}),
       AppKind::interpreter, "node"},
      {"a program that only begins like an interpreter", process("/usr/bin/node_exporter"), AppKind::other,
       "node_exporter"},
      {"nobody", process(""), AppKind::unknown, "unknown"},
  };
  return all;
}

TEST(Classify, KnowsTheAppsByTheirPlaces) {
  for (const auto& one : cases()) {
    const auto identity = classify(one.facts);
    EXPECT_EQ(identity.kind, one.kind) << one.what;
    EXPECT_EQ(identity.app, one.app) << one.what;
  }
}

TEST(Classify, ShowsTheScriptAsTheProcessOfAnInterpreter) {
  const auto identity = classify(process("/usr/bin/node", {"node", "ask.mjs"}, "/home/ann/ask.mjs"));
  EXPECT_EQ(identity.process, "/home/ann/ask.mjs");
}

TEST(Classify, FindsTheScriptBehindOptions) {
  EXPECT_EQ(script_argument("/usr/bin/node", {"node", "-r", "x", "--trace-warnings", "a.js", "b"}), "a.js");
  EXPECT_EQ(script_argument("/usr/bin/node", {"node", "--", "-a.js"}), "-a.js");
  EXPECT_EQ(script_argument("/usr/bin/python3", {"python3", "-m", "http.server"}), "");
  EXPECT_EQ(script_argument("/usr/bin/python3", {"python3", "-u", "-W", "error", "a.py"}), "a.py");
  EXPECT_EQ(script_argument("/usr/bin/bun", {"bun", "run", "a.ts"}), "a.ts");
  EXPECT_EQ(script_argument("/usr/bin/node", {"node"}), "");
  EXPECT_EQ(script_argument("/usr/bin/curl", {"curl", "a"}), "");
}

TEST(Classify, NamesTheSdkOfAnUnlistedScriptOnly) {
  const AppIdentity script{AppKind::interpreter, "node", "/home/ann/a.mjs"};
  EXPECT_EQ(app_of_request(script, "OpenAI/JS 7.55.0"), "openai-sdk");
  EXPECT_EQ(app_of_request(script, "Anthropic/Python 1.10.0"), "anthropic-sdk");
  EXPECT_EQ(app_of_request(script, "undici"), "node");
  const AppIdentity claude{AppKind::listed, "claude-code", "/x/claude"};
  EXPECT_EQ(app_of_request(claude, "OpenAI/JS 7.55.0"), "claude-code");
  const AppIdentity curl{AppKind::other, "curl", "/usr/bin/curl"};
  EXPECT_EQ(app_of_request(curl, "OpenAI/JS 7.55.0"), "curl");
}

}  // namespace
}  // namespace sluice::agent
