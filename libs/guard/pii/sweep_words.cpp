// The walk: from token to token, capitalised words gathered into sequences.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "guard/pii/characters.h"
#include "guard/pii/street.h"
#include "guard/pii/sweep.h"

namespace sluice::guard::pii {
namespace {

constexpr std::size_t longest_token = 64;

// Bytes at which a token may begin: digits, capitals, and the lead bytes of Latin, Greek and Cyrillic letters.
constexpr auto interesting = [] {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (unsigned c = 0xC3; c <= 0xC5; ++c) table[c] = true;
  for (unsigned c = 0xCE; c <= 0xD1; ++c) table[c] = true;
  return table;
}();

// The next interesting byte from `at` on. Eight bytes at a time: the top bit of each byte of `y + n` says whether the
// low seven bits reach 0x80 - n; whatever is no ASCII stops as well and is looked up.
std::size_t next_interesting(std::string_view text, std::size_t at) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101U, top = 0x80 * ones;
  while (at + 8 <= text.size()) {
    std::uint64_t x = 0;
    std::memcpy(&x, text.data() + at, 8);
    const std::uint64_t y = x & ~top;
    const std::uint64_t digit = (y + (0x80 - '0') * ones) & ~(y + (0x80 - '9' - 1) * ones);
    const std::uint64_t capital = (y + (0x80 - 'A') * ones) & ~(y + (0x80 - 'Z' - 1) * ones);
    const std::uint64_t stops = (digit | capital | x) & top;
    if (stops == 0) {
      at += 8;
      continue;
    }
    if constexpr (std::endian::native == std::endian::little)
      at += static_cast<std::size_t>(std::countr_zero(stops)) / 8;
    if (interesting[byte(text[at])]) return at;
    ++at;
  }
  while (at < text.size() && !interesting[byte(text[at])]) ++at;
  return at;
}

}  // namespace

Flags near(const Lexicon& lexicon, std::string_view text, std::size_t start, std::size_t end) {
  Flags flags = 0;
  const auto look = [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to;) {
      std::size_t stop = at;
      while (stop < to && is_word_byte(text[stop])) ++stop;
      if (stop - at >= 2) flags |= lexicon.context(text.substr(at, stop - at));
      at = stop + 1;
    }
  };
  std::size_t from = start > 72 ? start - 72 : 0;
  while (from > 0 && from < start && is_ascii_word(text[from - 1])) ++from;  // not half a word
  look(from, start);
  const std::string_view after = text.substr(end, 24);
  look(end, end + after.substr(0, after.find('\n')).size());
  return flags;
}

void Sweep::run() {
  std::size_t at = 0;
  while (at < text_.size()) {
    at = next_interesting(text_, at);
    if (at >= text_.size()) break;
    const std::uint8_t b = byte(text_[at]);
    std::size_t start = at;
    if (b < 0x80)
      while (start > done_ && is_ascii_word(text_[start - 1])) --start;
    const bool inside = start > done_ && (text_[start - 1] == '_' || byte(text_[start - 1]) >= 0x80);
    if (b >= 0x80 && at > done_ && letter(text_, at - 1) == 1) {  // within a word that began small
      while (const std::size_t n = letter(text_, at)) at += n;
      done_ = at;
      continue;
    }
    Span span{start, start};
    std::uint8_t seen = 0;
    for (; span.end < text_.size(); ++span.end) {
      const std::uint8_t k = kinds[byte(text_[span.end])] & kind::ascii_word;
      if (k == 0) break;
      seen |= k;
      span.capitals += k >> 1 & 1U;
    }
    const std::size_t end = span.end;
    const bool digit = (seen & kind::digit) != 0, alpha = (seen & (kind::upper | kind::lower)) != 0;
    if (end - start > longest_token) {
      at = end;
    } else if (digit && !alpha) {
      // 131052-308T and 12345678-Z go on after the hyphen.
      const bool joined = (end - start == 6 || end - start == 8) && end + 1 < text_.size() &&
                          (text_[end] == '-' || text_[end] == '+') && is_ascii_word(text_[end + 1]);
      at = joined ? mixed_token(start, end) : end;
      if (at == end) at = number(start);
    } else if (digit) {
      const std::size_t before = findings_.size();
      at = mixed_token(start, end);
      // 2000-04-16T11, 555-1234x12 and 39Z begin with digits and go on.
      if (findings_.size() == before && is_digit(text_[start])) at = std::max(at, number(start));
    } else if (b < 0x80 && start != at) {
      at = end;  // a capital inside a word that began small
    } else if (inside) {
      while (const std::size_t n = letter(text_, at)) at += n;
      at = std::max(at, end);
    } else if (end - start == 2 && end + 1 < text_.size() && text_[end] == ' ' && is_digit(text_[end + 1]) &&
               spaced_token(start, end)) {
      at = std::max(end, done_);
    } else {
      at = word(span);
    }
    at = std::max(at, start + 1);
    if (digit) last_digit_ = at;
    done_ = std::max(done_, at);
  }
  flush();
}

