// What can be told of an expression's tree (open_syntax.h) without a text. Private to libs/guard.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "guard/open_syntax.h"

namespace sluice::guard {

using OpenParts = std::span<const OpenNode>;  // of a sequence

struct ByteWidth {
  std::size_t least = 0;
  std::optional<std::size_t> most = {};  // absent: without end
};
ByteWidth width_of(const OpenNode& node);
ByteWidth width_of(OpenParts parts);
// How far the shortest match of the parts goes at most, where one begins: what may be left out at the end is left out.
std::optional<std::size_t> reach_of_shortest(OpenParts parts);
std::size_t positions_of(const OpenNode& node);  // with counted repeats spelled out

// Adds what a part may begin with; whether it may be without bytes, so that the next part's count as well.
bool add_first(const OpenNode& node, ByteSet& set);

// Something that goes on over most of a text: to try it in many places would cost.
bool opens_a_gap(const OpenNode& node);
bool goes_over_lines_without_end(const OpenNode& node);

// The expression as RE2 reads it in Latin-1, where bytes are characters.
void print_for_bytes(const OpenNode& node, std::string& out);

}  // namespace sluice::guard
