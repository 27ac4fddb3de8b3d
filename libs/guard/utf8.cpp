#include "guard/utf8.h"

#include <cstdint>
#include <cstring>

namespace sluice::guard {

CodePoint decode_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<std::uint8_t>(text[at + i]) : std::uint8_t{0};
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const char32_t first = byte(0);
  if (at >= text.size()) return {};
  if (first < 0x80) return {first, 1};
  if (first >= 0xC2 && first <= 0xDF && follows(1)) return {(first & 0x1F) << 6 | (byte(1) & 0x3FU), 2};
  if (first >= 0xE0 && first <= 0xEF && follows(1) && follows(2)) {
    const char32_t point = (first & 0x0F) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    if (point < 0x800 || (point >= 0xD800 && point <= 0xDFFF)) return {};
    return {point, 3};
  }
  if (first >= 0xF0 && first <= 0xF4 && follows(1) && follows(2) && follows(3)) {
    const char32_t point = (first & 0x07) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
    if (point < 0x10000 || point > 0x10FFFF) return {};
    return {point, 4};
  }
  return {};
}

CodePoint decode_before(std::string_view text, std::size_t end) noexcept {
  for (std::size_t size = 1; size <= 4 && size <= end; ++size) {
    const CodePoint point = decode_at(text.substr(0, end), end - size);
    if (point.size == size) return point;
  }
  return {};
}

namespace {

// Bytes from `at` on that are ASCII, eight at a time.
std::size_t skip_ascii(std::string_view text, std::size_t at) noexcept {
  constexpr std::uint64_t high = 0x8080808080808080;
  while (at + 8 <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & high) != 0) break;
    at += 8;
  }
  while (at < text.size() && static_cast<std::uint8_t>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const CodePoint point = decode_at(text, at);
    if (point.size == 0) return false;
    at += point.size;
  }
  return true;
}

void replace_broken_utf8(std::string_view text, std::string& out) {
  out.assign(text);
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const CodePoint point = decode_at(text, at);
    if (point.size == 0) out[at] = '\0';
    at += point.size == 0 ? 1 : point.size;
  }
}

namespace {

// Pairs of neighbours, the even one upper case, or the odd one.
bool even_pairs(char32_t c) noexcept {
  return (c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) || (c >= 0x14A && c <= 0x177) ||
         (c >= 0x460 && c <= 0x481) || (c >= 0x48A && c <= 0x4BF) || (c >= 0x4D0 && c <= 0x52F) ||
         (c >= 0x1E00 && c <= 0x1E95) || (c >= 0x1EA0 && c <= 0x1EFF);
}
bool odd_pairs(char32_t c) noexcept {
  return (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E) || (c >= 0x4C1 && c <= 0x4CE);
}

struct Run {
  char32_t first, last;  // upper case
  char32_t distance;     // to the lower case
};
constexpr Run runs[] = {{'A', 'Z', 32},      {0xC0, 0xD6, 32},   {0xD8, 0xDE, 32},   {0x386, 0x386, 38},
                        {0x388, 0x38A, 37},  {0x38C, 0x38C, 64}, {0x38E, 0x38F, 63}, {0x391, 0x3A1, 32},
                        {0x3A3, 0x3AB, 32},  {0x400, 0x40F, 80}, {0x410, 0x42F, 32}, {0x531, 0x556, 48},
                        {0xFF21, 0xFF3A, 32}};

}  // namespace

char32_t folded(char32_t c) noexcept {
  for (const Run& run : runs)
    if (c >= run.first && c <= run.last) return c + run.distance;
  if (even_pairs(c)) return c | 1;
  if (odd_pairs(c)) return c + (c & 1);
  if (c == 0x178) return 0xFF;
  return c;
}

char32_t raised(char32_t c) noexcept {
  for (const Run& run : runs)
    if (c >= run.first + run.distance && c <= run.last + run.distance) return c - run.distance;
  if (even_pairs(c)) return c & ~char32_t{1};
  if (odd_pairs(c)) return c - ((c & 1) ^ 1);
  if (c == 0xFF) return 0x178;
  return c;
}

bool is_word_point(char32_t c) noexcept {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c == 0xD7 || c == 0xF7) return false;
  if (c >= 0xE00 && c <= 0xEFF) return false;    // Thai, Lao
  if (c >= 0x1000 && c <= 0x109F) return false;  // Burmese
  if (c >= 0x1780 && c <= 0x17FF) return false;  // Khmer
  if (c >= 0x2000 && c <= 0xABFF) return false;  // punctuation, symbols, Han, kana
  if (c >= 0xF900 && c <= 0xFAFF) return false;
  return c < 0xFE00 || (c >= 0xFE70 && c <= 0xFEFC) || (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF5A);
}

}  // namespace sluice::guard
