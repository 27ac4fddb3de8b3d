// The command line that every program shares: --config FILE, --check-config, --print-config-schema,
// --print-config-docs, --version, --help, and what the program adds to it.
//
//   int main(int argc, char** argv) {
//     auto line = config::run_command_line(program, argc, argv);
//     if (!line) return line.error();     // already answered: --help, --check-config, a mistake …
//     return serve(line->settings);
//   }
#pragma once
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace sluice::config {

struct Option {
  std::string_view name;        // "--passphrase-file"
  std::string_view value = {};  // "FILE" for --help; empty: a switch without a value
  std::string_view meaning = {};
};
struct Command {
  std::string_view name;  // "init"; empty for the options of serving
  std::string_view meaning = {};
  std::span<const Option> options = {};
};
struct Program {
  const Table& table;
  std::string_view version = {};
  std::span<const Command> commands = {};
  // What serving needs of this machine beside a good file; the detail begins with the key. May be null.
  Result<void> (*needs)(const Settings& settings) = nullptr;
};

struct CommandLine {
  std::string command;  // empty: serve
  std::filesystem::path file;
  Settings settings;
  std::map<std::string, std::string, std::less<>> options;  // by name; a switch has an empty value

  [[nodiscard]] std::optional<std::string> option(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return options.contains(name); }
};

// The parsed line, or the exit status of a program that has nothing more to do: 0 after --help and the like, 2 when
// the configuration or the command line is wrong (the message with the field's path went to stderr).
std::expected<CommandLine, int> run_command_line(const Program& program, int argc, const char* const* argv);

}  // namespace sluice::config
