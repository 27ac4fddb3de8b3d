// Private to libs/guard/pii: what a byte of a text is. Letters of two bytes are those of Latin, Greek and Cyrillic.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace sluice::guard::pii {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}
constexpr std::uint8_t byte(char c) noexcept {
  return static_cast<std::uint8_t>(c);
}

namespace kind {
constexpr std::uint8_t digit = 1;
constexpr std::uint8_t upper = 2;
constexpr std::uint8_t lower = 4;
constexpr std::uint8_t ascii_word = digit | upper | lower;
constexpr std::uint8_t wide = 8;  // no ASCII
}  // namespace kind
inline constexpr auto kinds = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = kind::digit;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = kind::upper;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = kind::lower;
  for (unsigned c = 0x80; c < 0x100; ++c) table[c] = kind::wide;
  return table;
}();
constexpr bool is_ascii_word(char c) noexcept {
  return (kinds[byte(c)] & kind::ascii_word) != 0;
}
constexpr bool is_word_byte(char c) noexcept {
  return kinds[byte(c)] != 0;
}

// The length of the letter at `at`, 0 for what is none.
constexpr std::size_t letter(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return 0;
  if (is_upper(text[at]) || is_lower(text[at])) return 1;
  const std::uint8_t b = byte(text[at]);
  return b >= 0xC3 && b <= 0xD3 && at + 1 < text.size() && (byte(text[at + 1]) & 0xC0U) == 0x80 ? 2 : 0;
}

constexpr bool capital(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return false;
  const std::uint8_t b = byte(text[at]);
  if (b < 0x80) return is_upper(text[at]);
  const std::uint8_t next = at + 1 < text.size() ? byte(text[at + 1]) : 0;
  if (b == 0xC3) return next < 0x9F;
  if (b == 0xC4 || b == 0xC5) {
    // Pairs change their order at U+0139 and U+0148, and again at U+0179.
    const bool odd_is_capital = (b == 0xC4 && next >= 0xB9) || (b == 0xC5 && (next <= 0x88 || next >= 0xB9));
    return (next % 2 == 1) == odd_is_capital;
  }
  if (b == 0xCE) return next >= 0x86 && next <= 0xA9;
  return b == 0xD0 && next < 0xB0;
}

}  // namespace sluice::guard::pii