std::size_t Sweep::word(const Span& span) {
  const std::size_t start = span.start;
  Word w;
  w.start = start;
  std::size_t at = span.end, capitals = span.capitals, letters = span.end - start;
  // Nearly every word is ASCII and ends here; the others are read letter by letter.
  const bool plain =
      letters > 0 && (at == text_.size() || (text_[at] != '\'' && text_[at] != '-' && byte(text_[at]) < 0x80));
  if (!plain) {
    at = start;
    capitals = letters = 0;
    while (true) {
      const std::size_t n = letter(text_, at);
      if (n == 0) {
        // O'Neal, Jean-Luc
        const bool joint = at < text_.size() && (text_[at] == '\'' || text_[at] == '-') && letters > 0;
        if (!joint || !capital(text_, at + 1)) break;
        ++at;
        capitals = capitals > 0 ? capitals - 1 : 0;
        continue;
      }
      if (n == 2) w.ascii = false;
      if (capital(text_, at)) ++capitals;
      ++letters;
      at += n;
    }
    if (letters == 0) return start + (byte(text_[start]) >= 0x80 ? 2 : 1);
  }
  w.end = at;
  if (!capital(text_, start) || at - start > longest_token) return at;
  w.shouted = letters > 1 && capitals == letters;
  w.mixed = !w.shouted && capitals > 1 && !text_.substr(start, 2).starts_with("Mc") &&
            !text_.substr(start, 3).starts_with("Mac");
  const std::uint64_t hash = word_hash(slice(start, at));
  w.flags = tables_.lexicon.find_hash(hash);
  // Of most words with a capital the lexicon says enough: what begins sentences, and what is named by itself.
  constexpr Flags enough = flag::common | flag::given | flag::place | flag::organization | flag::month | flag::title;
  if ((w.flags & enough) == 0 || (w.flags & flag::street) != 0) w.listed = tables_.names.find(hash);
  w.after_digit = last_digit_ + address_reach >= start;
  if (word_count_ > 0 && (!joins(words_[word_count_ - 1], w) || word_count_ == words_.size())) flush();
  words_[word_count_++] = w;
  return at;
}

// What stands between two words of one name, place or company.
bool Sweep::joins(const Word& last, const Word& next) const {
  const std::string_view gap = slice(last.end, next.start);
  if (gap == " ") return true;
  if (gap.empty() || gap.size() > 9) return false;
  if (gap == "  " || gap == " & " || gap == "-") return true;
  if (gap == ". ") return last.end - last.start <= 2 || (last.flags & flag::title) != 0;
  // "Initech, Inc."
  if (gap == ", ")
    return (next.flags & flag::company) != 0 && next.end - next.start <= 4 && (last.flags & flag::given) == 0;
  if (gap == ".") return last.end - last.start == 1;
  if (gap.size() <= 3 || gap.front() != ' ' || gap.back() != ' ') return false;
  const std::string_view middle = gap.substr(1, gap.size() - 2);
  const std::size_t blank = middle.find(' ');
  return (tables_.lexicon.find(middle.substr(0, blank)) & flag::particle) != 0 &&
         (blank == std::string_view::npos || (tables_.lexicon.find(middle.substr(blank + 1)) & flag::particle) != 0);
}

}  // namespace sluice::guard::pii
