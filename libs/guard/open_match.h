// Where a text that goes on may hold the beginning of a match.
//
// Hyperscan and RE2 say what matched; a stream needs to know what may still match. OpenMatcher follows all expressions
// at once over the end of a text, as an automaton of byte positions (Glushkov's construction): each position that the
// last byte reached is a match that may go on, and keeps the offset where the earliest such match began. Beginnings
// that expressions share are followed once, counts are exact, so that what is reported is the truth and not a guess;
// where a count would make the automaton too large it becomes "any number" (`rough()`).
//
// Immutable after make(); threads: any.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/open_syntax.h"

namespace sluice::guard {

class OpenMatcher {
 public:
  OpenMatcher() = default;  // nothing is ever open
  // An expression that is not understood keeps as much open as its longest match (all, when that has no limit).
  static OpenMatcher make(std::span<const OpenSyntax> expressions);

  // The smallest offset p >= from such that text[p, size) and some continuation of it are a match of an expression, a
  // match that ends exactly at the end of the text included: one more byte could undo it ("\b", "$") or make it longer.
  // text.size() when there is none. No match may be open at `from` that began before it, except for the one character
  // in front that an expression asks for with (?:^|[^…]): that is not part of what it finds.
  // Time: text.size() - from, times the number of matches that are open side by side.
  [[nodiscard]] std::size_t open_from(std::string_view text, std::size_t from) const;

  [[nodiscard]] std::size_t positions() const noexcept { return position_.size(); }
  [[nodiscard]] bool rough() const noexcept { return rough_; }
  [[nodiscard]] std::size_t not_understood() const noexcept { return not_understood_; }

 private:
  friend class OpenMatcherBuilder;
  struct Edge {
    std::uint32_t to = 0;
    Assertions must = 0;
  };
  struct Position {
    std::uint32_t set = 0;
    std::uint32_t first_edge = 0;  // in edges_, up to the next position's
    std::int32_t table = -1;       // in tables_: edges by byte, where there are many
    bool before = false;           // stands in front of what is found
  };
  // edges_of(b) = edges[offset[b], offset[b + 1])
  struct Table {
    std::vector<std::uint32_t> offset;
    std::vector<Edge> edges;
  };
  struct Work;
  Table table_of(std::span<const Edge> edges) const;
  std::vector<Position> position_;  // one more than there are, for its first_edge
  std::vector<Edge> edges_;
  std::vector<Table> tables_;
  Table starts_, starts_at_begin_;
  std::vector<ByteSet> sets_;
  bool rough_ = false;
  std::size_t not_understood_ = 0;
  std::size_t blind_ = 0;  // bytes that are always open
};

}  // namespace sluice::guard
