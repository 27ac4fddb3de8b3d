// Capitalised words: sequences of them are split into places, companies, streets and names.
#include <algorithm>
#include <cstdint>

#include "guard/pii/sweep.h"

namespace sluice::guard::pii {
namespace {

constexpr std::size_t longest_token = 64;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}
bool is_ascii_word(char c) noexcept {
  return is_digit(c) || is_upper(c) || is_lower(c);
}
std::uint8_t byte(char c) noexcept {
  return static_cast<std::uint8_t>(c);
}

// Bytes at which a token may begin: digits, capitals, and the lead bytes of Latin, Greek and Cyrillic letters.
constexpr auto interesting = [] {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (unsigned c = 0xC3; c <= 0xC5; ++c) table[c] = true;
  for (unsigned c = 0xCE; c <= 0xD1; ++c) table[c] = true;
  return table;
}();

// The length of the letter at `at`, 0 for what is none. Two-byte letters only: Latin, Greek, Cyrillic.
std::size_t letter(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return 0;
  if (is_upper(text[at]) || is_lower(text[at])) return 1;
  const std::uint8_t b = byte(text[at]);
  return b >= 0xC3 && b <= 0xD3 && at + 1 < text.size() && (byte(text[at + 1]) & 0xC0U) == 0x80 ? 2 : 0;
}
bool capital(std::string_view text, std::size_t at) noexcept {
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

bool surname_like(std::string_view folded) noexcept {
  static constexpr std::string_view endings[] = {"son",  "sen",  "ova",     "ski",   "ska",    "sky",   "vic",  "ovich",
                                                 "enko", "escu", "opoulos", "oglu",  "ez",     "ini",   "elli", "etti",
                                                 "inen", "berg", "mann",    "strom", "dottir", "quist", "ev",   "ov",
                                                 "ic",   "yan",  "sdottir", "wicz",  "czyk"};
  for (const std::string_view ending : endings)
    if (folded.size() > ending.size() + 2 && folded.back() == ending.back() && folded.ends_with(ending)) return true;
  return false;
}
bool street_like(std::string_view folded) noexcept {
  static constexpr std::string_view endings[] = {"strasse", "str",   "gasse",  "weg",   "platz", "allee", "laan",
                                                 "straat",  "plein", "gracht", "gatan", "vagen", "gata",  "veien",
                                                 "vej",     "gade",  "katu",   "tie",   "kuja",  "steig", "damm",
                                                 "ufer",    "lei",   "dreef",  "gaten", "alle"};
  for (const std::string_view ending : endings)
    if (folded.size() > ending.size() + 2 && folded.back() == ending.back() && folded.ends_with(ending)) return true;
  return false;
}

}  // namespace

Flags near(const Lexicon& lexicon, std::string_view text, std::size_t start, std::size_t end) {
  Flags flags = 0;
  const auto look = [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to;) {
      std::size_t stop = at;
      while (stop < to && (is_ascii_word(text[stop]) || byte(text[stop]) >= 0x80)) ++stop;
      if (stop - at >= 2) flags |= lexicon.find(text.substr(at, stop - at));
      at = stop + 1;
    }
  };
  std::size_t from = start > 72 ? start - 72 : 0;
  while (from > 0 && from < start && is_ascii_word(text[from - 1])) ++from;  // not half a word
  look(from, start);
  std::size_t to = std::min(text.size(), end + 24);
  to = std::min(to, text.find('\n', end));
  look(end, to);
  return flags;
}

void Sweep::run() {
  std::size_t at = 0;
  while (at < text_.size()) {
    while (at < text_.size() && !interesting[byte(text_[at])]) ++at;
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
    std::size_t end = start;
    bool digit = false, alpha = false;
    while (end < text_.size() && is_ascii_word(text_[end])) {
      if (is_digit(text_[end]))
        digit = true;
      else
        alpha = true;
      ++end;
    }
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
      at = word(start);
    }
    at = std::max(at, start + 1);
    done_ = std::max(done_, at);
  }
  flush();
}

