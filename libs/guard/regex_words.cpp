#include "guard/regex_words.h"

namespace sluice::guard {
namespace {

constexpr std::string_view no_operator = "invalid perl operator", no_escape = "invalid escape sequence: \\",
                           no_size = "invalid repetition size", twice = "bad repetition operator";

bool has(std::string_view regex, std::string_view form) {
  return regex.find(form) != std::string_view::npos;
}

// RE2 reports "(?<" for a look-behind and for a name alike, so the expression is asked.
std::string_view missing_operator(std::string_view regex) {
  if (has(regex, "(?<=") || has(regex, "(?<!")) return "look-behind is not supported";
  if (has(regex, "(?=") || has(regex, "(?!")) return "look-ahead is not supported";
  if (has(regex, "(?>")) return "atomic groups are not supported";
  if (has(regex, "(?P=")) return "backreferences are not supported";
  if (has(regex, "(?<") || has(regex, "(?'")) return "a named group is written (?P<name>…)";
  if (has(regex, "(?#")) return "comments are not supported";
  return "this operator is not supported";
}

std::string_view explanation(std::string_view regex, std::string_view words) {
  if (words.starts_with(no_operator)) return missing_operator(regex);
  if (words.starts_with(no_size)) return "a repetition may be of at most 1000";
  if (words.starts_with(twice)) return "possessive and doubled repetitions (a++, a**) are not supported";
  if (!words.starts_with(no_escape) || words.size() == no_escape.size()) return {};
  const char letter = words[no_escape.size()];
  if ((letter >= '1' && letter <= '9') || letter == 'k' || letter == 'g') return "backreferences are not supported";
  return "this escape is not supported";
}

}  // namespace

std::string regex_refusal(std::string_view regex, std::string_view words) {
  const std::string_view what = explanation(regex, words);
  if (what.empty()) return std::string(words);
  return std::string(what).append(" (RE2: ").append(words).append(")");
}

}  // namespace sluice::guard
