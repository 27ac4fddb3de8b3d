#include "agent/process/classify.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace sluice::agent {
namespace {

// One row per listed app. `programs`: names of its executable. `places`: parts of the path of its program or
// script (npm packages, platform packages, the installers' own directories).
struct AppRow {
  std::string_view app;
  std::string_view name;
  std::array<std::string_view, 3> programs;
  std::array<std::string_view, 5> places;
};

constexpr std::array<AppRow, 5> apps = {{
    {"claude-code",
     "Claude Code",
     {"claude"},
     {"/@anthropic-ai/claude-code/", "/@anthropic-ai/claude-code-linux-", "/.local/share/claude/versions/"}},
    {"codex",
     "Codex",
     {"codex"},
     {"/@openai/codex/", "/@openai/codex-linux-", "/.codex/packages/", "/codex-app-server-daemon/"}},
    {"opencode", "OpenCode", {"opencode"}, {"/opencode-ai/", "/opencode-linux-", "/.opencode/bin/"}},
    {"gemini-cli", "Gemini CLI", {"gemini"}, {"/@google/gemini-cli/"}},
    {"copilot-cli", "GitHub Copilot CLI", {"copilot"}, {"/@github/copilot/", "/@github/copilot-linux-"}},
}};

// Browsers by the name of their program, in places that only root writes: a copy in a home directory is no browser.
constexpr std::array<std::string_view, 12> browsers = {
    "chrome", "chromium", "firefox",     "firefox-esr", "firefox-bin",          "msedge",
    "brave",  "opera",    "vivaldi-bin", "epiphany",    "WebKitNetworkProcess", "librewolf"};
constexpr std::array<std::string_view, 5> program_places = {"/usr/", "/opt/", "/snap/", "/app/", "/var/lib/flatpak/"};

struct InterpreterRow {
  std::string_view program;  // a version may follow: python3.11
  std::string_view app;
  std::string_view no_script;                             // options that take the code itself, by letter
  std::array<std::string_view, 6> options_with_argument;  // whose argument is not the script
};

constexpr std::array<InterpreterRow, 8> interpreters = {{
    {"node", "node", "ep", {"-r", "--require", "--import", "--loader", "-C", "--env-file"}},
    {"nodejs", "node", "ep", {"-r", "--require", "--import", "--loader", "-C", "--env-file"}},
    {"bun", "bun", "e", {"-r", "--preload", "--cwd", "-c"}},
    {"deno", "deno", "", {"--cert", "--config", "-c"}},
    {"python", "python", "cm", {"-W", "-X"}},
    {"pypy", "python", "cm", {"-W", "-X"}},
    {"ruby", "ruby", "e", {"-I", "-r"}},
    {"perl", "perl", "eE", {}},
}};

std::string_view base_of(std::string_view path) {
  const auto slash = path.rfind('/');
  auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  constexpr std::string_view gone = " (deleted)";  // proc(5): an executable replaced by an update while it runs
  if (name.ends_with(gone)) name.remove_suffix(gone.size());
  return name;
}

const InterpreterRow* interpreter_row(std::string_view exe) {
  const auto name = base_of(exe);
  for (const auto& row : interpreters) {
    if (!name.starts_with(row.program)) continue;
    const auto rest = name.substr(row.program.size());
    const bool version = std::ranges::all_of(rest, [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
    if (version) return &row;
  }
  return nullptr;
}

bool is_browser(std::string_view exe) {
  const bool placed =
      std::ranges::any_of(program_places, [&](std::string_view place) { return exe.starts_with(place); });
  return placed && std::ranges::find(browsers, base_of(exe)) != browsers.end();
}

const AppRow* listed_by_place(std::string_view path) {
  for (const auto& row : apps)
    for (const auto place : row.places)
      if (!place.empty() && path.contains(place)) return &row;
  return nullptr;
}

const AppRow* listed_by_program(std::string_view path) {
  auto name = base_of(path);
  for (const std::string_view ending : {".js", ".mjs", ".cjs", ".exe"})
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  for (const auto& row : apps)
    if (std::ranges::find(row.programs, name) != row.programs.end()) return &row;
  return nullptr;
}

const AppRow* listed(std::string_view path) {
  if (path.empty()) return nullptr;
  const AppRow* row = listed_by_place(path);
  return row != nullptr ? row : listed_by_program(path);
}

}  // namespace

bool is_interpreter(std::string_view exe) {
  return interpreter_row(exe) != nullptr;
}

std::string script_argument(std::string_view exe, const std::vector<std::string>& argv) {
  const auto* row = interpreter_row(exe);
  if (row == nullptr) return {};
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--") return i + 1 < argv.size() ? argv[i + 1] : std::string();
    if (argument == "-" || argument.empty()) return {};
    if (argument.front() != '-') {
      // `deno run script`, `bun run script`: the word is not the script.
      if (argument == "run" && (row->app == "deno" || row->app == "bun")) continue;
      return std::string(argument);
    }
    if (argument == "--eval" || argument == "--print") return {};
    if (argument.size() == 2 && row->no_script.contains(argument[1])) return {};
    if (std::ranges::find(row->options_with_argument, argument) != row->options_with_argument.end()) ++i;
  }
  return {};
}

AppIdentity classify(const ProcessFacts& facts) {
  if (facts.exe.empty()) return {};
  const auto* interpreter = interpreter_row(facts.exe);
  if (interpreter == nullptr) {
    if (const auto* row = listed(facts.exe)) return {AppKind::listed, std::string(row->app), facts.exe};
    return {is_browser(facts.exe) ? AppKind::browser : AppKind::other, std::string(base_of(facts.exe)), facts.exe};
  }
  const std::string script = facts.script.empty() ? script_argument(facts.exe, facts.argv) : facts.script;
  if (const auto* row = listed(script)) return {AppKind::listed, std::string(row->app), script};
  return {AppKind::interpreter, std::string(interpreter->app), script.empty() ? facts.exe : script};
}

std::string app_of_request(const AppIdentity& identity, std::string_view user_agent) {
  if (identity.kind != AppKind::interpreter) return identity.app;
  if (user_agent.starts_with("OpenAI/") || user_agent.starts_with("AsyncOpenAI/")) return "openai-sdk";
  if (user_agent.starts_with("Anthropic/") || user_agent.starts_with("AsyncAnthropic/")) return "anthropic-sdk";
  if (user_agent.starts_with("google-genai-sdk/")) return "google-genai-sdk";
  return identity.app;
}

std::string display_name(std::string_view app) {
  const auto* row = std::ranges::find(apps, app, &AppRow::app);
  return std::string(row == apps.end() ? app : row->name);
}

}  // namespace sluice::agent