std::size_t Sweep::word(std::size_t start) {
  Word w;
  w.start = start;
  std::size_t at = start, capitals = 0, letters = 0;
  while (true) {
    const std::size_t n = letter(text_, at);
    if (n == 0) {
      // O'Neal, Jean-Luc
      const bool joint =
          at < text_.size() && (text_[at] == '\'' || text_[at] == '-') && letter(text_, at + 1) != 0 && letters > 0;
      if (!joint || (text_[at] == '\'' && !capital(text_, at + 1)) || (text_[at] == '-' && !capital(text_, at + 1)))
        break;
      ++at;
      capitals = capitals > 0 ? capitals - 1 : 0;
      continue;
    }
    if (capital(text_, at)) ++capitals;
    ++letters;
    at += n;
  }
  if (letters == 0) return start + (byte(text_[start]) >= 0x80 ? 2 : 1);
  w.end = at;
  if (!capital(text_, start) || at - start > longest_token) return at;
  w.shouted = letters > 1 && capitals == letters;
  w.mixed = !w.shouted && capitals > 1 && !text_.substr(start, 2).starts_with("Mc") &&
            !text_.substr(start, 3).starts_with("Mac");
  w.flags = tables_.lexicon.find(slice(start, at));
  if (word_count_ > 0) {
    const Word& last = words_[word_count_ - 1];
    const std::string_view gap = slice(last.end, start);
    bool joins = gap == " " || gap == "  " ||
                 (gap == ". " && (last.end - last.start <= 2 || (last.flags & flag::title) != 0)) ||
                 (gap == "." && last.end - last.start == 1) || gap == " & " || gap == "-";
    if (!joins && gap.size() > 3 && gap.size() <= 9 && gap.front() == ' ' && gap.back() == ' ') {
      const std::string_view middle = gap.substr(1, gap.size() - 2);
      const std::size_t blank = middle.find(' ');
      joins =
          (tables_.lexicon.find(middle.substr(0, blank)) & flag::particle) != 0 &&
          (blank == std::string_view::npos || (tables_.lexicon.find(middle.substr(blank + 1)) & flag::particle) != 0);
    }
    if (!joins || word_count_ == words_.size()) flush();
  }
  words_[word_count_++] = w;
  return at;
}

bool Sweep::place_at(std::size_t first, std::size_t& last) {
  for (std::size_t n = std::min<std::size_t>(4, word_count_ - first); n > 0; --n) {
    char buffer[64];
    const std::size_t from = words_[first].start, to = words_[first + n - 1].end;
    if (to - from > 40) continue;
    const Flags flags =
        n == 1 ? words_[first].flags : tables_.lexicon.find_folded(fold(slice(from, to), buffer, sizeof buffer));
    if ((flags & flag::place) == 0) continue;
    // Paris Hilton, Jordan Smith: a name when another unknown word follows.
    const bool more = first + n < word_count_ && words_[first + n].flags == 0;
    if (n == 1 && (flags & (flag::given | flag::ambiguous)) != 0 && more) return false;
    const bool unsure = (flags & (flag::given | flag::common | flag::company | flag::person_verb)) != 0;
    add("place", "location", from, to, unsure ? 0.55F : 0.75F);
    last = first + n;
    return true;
  }
  return false;
}

// A street's name in words first to last (exclusive): a number stands before or after it.
bool Sweep::street_at(std::size_t first, std::size_t last) {
  // Without a digit nearby nothing below can become a hit; this is the usual case and cheap to see.
  const std::size_t left = words_[first].start > 14 ? words_[first].start - 14 : 0;
  if (std::ranges::none_of(slice(left, words_[first].start), is_digit) &&
      std::ranges::none_of(text_.substr(words_[last - 1].end, 4), is_digit))
    return false;
  bool kind = false;
  for (std::size_t i = first; i < last; ++i) {
    char buffer[80];
    const std::string_view folded = fold(slice(words_[i].start, words_[i].end), buffer, sizeof buffer);
    if ((i > first && (words_[i].flags & flag::street) != 0) || (words_[i].flags & flag::way) != 0 ||
        street_like(folded))
      kind = true;
  }
  if (!kind) {
    // rue, via and calle are written small inside a sentence
    std::size_t from = words_[first].start;
    if (from >= 2 && text_[from - 1] == ' ') {
      std::size_t word_start = from - 1;
      while (word_start > 0 && from - word_start < 12 && letter(text_, word_start - 1) == 1) --word_start;
      if ((tables_.lexicon.find(slice(word_start, from - 1)) & flag::way) != 0) {
        kind = true;
        words_[first].start = word_start;
      }
    }
  }
  if (!kind) return false;
  std::size_t from = words_[first].start, to = words_[last - 1].end;
  bool numbered = false;
  if (from >= 2 && text_[from - 1] == ' ' && (is_digit(text_[from - 2]) || text_[from - 2] == ',')) {
    std::size_t at = from - 1;
    while (at > 0 && from - at < 14 && (is_digit(text_[at - 1]) || text_[at - 1] == ' ' || text_[at - 1] == ',')) --at;
    while (at < from && !is_digit(text_[at])) ++at;
    if (at < from) from = at, numbered = true;
  }
  std::size_t at = to;
  while (at < text_.size() && at < to + 3 && (text_[at] == ' ' || text_[at] == ',' || text_[at] == '.')) ++at;
  if (at > to && at < text_.size() && is_digit(text_[at])) {
    std::size_t stop = at;
    while (stop < text_.size() && stop < at + 6 && is_digit(text_[stop])) ++stop;
    if (stop - at <= 5) to = stop, numbered = true;
  }
  add("street", "address", from, to, numbered ? 0.8F : 0.4F);
  return true;
}

