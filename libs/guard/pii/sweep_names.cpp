// What sequences of capitalised words are: places, companies, streets and names.
#include <algorithm>
#include <cstdint>

#include "guard/pii/characters.h"
#include "guard/pii/sweep.h"

namespace sluice::guard::pii {
namespace {

// Endings in order of their last letters, so that a word meets only those that can fit.
template <std::size_t N>
struct Endings {
  std::array<std::string_view, N> rows;
  std::array<std::uint8_t, 27> first{};  // by last letter, a to z; the row behind the last one at the end

  explicit constexpr Endings(const std::string_view (&given)[N]) {
    for (std::size_t i = 0; i < N; ++i) rows[i] = given[i];
    std::ranges::sort(rows, {}, [](std::string_view row) { return row.back(); });
    for (std::size_t letter = 0; letter <= 26; ++letter)
      first[letter] = static_cast<std::uint8_t>(std::ranges::count_if(
          rows, [&](std::string_view row) { return static_cast<std::size_t>(row.back() - 'a') < letter; }));
  }

  // `word` ends so, with three letters and more before the ending.
  [[nodiscard]] bool fit(std::string_view word) const noexcept {
    const auto lowered = [](char c) { return static_cast<char>(c | 0x20); };
    const std::size_t last = word.empty() ? 26 : byte(lowered(word.back())) - std::size_t{'a'};
    if (last >= 26) return false;
    for (std::size_t i = first[last]; i < first[last + 1]; ++i) {
      const std::string_view ending = rows[i];
      if (word.size() <= ending.size() + 2) continue;
      const std::string_view tail = word.substr(word.size() - ending.size());
      if (std::ranges::equal(tail, ending, {}, lowered)) return true;
    }
    return false;
  }
};

constexpr Endings surnames({"son",     "sen",   "ova", "ski", "ska",  "sky",  "vic",  "ovich", "enko", "escu",
                            "opoulos", "oglu",  "ez",  "ini", "elli", "etti", "inen", "berg",  "mann", "strom",
                            "dottir",  "quist", "ev",  "ov",  "ic",   "yan",  "wicz", "czyk"});
constexpr Endings streets({"strasse", "str",   "gasse", "weg",  "platz", "allee", "laan",  "straat", "plein",
                           "gracht",  "gatan", "vagen", "gata", "veien", "vej",   "gade",  "katu",   "tie",
                           "kuja",    "steig", "damm",  "ufer", "lei",   "dreef", "gaten", "alle"});

}  // namespace

template <class Endings>
bool Sweep::ends_like(const Word& word, const Endings& endings) const {
  char buffer[80];
  const std::string_view text = slice(word.start, word.end);
  return endings.fit(word.ascii ? text : fold(text, buffer, sizeof buffer));
}

// A place or an organisation of the lexicon, of up to four words.
bool Sweep::listed_at(std::size_t first, std::size_t& last) {
  for (std::size_t n = std::min<std::size_t>(4, word_count_ - first); n > 0; --n) {
    const std::size_t from = words_[first].start, to = words_[first + n - 1].end;
    if (to - from > 40) continue;
    const Flags flags = n == 1 ? words_[first].flags : tables_.lexicon.find(slice(from, to));
    if ((flags & (flag::place | flag::organization)) == 0) continue;
    // Paris Hilton, Jordan Smith: a name when another unknown word follows.
    const bool more = first + n < word_count_ && words_[first + n].flags == 0;
    if (n == 1 && (flags & (flag::given | flag::ambiguous)) != 0 && more) return false;
    if ((flags & flag::place) != 0) {
      const bool unsure = (flags & (flag::given | flag::common | flag::company | flag::person_verb)) != 0;
      add("place", "location", from, to, unsure ? 0.55F : 0.75F);
    } else {
      // The form belongs to it: "Google LLC".
      std::size_t end = first + n;
      while (end < word_count_ && (words_[end].flags & flag::company) != 0) ++end;
      last = end;
      add("known_company", "organization", from, words_[end - 1].end, end > first + n ? 0.8F : 0.65F);
      return true;
    }
    last = first + n;
    return true;
  }
  return false;
}

// The word of small or capital letters in front of `start`, one blank between; at most 20 bytes.
std::string_view Sweep::word_before(std::size_t start) const {
  if (start < 2 || text_[start - 1] != ' ') return {};
  std::size_t from = start - 1;
  while (from > 0 && start - from < 20 && is_word_byte(text_[from - 1])) --from;
  return slice(from, start - 1);
}

// What the words in front say of the name at `start`: "my wife X", "lives in X", "works for X".
Sweep::Cue Sweep::cue_before(std::size_t start) const {
  const std::string_view nearest = word_before(start);
  if (nearest.empty()) return Cue::none;
  const Flags flags = tables_.lexicon.find(nearest);
  if ((flags & flag::relation) != 0) return Cue::person;
  if ((flags & flag::preposition) == 0) return Cue::none;
  const Flags cue = tables_.lexicon.find(word_before(start - nearest.size() - 1));
  return (cue & flag::residence) != 0 ? Cue::place : (cue & flag::work) != 0 ? Cue::company : Cue::none;
}

// "…, 80331 X" and a line that begins "80331 X" or "D-80331 X"; years are none.
bool Sweep::behind_postal_code(std::size_t start) const {
  if (start < 6 || text_[start - 1] != ' ' || !is_digit(text_[start - 2])) return false;
  std::size_t from = start - 1;
  while (from > 0 && start - from < 8 && is_digit(text_[from - 1])) --from;
  const std::string_view digits = slice(from, start - 1);
  if (digits.size() < 4 || digits.size() > 5) return false;
  if (digits.size() == 4 && (digits.starts_with("19") || digits.starts_with("20"))) return false;
  if (from >= 2 && text_[from - 1] == '-' && is_upper(text_[from - 2])) return true;
  return from == 0 || text_[from - 1] == '\n' || (from >= 2 && text_[from - 1] == ' ' && text_[from - 2] == ',');
}

// Words that the lexicon does not know, with something beside them that says what they are: adds a place or a company
// and returns true, or raises `score` of a person.
bool Sweep::announced(std::size_t first, std::size_t last, float& score) {
  const std::size_t from = words_[first].start, to = words_[last - 1].end;
  const bool short_name = last - first <= 3;
  const Cue cue = cue_before(from);
  if (cue == Cue::person) {
    score = std::max(score, last - first > 1 ? 0.75F : 0.6F);
    return false;
  }
  if (cue == Cue::company && short_name) {
    add("employer", "organization", from, to, 0.6F);
    return true;
  }
  if (words_[first].shouted || words_[first].mixed) return false;
  if (cue == Cue::place && short_name) {
    add("residence", "location", from, to, 0.6F);
    return true;
  }
  // "Springfield, IL" and, behind it, the code that join_addresses takes in.
  const std::string_view tail = text_.substr(to, 5);
  if (tail.size() >= 4 && tail.starts_with(", ") && is_upper(tail[2]) && is_upper(tail[3]) &&
      (tail.size() == 4 || !is_word_byte(tail[4])) &&
      (tables_.lexicon.find(tail.substr(2, 2)) & flag::state_code) != 0) {
    add("town_with_state", "location", from, to + 4, 0.65F);
    return true;
  }
  if (short_name && behind_postal_code(from)) {
    add("town_with_code", "location", from, to, 0.6F);
    return true;
  }
  return false;
}

// A street's name in words first to last (exclusive): a number stands before or after it.
bool Sweep::street_at(std::size_t first, std::size_t last) {
  // Without a digit nearby nothing below can become a hit; this is the usual case and cheap to see.
  if (!words_[first].after_digit && std::ranges::none_of(text_.substr(words_[last - 1].end, 4), is_digit)) return false;
  bool kind = false;
  for (std::size_t i = first; i < last; ++i) {
    if ((i > first && (words_[i].flags & flag::street) != 0) || (words_[i].flags & flag::way) != 0 ||
        ends_like(words_[i], streets))
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
  std::size_t given = 0, known = 0, surname_like = 0, initials = 0;
  float score = 0;
  const bool unknown = std::none_of(words_.begin() + static_cast<std::ptrdiff_t>(first),
                                    words_.begin() + static_cast<std::ptrdiff_t>(last),
                                    [](const Word& word) { return (word.flags & flag::given) != 0; });
  if (!titled && unknown && announced(first, last, score)) return;
  for (std::size_t i = first; i < last; ++i) {
    if (words_[i].end - words_[i].start == 1 && words_[i].end < text_.size() && text_[words_[i].end] == '.') ++initials;
    if (words_[i].mixed ||
        (words_[i].shouted && words_[i].end - words_[i].start < 4 && words_[i].end - words_[i].start > 1))
      return;
    if ((words_[i].flags & flag::given) != 0) {
      ++known;
      if ((words_[i].flags & (flag::ambiguous | flag::common | flag::month)) == 0) ++given;
    }
    if (ends_like(words_[i], surnames)) ++surname_like;
  }
  const std::size_t count = last - first;
  if (titled)
    score = 0.9F;
  else if (score > 0)
    score = std::max(score, surname_like > 0 && count > 1 ? 0.75F : 0.0F);
  else if (given > 0)
    score = count > 1 ? 0.9F : 0.7F;
  else if (known > 0)
    score = count > 1 && count < 4 ? 0.6F : 0.3F;
  else if (count > 1 && count < 5)
    score = surname_like > 0 ? 0.55F : initials > 1 && initials < count ? 0.6F : 0.35F;
  else if (surname_like > 0 && count == 1)
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
    const bool name = (w.flags & (flag::given | flag::place | flag::organization)) != 0;
    if ((w.flags & (flag::common | flag::month)) != 0 && !name && (w.flags & flag::way) == 0 &&
        !(first + 1 < count && (words_[first + 1].flags & (flag::company | flag::institution | flag::street)) != 0)) {
      titled = false;
      ++first;
      continue;
    }
    if (!titled && listed_at(first, last)) {
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
