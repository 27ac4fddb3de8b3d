#include "guard/custom/expression.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sluice::guard {
namespace {

constexpr int most_counted = 64;

// "{n}", "{n,}" or "{n,m}", as RE2 takes it for a repetition; anything else is text.
struct Repetition {
  int least = 0;
  std::optional<int> most;
  std::size_t size = 0;  // of its text
};

std::optional<Repetition> repetition_at(std::string_view text) {
  const std::size_t close = text.find('}');
  if (!text.starts_with('{') || close == std::string_view::npos) return std::nullopt;
  const char* const end = text.data() + close;
  Repetition found{.least = 0, .most = {}, .size = close + 1};
  const auto [comma, bad] = std::from_chars(text.data() + 1, end, found.least);
  if (bad != std::errc()) return std::nullopt;
  found.most = found.least;
  if (comma == end) return found;
  if (*comma != ',') return std::nullopt;
  found.most = std::nullopt;
  if (comma + 1 == end) return found;
  int most = 0;
  const auto [stop, wrong] = std::from_chars(comma + 1, end, most);
  if (wrong != std::errc() || stop != end) return std::nullopt;
  found.most = most;
  return found;
}

// Calls `visit` with each place outside of classes and escapes.
template <class Visit>
void each_operator(std::string_view regex, Visit visit) {
  bool in_class = false;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    if (regex[i] == '\\') {
      ++i;
    } else if (in_class) {
      const std::size_t named = regex.substr(i).starts_with("[:") ? regex.find(":]", i) : std::string_view::npos;
      if (named != std::string_view::npos)
        i = named + 1;
      else
        in_class = regex[i] != ']';
    } else {
      visit(i);
      in_class = regex[i] == '[';
      // A ']' that stands first is part of the class.
      if (in_class && regex.substr(i + 1).starts_with("^")) ++i;
      if (in_class && regex.substr(i + 1).starts_with("]")) ++i;
    }
  }
}

}  // namespace

bool speaks_of_characters(std::string_view regex) {
  const auto wide = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (std::ranges::any_of(regex, wide)) return true;
  for (const std::string_view sign : {"[^", "[:^", "\\D", "\\W", "\\S", "\\p", "\\P", "\\x{", "\\Q"})
    if (regex.contains(sign)) return true;
  bool any = false;
  each_operator(regex, [&](std::size_t at) { any = any || regex[at] == '.'; });
  return any;
}

Pattern whole_pattern(const policy::CustomPattern& source) {
  return {.regex = source.regex,
          .caseless = source.caseless,
          .form = speaks_of_characters(source.regex) ? Pattern::Form::characters : Pattern::Form::bytes};
}

PassExpression pass_expression(const policy::CustomPattern& source, bool finite) {
  const std::string_view regex = source.regex;
  if (regex.contains("\\Q")) return {source.regex, false};
  const bool characters = speaks_of_characters(regex);
  PassExpression made;
  std::size_t copied = 0;
  each_operator(regex, [&](std::size_t at) {
    const std::optional<Repetition> found = repetition_at(regex.substr(at));
    if (!found || at < copied) return;
    const bool last = at + found->size == regex.size();
    std::string instead;
    if (last && found->least >= 1 && found->most != found->least) {
      instead = "{" + std::to_string(found->least) + "}";
    } else if (characters && finite && std::max(found->least, found->most.value_or(0)) > most_counted) {
      instead = "{" + std::to_string(std::min(found->least, most_counted)) + ",}";
      made.relaxed = true;
    } else {
      return;
    }
    made.regex.append(regex, copied, at - copied).append(instead);
    copied = at + found->size;
  });
  made.regex.append(regex, copied);
  return made;
}

}  // namespace sluice::guard
