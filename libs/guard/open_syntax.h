// Regular expressions in RE2's syntax as trees over bytes, for open_match.h. Private to libs/guard.
//
// Capture groups, laziness and the numbering of groups do not matter here and are gone; (?i) is spelled out in the byte
// sets. Characters beyond ASCII become sequences of bytes; a class that holds any of them takes all of them.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::guard {

class ByteSet {
 public:
  void add(unsigned first, unsigned last) noexcept {
    for (unsigned b = first; b <= last; ++b) bits_[b / 64] |= std::uint64_t{1} << (b % 64);
  }
  [[nodiscard]] bool has(std::uint8_t byte) const noexcept { return (bits_[byte / 64] >> (byte % 64) & 1) != 0; }
  void invert(unsigned limit) noexcept {  // of the bytes below `limit`; the others go
    for (unsigned b = 0; b < 256; ++b) {
      const bool in = b < limit && !has(static_cast<std::uint8_t>(b));
      bits_[b / 64] &= ~(std::uint64_t{1} << (b % 64));
      if (in) bits_[b / 64] |= std::uint64_t{1} << (b % 64);
    }
  }
  [[nodiscard]] bool empty() const noexcept { return (bits_[0] | bits_[1] | bits_[2] | bits_[3]) == 0; }
  auto operator<=>(const ByteSet&) const = default;

 private:
  std::array<std::uint64_t, 4> bits_{};
};

// What must hold between two bytes.
using Assertions = std::uint8_t;
namespace assertion {
constexpr Assertions text_begin = 1, line_begin = 2, word_edge = 4, no_word_edge = 8, line_end = 16, text_end = 32;
}

struct OpenNode {
  enum class Kind : std::uint8_t { set, sequence, choice, repeat, assertion } kind = Kind::sequence;
  ByteSet set{};                      // set
  Assertions must = 0;                // assertion
  std::uint32_t least = 0, most = 0;  // repeat; most 0: no limit
  std::vector<OpenNode> parts{};      // sequence and choice; repeat has one. An empty sequence matches nothing's text.
};

enum class TextUnit : std::uint8_t { utf8, bytes };

struct OpenSyntax {
  std::string_view regex;
  bool caseless = false;
  TextUnit unit = TextUnit::utf8;  // what \x80, '.' and negated classes mean
};
// malformed names what is not understood; a tree for everything that RE2 takes, but Unicode classes are "any character
// beyond ASCII and all of ASCII".
Result<OpenNode> parse_open(const OpenSyntax& syntax);

// Choices whose branches begin alike share the beginning: the automaton then follows it once.
OpenNode factored(std::vector<OpenNode> branches);

}  // namespace sluice::guard
