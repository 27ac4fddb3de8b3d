#include "guard/normalise_tables.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::guard::tables {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Without width, of direction, or a mark on the letter before: soft hyphen, combining marks, Hangul fillers, Mongolian
// separator, zero-width and bidi characters, variation selectors, byte order mark.
constexpr std::array<Range, 14> dropped = {{{0x00AD, 0x00AD},
                                            {0x0300, 0x036F},
                                            {0x061C, 0x061C},
                                            {0x115F, 0x1160},
                                            {0x180B, 0x180E},
                                            {0x1AB0, 0x1AFF},
                                            {0x200B, 0x200F},
                                            {0x202A, 0x202E},
                                            {0x2060, 0x206F},
                                            {0x20D0, 0x20FF},
                                            {0x3164, 0x3164},
                                            {0xFE00, 0xFE0F},
                                            {0xFEFF, 0xFEFF},
                                            {0xE0100, 0xE01EF}}};

// Latin-1 from U+00C0, Latin Extended-A from U+0100: the base letter; '\0' keeps the character.
using namespace std::string_view_literals;
constexpr std::string_view latin1 = "aaaaaaaceeeeiiiidnooooo\0ouuuuy\0saaaaaaaceeeeiiiidnooooo\0ouuuuy\0y"sv;
constexpr std::string_view latin_extended =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkk"
    "llllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"sv;

struct Pair {
  char32_t from;
  char to;
};

// Signs and letters that stand alone, by code point.
constexpr std::array<Pair, 54> singles = {{
    {0x00A0, ' '}, {0x00AA, 'a'},  {0x00B9, '1'},  {0x00BA, 'o'},  {0x0251, 'a'}, {0x0261, 'g'}, {0x0269, 'i'},
    {0x026A, 'i'}, {0x0274, 'n'},  {0x0280, 'r'},  {0x028F, 'y'},  {0x0299, 'b'}, {0x029C, 'h'}, {0x029F, 'l'},
    {0x02B0, 'h'}, {0x02B3, 'r'},  {0x02E2, 's'},  {0x1D00, 'a'},  {0x1D04, 'c'}, {0x1D05, 'd'}, {0x1D07, 'e'},
    {0x1D0A, 'j'}, {0x1D0B, 'k'},  {0x1D0D, 'm'},  {0x1D0F, 'o'},  {0x1D18, 'p'}, {0x1D1B, 't'}, {0x1D1C, 'u'},
    {0x1D20, 'v'}, {0x1D21, 'w'},  {0x1D22, 'z'},  {0x2010, '-'},  {0x2011, '-'}, {0x2012, '-'}, {0x2013, '-'},
    {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201A, '\''}, {0x201C, '"'}, {0x201D, '"'}, {0x201E, '"'},
    {0x2026, '.'}, {0x2028, '\n'}, {0x2029, '\n'}, {0x202F, ' '},  {0x205F, ' '}, {0x2071, 'i'}, {0x207F, 'n'},
    {0x210A, 'g'}, {0x210E, 'h'},  {0x212F, 'e'},  {0x2134, 'o'},  {0x3000, ' '},
}};

// Greek and Cyrillic in lower case, and the Latin letter they are taken for.
constexpr std::array<Pair, 48> lookalikes = {{
    {0x03B1, 'a'}, {0x03B2, 'b'}, {0x03B3, 'y'}, {0x03B5, 'e'}, {0x03B6, 'z'}, {0x03B7, 'n'}, {0x03B9, 'i'},
    {0x03BA, 'k'}, {0x03BC, 'u'}, {0x03BD, 'v'}, {0x03BF, 'o'}, {0x03C1, 'p'}, {0x03C3, 'o'}, {0x03C4, 't'},
    {0x03C5, 'u'}, {0x03C7, 'x'}, {0x03C9, 'w'}, {0x03F2, 'c'}, {0x03F3, 'j'}, {0x0430, 'a'}, {0x0432, 'b'},
    {0x0433, 'r'}, {0x0435, 'e'}, {0x043A, 'k'}, {0x043C, 'm'}, {0x043D, 'h'}, {0x043E, 'o'}, {0x043F, 'n'},
    {0x0440, 'p'}, {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0448, 'w'}, {0x044C, 'b'},
    {0x0451, 'e'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0457, 'i'}, {0x0458, 'j'}, {0x045B, 'h'}, {0x0475, 'v'},
    {0x04AF, 'y'}, {0x04BB, 'h'}, {0x04CF, 'l'}, {0x0501, 'd'}, {0x051B, 'q'}, {0x051D, 'w'},
}};

