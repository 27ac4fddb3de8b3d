// Texts that stand side by side in an expression, spelled out. Private to libs/guard: see literal_anchor.h.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "guard/open_tree.h"

namespace sluice::guard {

// How far is gone for a literal.
struct LiteralEffort {
  std::size_t members = 4;     // of a class that is spelled out
  std::size_t literals = 512;  // of one alternative
};

inline constexpr std::size_t good_length = 8;  // longer literals are not better

// The literals that begin with parts[from]: as many parts as make the shortest of them longer.
struct LiteralRun {
  std::size_t from = 0, to = 0;  // parts; a repeat in front of `to` may go on behind the literal
  bool goes_on = false;
  std::vector<std::string> texts{};  // empty: there are none
  bool caseless = false;
};
LiteralRun literal_run(OpenParts parts, std::size_t from, const LiteralEffort& effort);

// The length of the shortest, good_length at most.
std::size_t shortest(const std::vector<std::string>& texts);

}  // namespace sluice::guard
