// Literals that stand in every match of an expression.
//
// Hyperscan compiles a literal a hundred times faster than an expression around it, and finds it as fast. So a family
// whose matches are confirmed anyway gives it the literals alone, and looks at what stands around one only where it
// stands: the byte in front, then the rest of the expression from there on, then the expression as a whole.
//
// Everything here is a necessary condition and never a sufficient one. Private to libs/guard.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guard/open_syntax.h"

namespace sluice::guard {

struct LiteralAnchor {
  std::vector<std::string> literals{};  // every match holds one of them, two bytes or more each
  bool caseless = false;                // for letters of ASCII
  // From the end of the literal, in bytes: where a match around it begins at the furthest, and where the shortest of
  // them ends at the furthest. Longer ones may follow.
  std::size_t before = 0, after = 0;
  bool longer = false;
  std::optional<ByteSet> in_front{};  // what the byte in front of the literal is, if there is one
  std::vector<ByteSet> next{};        // of the bytes behind it, as far as they must be there
  std::string rest{};                 // RE2, Latin-1: what stands behind the literal, or the beginning of it
};

// One for each alternative of the expression that has literals of its own; none when there are no useful ones, or when
// a match may go on without end between them and its own end.
std::vector<LiteralAnchor> literal_anchors(const OpenNode& expression);

// The same, of the literals that a match begins with; `before` is the length of the longest, `after` and `rest` are not
// filled in. None when an alternative has no useful ones.
std::vector<LiteralAnchor> literal_beginnings(const OpenNode& expression);

// Whether the bytes around a literal of the anchor at text[start, end) are what they must be.
bool fits(const LiteralAnchor& anchor, std::string_view text, std::size_t start, std::size_t end) noexcept;

}  // namespace sluice::guard