constexpr bool in_order(const auto& pairs) {
  return std::ranges::is_sorted(pairs, {}, &Pair::from);
}
static_assert(in_order(singles) && in_order(lookalikes));
static_assert(latin1.size() == 64 && latin_extended.size() == 128);

char find(const auto& pairs, char32_t point) {
  const auto at = std::ranges::lower_bound(pairs, point, {}, &Pair::from);
  return at != pairs.end() && at->from == point ? at->to : '\0';
}

// Mathematical alphanumerics: alphabets of 52 letters one after the other, then Greek, then digits.
char mathematical(char32_t point) {
  if (point < 0x1D6A4) {
    const auto letter = static_cast<unsigned>((point - 0x1D400) % 52 % 26);
    return static_cast<char>('a' + letter);
  }
  if (point >= 0x1D7CE) return static_cast<char>('0' + static_cast<char>((point - 0x1D7CE) % 10));
  return '\0';
}

char enclosed(char32_t point) {
  if (point >= 0x24B6 && point <= 0x24E9) return static_cast<char>('a' + static_cast<char>((point - 0x24B6) % 26));
  if (point >= 0x249C && point <= 0x24B5) return static_cast<char>('a' + static_cast<char>(point - 0x249C));
  if (point >= 0x1F130 && point <= 0x1F189)
    return (point - 0x1F130) % 32 < 26 ? static_cast<char>('a' + static_cast<char>((point - 0x1F130) % 32)) : '\0';
  if (point >= 0x1F1E6 && point <= 0x1F1FF) return static_cast<char>('a' + static_cast<char>(point - 0x1F1E6));
  return '\0';
}

char32_t foreign_lower(char32_t point) {
  if (point >= 0x0391 && point <= 0x03A9) return point + 0x20;
  if (point >= 0x0400 && point <= 0x040F) return point + 0x50;
  if (point >= 0x0410 && point <= 0x042F) return point + 0x20;
  if (point >= 0x0460 && point <= 0x052F && point != 0x0482) return point == 0x04C0 ? 0x04CF : point | 1U;
  return point;
}

Folding ascii(char c) {
  return c == '\0' ? Folding{} : Folding{Fold::ascii, c, 0};
}

}  // namespace

Folding fold(char32_t point) noexcept {
  if (point >= 0x00C0 && point <= 0x00FF) return ascii(latin1[point - 0x00C0]);
  if (point >= 0x0100 && point <= 0x017F) return ascii(latin_extended[point - 0x0100]);
  if (point >= 0x0370 && point <= 0x052F) return {Fold::foreign, 0, foreign_lower(point)};
  for (const Range& range : dropped)
    if (point >= range.first && point <= range.last) return {Fold::dropped, 0, 0};
  if (const char single = find(singles, point)) return ascii(single);
  if (point >= 0x2000 && point <= 0x200A) return ascii(' ');
  if (point >= 0xFF01 && point <= 0xFF5E) return ascii(static_cast<char>(point - 0xFEE0));
  if (point >= 0x1D400 && point <= 0x1D7FF) return ascii(mathematical(point));
  if (point >= 0xE0020 && point <= 0xE007E) return ascii(static_cast<char>(point - 0xE0000));  // tag characters
  if (point >= 0xE0000 && point <= 0xE007F) return {Fold::dropped, 0, 0};
  return ascii(enclosed(point));
}

char looks_like(char32_t point) noexcept {
  return find(lookalikes, point);
}

}  // namespace sluice::guard::tables
