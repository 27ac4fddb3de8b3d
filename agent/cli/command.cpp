#include "agent/cli/command.h"

#include <algorithm>

#include "agent/cli/command_pages.h"

namespace sluice::agent {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t name_width = 16, option_width = 26;

std::unexpected<Error> mistake(const string& what) {
  return fail(ErrorCode::invalid_argument, what);
}

// "audit verify" for "audit"; all of them for what begins none.
string names_of(string_view group) {
  string names;
  for (const bool all : {false, true}) {
    for (const CommandPage& page : command_pages())
      if (all || page.name.starts_with(string(group) + " ")) names.append(names.empty() ? "" : ", ").append(page.name);
    if (!names.empty()) return names;
  }
  return names;
}

// The command that the first words name, and how many words that is.
Result<std::pair<const CommandPage*, std::size_t>> page_of(const std::vector<string_view>& words) {
  if (words.empty()) return mistake("a command is missing: " + names_of(""));
  const string pair = words.size() > 1 ? string(words[0]) + " " + string(words[1]) : string();
  for (const CommandPage& page : command_pages()) {
    if (page.name == words[0]) return std::pair(&page, 1UZ);
    if (page.name == pair) return std::pair(&page, 2UZ);
  }
  const bool group = std::ranges::any_of(
      command_pages(), [&](const CommandPage& page) { return page.name.starts_with(string(words[0]) + " "); });
  if (group && words.size() == 1) return mistake("'" + string(words[0]) + "' is half of: " + names_of(words[0]));
  return mistake("there is no command '" + (group ? pair : string(words[0])) +
                 "'; there are: " + names_of(group ? words[0] : ""));
}

const CommandOption* option_of(std::span<const CommandOption> options, string_view name) {
  const auto found = std::ranges::find(options, name, &CommandOption::name);
  return found == options.end() ? nullptr : &*found;
}

// Whatever command an option belongs to, it is known whether a value follows.
const CommandOption* any_option(string_view name) {
  for (const CommandPage& page : command_pages())
    if (const CommandOption* const found = option_of(page.options, name)) return found;
  return nullptr;
}

Result<void> read_operands(CommandLine& line, std::span<const string_view> operands) {
  const CommandPage& page = *line.page;
  if (page.operand.empty() && !operands.empty())
    return mistake(string(page.name) + ": '" + string(operands[0]) + "' is not taken" +
                   (page.no_operand.empty() ? "" : ": " + string(page.no_operand)));
  if (!page.operand.empty() && operands.empty())
    return mistake(string(page.name) + ": " + string(page.operand) + " is missing");
  if (operands.size() > 1)
    return mistake(string(page.name) + ": '" + string(operands[1]) + "' is one too many: it takes one " +
                   string(page.operand));
  if (!operands.empty()) line.operand = operands[0];
  return {};
}

void append_option(string& text, string_view name, string_view meaning) {
  text.append("  ").append(name).append(name.size() < option_width ? option_width - name.size() : 1, ' ');
  while (true) {
    const std::size_t end = meaning.find('\n');
    text.append(meaning.substr(0, end)).append("\n");
    if (end == string_view::npos) return;
    meaning.remove_prefix(end + 1);
    text.append(option_width + 2, ' ');
  }
}

}  // namespace

std::optional<string> CommandLine::option(string_view name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::nullopt : std::optional(found->second);
}

Result<CommandLine> read_command_line(std::span<const char* const> words) {
  CommandLine line;
  std::vector<string_view> plain;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const string_view word = words[i];
    if (word == "--help" || word == "-h") {
      line.wants = CommandLine::Wants::help;
    } else if (word == "--version") {
      if (line.wants == CommandLine::Wants::run) line.wants = CommandLine::Wants::version;
    } else if (!word.starts_with('-') || word == "-") {
      plain.push_back(word);
    } else if (const CommandOption* const option = any_option(word); option == nullptr) {
      return mistake("there is no option '" + string(word) + "'");
    } else if (option->value.empty()) {
      line.options.insert_or_assign(string(word), string());
    } else if (i + 1 == words.size() || string_view(words[i + 1]).empty()) {
      return mistake(string(word) + ": a value is missing (" + string(option->value) + ")");
    } else {
      line.options.insert_or_assign(string(word), string(words[++i]));
    }
  }
  if (line.wants == CommandLine::Wants::version) return line;
  if (line.wants == CommandLine::Wants::help && plain.empty()) return line;
  const auto found = page_of(plain);
  if (!found) return fail(found.error());
  line.page = found->first;
  if (line.wants == CommandLine::Wants::help) return line;
  for (const auto& [name, value] : line.options)
    if (option_of(line.page->options, name) == nullptr)
      return mistake(string(line.page->name) + ": there is no option '" + name + "'");
  if (auto read = read_operands(line, std::span(plain).subspan(found->second)); !read) return fail(read.error());
  return line;
}

string told(const Error& error) {
  const bool own = error.code == ErrorCode::not_found || error.code == ErrorCode::invalid_argument ||
                   error.code == ErrorCode::malformed;
  return own && !error.detail.empty() ? error.detail : error.message();
}

string overview() {
  string text = "usage: sluice COMMAND [OPTION...]\n\n";
  for (const CommandPage& page : command_pages())
    text.append("  ").append(page.name).append(name_width - page.name.size(), ' ').append(page.summary).append("\n");
  return text +
         "\nsluice COMMAND --help tells what a command takes and its exit statuses; sluice --version the version.\n";
}

string page_text(const CommandPage& page) {
  string text = "usage: sluice " + string(page.name);
  for (const CommandOption& option : page.options)
    text.append(" [").append(option.name).append(option.value.empty() ? "" : " ").append(option.value).append("]");
  if (!page.operand.empty()) text.append(" ").append(page.operand);
  text.append("\n\n").append(page.summary).append("\n\n").append(page.text);
  if (!page.options.empty()) text.append("\n");
  for (const CommandOption& option : page.options)
    append_option(text, string(option.name) + (option.value.empty() ? "" : " ") + string(option.value), option.meaning);
  return text;
}

}  // namespace sluice::agent
