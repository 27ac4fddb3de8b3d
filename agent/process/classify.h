// From process facts to the app that the catalogue knows. Pure; the table of apps is data (classify.cpp).
//
// A listed app is recognised by where its program or script lies and what it is called, never by what it says on
// the wire. Daemons and re-executed children lie in the same places as their app, so they need no rule of their own.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "agent/process/facts.h"

namespace sluice::agent {

enum class AppKind : std::uint8_t {
  listed,       // in the table: the name is the app
  interpreter,  // a script that nobody listed: the name is the interpreter until the request names an SDK
  browser,      // has trust stores of its own, which do not hold the interception root: passes unread
  other,        // any program: the name is that of its executable
  unknown,      // the owner was not found (it ended, or another network namespace owns the socket)
};

struct AppIdentity {
  AppKind kind = AppKind::unknown;
  std::string app = "unknown";  // claude-code, codex, opencode, gemini-cli, curl, python, node …
  std::string process;          // the script for interpreters, else the executable: what the audit shows

  bool operator==(const AppIdentity&) const = default;
};

AppIdentity classify(const ProcessFacts& facts);

// The app of one request. Only an interpreter's name is refined, by the SDK that `user_agent` names
// ("OpenAI/JS 7.1" → openai-sdk); a listed app keeps its name whatever the field says.
std::string app_of_request(const AppIdentity& identity, std::string_view user_agent);

// The name of a listed app for people ("Claude Code"), or the app itself.
std::string display_name(std::string_view app);

// The script that this command line runs, as it was written (maybe relative); empty for `-e`, `-c`, `-m module`, a
// prompt, or a program that is not an interpreter.
std::string script_argument(std::string_view exe, const std::vector<std::string>& argv);

// True when `exe` is a known interpreter (node, bun, deno, python3.11, ruby, …).
bool is_interpreter(std::string_view exe);

}  // namespace sluice::agent
