// The command line of `sluice`: its commands, what each of them takes, and the page that each shows for --help.
//
// A mistake is told first and in one sentence; then comes one line on where help is.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::agent {

struct CommandOption {
  std::string_view name;        // "--pin"
  std::string_view value = {};  // "PIN" for the page; empty: a switch without a value
  std::string_view meaning = {};
};

enum class Command : std::uint8_t { status, doctor, audit_verify, guard_scan, guard_rules, policy_test };

struct CommandPage {
  Command command;
  std::string_view name;             // "audit verify"
  std::string_view operand = {};     // "PATH|URL"; empty: it takes none
  std::string_view summary = {};     // a line
  std::string_view text = {};        // what there is to know, with exit statuses; ends with a newline
  std::string_view no_operand = {};  // said to one who gives an operand to a command that takes none
  std::span<const CommandOption> options = {};
};

struct CommandLine {
  enum class Wants : std::uint8_t { run, help, version };
  Wants wants = Wants::run;
  const CommandPage* page = nullptr;  // nothing: --help or --version of the whole
  std::string operand = {};
  std::map<std::string, std::string, std::less<>> options = {};

  [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
  [[nodiscard]] std::optional<std::string> option(std::string_view name) const;
};

// `words` without the program's name. invalid_argument says what is wrong with them.
Result<CommandLine> read_command_line(std::span<const char* const> words);

// For standard error: the error's detail alone where that is a sentence about the command's own input.
std::string told(const Error& error);

std::string overview();  // all commands, a line each
std::string page_text(const CommandPage& page);

}  // namespace sluice::agent
