// What the one pass looks for in place of an administrator's expression. Private to libs/guard/custom.
//
// RE2 has the last word, so the pass may report more than the expression matches, never less. Counting characters of
// several bytes is dear to compile ("[^\n]{0,1000}" takes minutes), and how long the end of a match is does not matter
// to whether there is one.
#pragma once
#include <string>
#include <string_view>

#include "guard/pattern_database.h"
#include "policy/guardrails.h"

namespace sluice::guard {

struct PassExpression {
  std::string regex = {};
  // Some reports are none of the expression's matches.
  bool relaxed = false;
};

// Whether the expression may match a character of several bytes, which the pass must then count as one.
bool speaks_of_characters(std::string_view regex);

// The expression as it stands, for widths.
Pattern whole_pattern(const policy::CustomPattern& source);
// `finite`: a match has a greatest width. Repetitions of more than 64 characters lose their upper bound then.
PassExpression pass_expression(const policy::CustomPattern& source, bool finite);

}  // namespace sluice::guard
