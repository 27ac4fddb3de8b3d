#include "config/command_line.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace sluice::config {
namespace {

constexpr int exit_wrong = 2;

void print(std::FILE* to, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), to);
}

int mistake(const Program& program, std::string_view what) {
  std::string text(program.table.program);
  text.append(": ").append(what).append("\nTry --help.\n");
  print(stderr, text);
  return exit_wrong;
}

std::string option_help(const Option& option) {
  std::string left = "  " + std::string(option.name);
  if (!option.value.empty()) left.append(" ").append(option.value);
  left.resize(std::max<std::size_t>(left.size() + 2, 30), ' ');
  return left.append(option.meaning).append("\n");
}

constexpr Option shared_options[] = {
    {"--config", "FILE", "configuration file"},
    {"--check-config", "", "read the configuration, say what is wrong with it, and end"},
    {"--print-config-schema", "", "print the JSON Schema of the configuration"},
    {"--print-config-docs", "", "print the documentation of the configuration"},
    {"--version", "", "print the version"},
    {"--help", "", "print this"},
};

std::string help(const Program& program) {
  const auto& table = program.table;
  std::string text(table.program);
  text.append(": ")
      .append(table.summary)
      .append("\n\nUsage: ")
      .append(table.program)
      .append(" [command] [options]\n\n");
  for (const auto& option : shared_options) text += option_help(option);
  for (const auto& command : program.commands) {
    if (!command.name.empty()) text.append("\n").append(command.name).append(": ").append(command.meaning).append("\n");
    for (const auto& option : command.options) text += option_help(option);
  }
  text.append("\nSettings of ").append(table.default_file).append(" (dotted names are nested objects):\n");
  for (const auto& row : table.settings) {
    text.append("  ").append(row.key).append("  ").append(row.meaning);
    if (row.presence == Presence::required)
      text.append(" (required)");
    else if (!row.fallback.empty())
      text.append(" (").append(row.fallback).append(")");
    text += '\n';
  }
  return text;
}

// The words of a command line, sorted out but not yet acted on.
struct Words {
  const Command* command = nullptr;
  std::map<std::string, std::string, std::less<>> shared, own;
};

const Option* option_named(std::span<const Option> options, std::string_view name) {
  const auto found = std::ranges::find(options, name, &Option::name);
  return found == options.end() ? nullptr : &*found;
}

std::expected<Words, std::string> sort_out(const Program& program, std::span<const char* const> arguments) {
  Words words;
  const auto find_command = [&](std::string_view name) {
    const auto found = std::ranges::find(program.commands, name, &Command::name);
    return found == program.commands.end() ? nullptr : &*found;
  };
  words.command = find_command("");
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (i == 0 && !word.starts_with('-')) {
      words.command = find_command(word);
      if (words.command == nullptr || word.empty())
        return std::unexpected("there is no command \"" + std::string(word) + "\"");
      continue;
    }
    const auto equals = word.find('=');
    const std::string name(word.substr(0, equals));
    const auto* shared = option_named(shared_options, name);
    const auto* own = words.command == nullptr ? nullptr : option_named(words.command->options, name);
    const auto* option = shared != nullptr ? shared : own;
    if (option == nullptr) return std::unexpected("there is no option " + name);
    std::string value;
    if (equals != std::string_view::npos) {
      if (option->value.empty()) return std::unexpected(name + " takes no value");
      value = word.substr(equals + 1);
    } else if (!option->value.empty()) {
      if (++i == arguments.size()) return std::unexpected(name + " needs a value");
      value = arguments[i];
    }
    if (!(shared != nullptr ? words.shared : words.own).emplace(name, std::move(value)).second)
      return std::unexpected(name + " stands twice");
  }
  return words;
}

}  // namespace

std::optional<std::string> CommandLine::option(std::string_view name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::nullopt : std::optional(found->second);
}

std::expected<CommandLine, int> run_command_line(const Program& program, int argc, const char* const* argv) {
  const std::span arguments(argv, static_cast<std::size_t>(std::max(argc, 0)));
  auto words = sort_out(program, arguments.empty() ? arguments : arguments.subspan(1));
  if (!words) return std::unexpected(mistake(program, words.error()));
  const auto said = [&](std::string_view name) { return words->shared.contains(name); };
  if (said("--help")) return print(stdout, help(program)), std::unexpected(0);
  if (said("--version")) {
    print(stdout, std::string(program.table.program) + " " + std::string(program.version) + "\n");
    return std::unexpected(0);
  }
  if (said("--print-config-schema")) return print(stdout, print_schema(program.table)), std::unexpected(0);
  if (said("--print-config-docs")) return print(stdout, print_docs(program.table)), std::unexpected(0);

  CommandLine line;
  line.file = said("--config") ? words->shared["--config"] : std::string(program.table.default_file);
  auto settings = load_settings(program.table, line.file);
  if (!settings) return std::unexpected(mistake(program, settings.error().detail));
  if (words->command == nullptr || words->command->name.empty())
    if (const auto there = program.needs == nullptr ? Result<void>() : program.needs(*settings); !there)
      return std::unexpected(mistake(program, there.error().detail));
  if (said("--check-config")) {
    print(stdout, line.file.string() + ": good\n");
    return std::unexpected(0);
  }
  if (words->command != nullptr) line.command = words->command->name;
  line.options = std::move(words->own);
  line.settings = std::move(*settings);
  return line;
}

}  // namespace sluice::config