// Words first to last (exclusive) that are neither place nor street.
void Sweep::names(std::size_t first, std::size_t last, bool titled) {
  while (last > first && ((words_[last - 1].flags & flag::common) != 0 && (words_[last - 1].flags & flag::given) == 0))
    --last;
  if (first >= last) return;
  const std::size_t from = words_[first].start, to = words_[last - 1].end;
  std::size_t given = 0, known = 0, surnames = 0;
  for (std::size_t i = first; i < last; ++i) {
    if (words_[i].mixed ||
        (words_[i].shouted && words_[i].end - words_[i].start < 4 && words_[i].end - words_[i].start > 1))
      return;
    if ((words_[i].flags & flag::given) != 0) {
      ++known;
      if ((words_[i].flags & (flag::ambiguous | flag::common | flag::month)) == 0) ++given;
    }
    char buffer[80];
    if (surname_like(fold(slice(words_[i].start, words_[i].end), buffer, sizeof buffer))) ++surnames;
  }
  const std::size_t count = last - first;
  float score = 0;
  if (titled)
    score = 0.9F;
  else if (given > 0)
    score = count > 1 ? 0.9F : 0.7F;
  else if (known > 0)
    score = count > 1 && count < 4 ? 0.6F : 0.3F;
  else if (count > 1 && count < 5)
    score = surnames > 0 ? 0.55F : 0.35F;
  else if (surnames > 0 && count == 1)
    score = 0.3F;
  if (score == 0 && count > 1) return;
  // "… Ström's …", "Ley began …": what follows tells who it is.
  if (score < 0.7F && !words_[last - 1].shouted) {
    std::size_t at = to;
    if (text_.substr(at, 2) == "'s") score += 0.15F;
    if (at < text_.size() && text_[at] == ' ') {
      std::size_t stop = ++at;
      while (stop < text_.size() && stop < at + 12 && is_lower(text_[stop])) ++stop;
      const Flags next = tables_.lexicon.find(slice(at, stop));
      if ((next & flag::person_verb) != 0) score += (next & flag::common) != 0 ? 0.1F : 0.35F;
    }
  }
  if (score >= 0.15F) add("name", "person", from, to, std::min(score, 0.95F));
}

void Sweep::flush() {
  const std::size_t count = word_count_;
  std::size_t first = 0;
  bool titled = false;
  while (first < count) {
    const Word& w = words_[first];
    std::size_t last = first;
    if ((w.flags & flag::title) != 0) {
      titled = true;
      ++first;
      continue;
    }
    const bool name = (w.flags & (flag::given | flag::place)) != 0;
    if ((w.flags & (flag::common | flag::month)) != 0 && !name && (w.flags & flag::way) == 0 &&
        !(first + 1 < count && (words_[first + 1].flags & (flag::company | flag::institution | flag::street)) != 0)) {
      titled = false;
      ++first;
      continue;
    }
    if (!titled && place_at(first, last)) {
      first = last;
      continue;
    }
    // Up to the next word that is certainly something else.
    last = first + 1;
    std::size_t company = 0;
    while (last < count) {
      const Flags flags = words_[last].flags;
      if ((flags & flag::company) != 0 || (flags & flag::institution) != 0) company = last + 1;
      if ((flags & flag::common) != 0 &&
          (flags & (flag::given | flag::company | flag::institution | flag::street)) == 0)
        break;
      if ((flags & flag::title) != 0) break;
      ++last;
    }
    if (!street_at(first, last)) {
      if (company > 0) {
        const bool form = (words_[company - 1].flags & flag::company) != 0;
        add("company", "organization", w.start, words_[company - 1].end, form ? 0.8F : 0.6F);
        if (company < last) names(company, last, false);
      } else {
        names(first, last, titled);
      }
    }
    titled = false;
    first = last;
  }
  word_count_ = 0;
}

}  // namespace sluice::guard::pii
