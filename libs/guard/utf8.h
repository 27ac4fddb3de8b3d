// UTF-8 as Unicode 15, table 3-7 has it, and the letters of the scripts that word lists are written in.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::guard {

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;  // in bytes; 0: no valid character begins here
};
CodePoint decode_at(std::string_view text, std::size_t at) noexcept;
// The character that ends at `end`, in text[0, end).
CodePoint decode_before(std::string_view text, std::size_t end) noexcept;

bool is_utf8(std::string_view text) noexcept;
// `out` becomes a copy of the same size, with a NUL for each byte that belongs to no character.
void replace_broken_utf8(std::string_view text, std::string& out);

// Lower case of Latin, Greek, Cyrillic and Armenian letters, where both cases have the same number of bytes; anything
// else is itself. So a folded text is as long as the text.
char32_t folded(char32_t point) noexcept;
char32_t raised(char32_t point) noexcept;  // the upper case, likewise
// Whether a letter, digit or '_' that is part of a word. Scripts that are written without blanks have no word ends, so
// their letters are none here.
bool is_word_point(char32_t point) noexcept;

}  // namespace sluice::guard
