// Why RE2 does not take an expression, for people who know other engines: what is missing, then RE2's own words.
#pragma once
#include <string>
#include <string_view>

namespace sluice::guard {

// `words`: RE2's error() for `regex`.
std::string regex_refusal(std::string_view regex, std::string_view words);

}  // namespace sluice::guard
