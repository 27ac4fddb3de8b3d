// Streets: a word that names one, with a house's number before or behind it, or a number where an address is told.
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "guard/pii/characters.h"
#include "guard/pii/endings.h"
#include "guard/pii/street.h"
#include "guard/pii/sweep.h"

namespace sluice::guard::pii {

// "address", "wohnt", "deliver to" in the 72 bytes in front of `start`.
bool Sweep::address_told(std::size_t start) const {
  const std::size_t least = start > 72 ? start - 72 : 0;
  for (std::size_t end = start; end > least;) {
    if (!is_word_byte(text_[end - 1])) {
      --end;
      continue;
    }
    std::size_t from = end;
    while (from > least && is_word_byte(text_[from - 1])) --from;
    if (from == least && least > 0) return false;  // perhaps half a word
    if ((tables_.lexicon.context(slice(from, end)) & flag::near_address) != 0) return true;
    end = from;
  }
  return false;
}

// A town's code and name follow the house's number: "124\n602 00 Brno", ", 1000 Ljubljana".
bool Sweep::before_a_code(std::size_t end) const {
  std::size_t at = end;
  while (at < text_.size() && at < end + 3 && std::string_view(", \n").contains(text_[at])) ++at;
  if (at == end || text_.substr(end, at - end) == " ") return false;
  std::size_t digits = 0, stop = at;
  for (; stop < text_.size() && stop < at + 7 && (is_digit(text_[stop]) || text_[stop] == ' ' || text_[stop] == '-');
       ++stop)
    digits += is_digit(text_[stop]) ? 1 : 0;
  if (digits == 4 && is_year(at, at + 4)) return false;
  return digits >= 4 && digits <= 5 && is_digit(text_[at]) && text_[stop - 1] == ' ' && capital(text_, stop);
}

// A digit stands in the number_reach bytes behind `end`. Nothing is looked at twice: `end` only grows.
bool Sweep::digit_behind(std::size_t end) {
  std::size_t at = std::max(next_digit_, end);
  const std::size_t stop = std::min(text_.size(), end + number_reach);
  // Eight bytes at a time, as next_interesting() does.
  constexpr std::uint64_t ones = 0x0101010101010101U, top = 0x80 * ones;
  for (; at + 8 <= stop; at += 8) {
    std::uint64_t x = 0;
    std::memcpy(&x, text_.data() + at, 8);
    const std::uint64_t y = x & ~top;
    if (((y + (0x80 - '0') * ones) & ~(y + (0x80 - '9' - 1) * ones) & ~x & top) != 0) break;
  }
  while (at < stop && !is_digit(text_[at])) ++at;
  next_digit_ = at;
  return at < stop;
}

// A street's name in words first to last (exclusive): a number stands before or after it.
bool Sweep::street_at(std::size_t first, std::size_t last) {
  const std::size_t begin = words_[first].start, end = words_[last - 1].end;
  const bool road = last - first > 1 && (words_[last - 1].listed & listed::road) != 0;
  // Without a digit nearby nothing below becomes anything; this is the usual case and cheap to see.
  const BehindStreet behind =
      road || digit_behind(end) ? behind_street(tables_.lexicon, text_, end) : BehindStreet{.end = end};
  if (!road && !words_[first].after_digit && !behind.numbered) return false;
  BeforeStreet before = before_street(tables_.lexicon, text_, begin);
  // The number of the address in front is not this one's as well.
  if (before.start < address_end_) {
    before.start = std::min(begin, address_end_);
    while (before.start < begin && !is_word_byte(text_[before.start])) ++before.start;
    before.numbered = before.start < begin && is_digit(text_[before.start]);
  }
  const bool numbered = before.numbered || behind.numbered;
  if (!numbered && !road) return false;
  bool kind = road;
  char buffer[80];
  for (std::size_t i = first; i < last; ++i) {
    const Word& word = words_[i];
    const std::string_view text = slice(word.start, word.end);
    if ((i > first && (word.flags & flag::street) != 0) || (word.flags & flag::way) != 0 ||
        streets.fit(word.ascii ? text : fold(text, buffer, sizeof buffer)))
      kind = true;
  }
  if (!kind && !before.way && !(behind.street && behind.numbered)) return house_at(first, last, before, behind);
  // "on Kingsway Avenue"; but "Bob Street" is a man.
  const std::string_view word = word_before(before.start);
  const bool led = word == "on" || word == "along" || word == "off" ||
                   (tables_.lexicon.find(word) & (flag::preposition | flag::particle)) != 0;
  if (!numbered && !led && !before.way && (words_[first].flags & flag::given) != 0) return false;
  const float alone = road && led ? 0.55F : 0.4F;
  add("street", "address", before.start, behind.numbered ? behind.end : end, numbered ? 0.8F : alone);
  if (numbered) address_end_ = behind.numbered ? behind.end : end;
  return true;
}

// Words without any of a street, and a number: where an address is told, and in front of a town's code or region.
bool Sweep::house_at(std::size_t first, std::size_t last, const BeforeStreet& before, const BehindStreet& behind) {
  const std::size_t begin = words_[first].start, end = words_[last - 1].end;
  if (last - first > 4 || words_[first].shouted || words_[first].mixed || before.numbered == behind.numbered)
    return false;
  if ((words_[first].flags & flag::month) != 0) return false;
  if (before.numbered && (behind_postal_code(begin) || is_year(before.start, begin))) return false;
  if (behind.numbered && before_a_code(behind.end)) {
    add("house_number", "address", before.start, behind.end, 0.6F);
    address_end_ = behind.end;
    return true;
  }
  const bool region = before.numbered && before_a_place(end);
  const bool told = likeness(words_[first]) > -32 && (words_[first].listed & listed::ordinary) == 0;
  if (!region && !(told && address_told(before.start))) return false;
  const char next = behind.end < text_.size() ? text_[behind.end] : '\n';
  if (!std::string_view(",\n.").contains(next)) return false;
  if (next == '.' && behind.end + 1 < text_.size() && text_[behind.end + 1] != ' ' && text_[behind.end + 1] != '\n')
    return false;
  add("house_number", "address", before.start, behind.end, 0.55F);
  address_end_ = behind.end;
  return true;
}

bool Sweep::is_year(std::size_t start, std::size_t end) const {
  const std::string_view text = slice(start, end);
  return text.size() >= 4 && (text.starts_with("19") || text.starts_with("20")) && is_digit(text[2]) &&
         is_digit(text[3]) && (text.size() == 4 || !is_digit(text[4]));
}

}  // namespace sluice::guard::pii
