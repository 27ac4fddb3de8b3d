// Words and phrases that are looked for in text. Private to libs/guard/custom.
//
// The pass over the text looks for one part of a phrase, its longest; the rest is compared here. Between the parts any
// blanks may stand, line ends included. Letter case is that of guard/utf8.h: where a text mixes cases of letters beyond
// ASCII within one part ("gRÖßE"), it is not found.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::guard {

enum class LetterCase : std::uint8_t { exact, any };
enum class WordEnds : std::uint8_t { anywhere, whole };

class Word {
 public:
  Word(std::string_view text, LetterCase letter_case, WordEnds ends);

  // What the pass must look for, ASCII letters in any case where that is asked for.
  [[nodiscard]] std::vector<std::string> spellings() const;
  [[nodiscard]] LetterCase letter_case() const noexcept { return letter_case_; }
  // The longest text that matches, in bytes.
  [[nodiscard]] std::size_t width() const noexcept;
  [[nodiscard]] WordEnds ends() const noexcept { return ends_; }
  // An expression for at least what matches, for open_match.h.
  [[nodiscard]] std::string expression() const;

  struct Span {
    std::size_t start = 0, end = 0;
  };
  // The phrase around a spelling that ends at `end`.
  [[nodiscard]] std::optional<Span> around(std::string_view text, std::size_t end) const;

 private:
  std::vector<std::string> parts_;  // folded where case does not matter
  std::string anchor_as_written_;
  std::size_t anchor_ = 0;
  LetterCase letter_case_;
  WordEnds ends_;
};

}  // namespace sluice::guard
