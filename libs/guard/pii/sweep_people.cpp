// Whether words that nothing announces are a person's name.
//
// A given name of the lexicon decides alone. Every other word gets a likeness: what the register says of it, else how
// its letters look. A name has no word that is quite ordinary; where the words stand in a sentence, and what follows
// them, moves the score.
#include <algorithm>
#include <cstdint>

#include "guard/pii/characters.h"
#include "guard/pii/endings.h"
#include "guard/pii/name_shape.h"
#include "guard/pii/sweep.h"
#include "guard/pii/sweep_evidence.h"

namespace sluice::guard::pii {
namespace {

constexpr Listed of_a_person = listed::given | listed::surname;

}  // namespace

int Sweep::likeness(const Word& word) const {
  if (word.like == unmeasured) word.like = static_cast<std::int16_t>(measured(word));
  return word.like;
}

// Sixteenths of log-odds that the word is a proper name.
int Sweep::measured(const Word& word) const {
  if ((word.flags & flag::given) != 0) return (word.flags & (flag::ambiguous | flag::common)) != 0 ? 0 : 64;
  if ((word.flags & (flag::common | flag::month)) != 0) return -64;
  if ((word.listed & listed::ordinary) != 0) return (word.listed & of_a_person) != 0 ? 0 : -48;
  if ((word.listed & of_a_person) != 0) return 48;
  const std::string_view text = slice(word.start, word.end);
  if (text.size() == 1) return word.end < text_.size() && text_[word.end] == '.' ? 16 : -16;
  char buffer[80];
  return std::clamp(name_shape(word.ascii ? text : fold(text, buffer, sizeof buffer)), -64, 48);
}

Sweep::Likeness Sweep::likeness_of(std::size_t first, std::size_t last) const {
  Likeness all;
  for (std::size_t i = first; i < last; ++i) {
    const Word& word = words_[i];
    const std::size_t size = word.end - word.start;
    if (size == 1 && word.end < text_.size() && text_[word.end] == '.') ++all.initials;
    if ((word.flags & flag::given) != 0) ++all.known;
    const bool clear = (word.listed & listed::ordinary) == 0 && (word.flags & (flag::common | flag::month)) == 0;
    if (clear && (word.listed & listed::given) != 0) ++all.listed_given;
    char buffer[80];
    const std::string_view text = slice(word.start, word.end);
    if (surnames.fit(word.ascii ? text : fold(text, buffer, sizeof buffer))) ++all.surname_like;
    const int like = likeness(word);
    all.least = std::min(all.least, like);
    all.total += like;
  }
  const Word& end = words_[last - 1];
  all.listed_surname = (end.listed & listed::surname) != 0 && (end.listed & listed::ordinary) == 0;
  return all;
}

// A small word in front means the middle of a sentence, where capitals mean something; "the" in front of a person is
// rare in any language that is looked at, and usual in front of everything else.
Sweep::Position Sweep::position_of(std::size_t start, const Neighbour& nearest) const {
  if (start < 2 || text_[start - 1] == '\n') return Position::start;
  if (text_[start - 1] == '(' && text_[start - 2] == ' ') return Position::sentence;
  if (text_[start - 1] != ' ') return Position::glued;
  if (text_[start - 2] == ',') return Position::sentence;
  if (nearest.start == nearest.end) return Position::start;
  if ((nearest.listed & listed::article) != 0) return Position::article;
  return is_digit(text_[nearest.end - 1]) ? Position::start : Position::sentence;
}

// "… Ström's …", "Ley began …".
float Sweep::told_by_what_follows(std::size_t last) const {
  if (words_[last - 1].shouted) return 0;
  std::size_t at = words_[last - 1].end;
  if (text_.substr(at, 2) == "'s") return 0.15F;
  if (at >= text_.size() || text_[at] != ' ') return 0;
  std::size_t stop = ++at;
  while (stop < text_.size() && stop < at + 12 && is_lower(text_[stop])) ++stop;
  const Flags next = tables_.lexicon.find(slice(at, stop));
  return (next & flag::person_verb) == 0 ? 0 : (next & flag::common) != 0 ? 0.1F : 0.35F;
}

// The score of words first to last (exclusive) without what announces them; 0 when they are nothing.
float Sweep::person_score(std::size_t first, std::size_t last, const Neighbour& nearest) const {
  const std::size_t count = last - first;
  const auto begin = words_.begin() + static_cast<std::ptrdiff_t>(first),
             end = words_.begin() + static_cast<std::ptrdiff_t>(last);
  const auto given = [](const Word& word) {
    return (word.flags & flag::given) != 0 && (word.flags & (flag::ambiguous | flag::common | flag::month)) == 0;
  };
  if (std::any_of(begin, end, given)) return count > 1 ? 0.9F : 0.7F;
  // A word that nobody lists is none alone, but for what follows it.
  const Word& one = words_[first];
  if (count == 1 && (one.flags & flag::given) == 0 && (one.listed & of_a_person) == 0 &&
      told_by_what_follows(last) < 0.35F)
    return 0;
  const Likeness all = likeness_of(first, last);
  if (count >= 5) return all.known > 0 ? 0.3F : 0;
  float score = 0;
  if (count == 1) {
    if (all.known > 0)
      score = 0.3F;
    else if (all.listed_given > 0)
      score = 0.42F;
    else if (all.surname_like > 0 || all.listed_surname)
      score = 0.3F;
    else if (all.least > -8 && told_by_what_follows(last) >= 0.35F)
      return 0.2F;
  } else if (all.known > 0) {
    score = count < 4 ? (all.least < -24 ? 0.4F : 0.6F) : 0.3F;
  } else if (all.listed_given > 0) {
    score = all.least > -8 ? 0.75F : all.least > -24 ? 0.5F : 0.35F;
  } else if (all.least < -60) {
    score = 0.3F;
  } else if (all.listed_surname && all.least > -8) {
    score = 0.6F;
  } else if (all.surname_like > 0) {
    score = all.least > -24 ? 0.55F : 0.42F;
  } else if (all.initials > 1 && all.initials < count) {
    score = 0.6F;
  } else {
    score = all.total > 32 && all.least > -16 ? 0.52F : all.total > -16 ? 0.42F : 0.35F;
  }
  if (score == 0) return 0;
  // "IEEE Std" is none; all words of a name in a list may be shouted.
  const auto shouted = std::count_if(begin, end, [](const Word& word) { return word.shouted; });
  const bool certain = all.listed_given > 0 && all.listed_surname && static_cast<std::size_t>(shouted) == count;
  if (shouted > 0 && !certain) return std::min(score, 0.35F);
  // Beside a number it is rather the name of a street.
  const std::size_t from = words_[first].start, to = words_[last - 1].end;
  const bool behind_number = from >= 2 && text_[from - 1] == ' ' && is_digit(text_[from - 2]);
  if (behind_number || (to + 1 < text_.size() && text_[to] == ' ' && is_digit(text_[to + 1])))
    return std::min(score, 0.4F);
  switch (position_of(words_[first].start, nearest.end > 0 ? nearest : neighbour_of(words_[first].start))) {
    case Position::article:
      return score - (all.known > 0 ? 0.0F : 0.25F);
    case Position::sentence:
      return score + (all.least > -56 ? 0.1F : 0.0F);
    case Position::glued:  // in quotes, behind a slash: mostly no prose
      return score - (all.known > 0 ? 0.0F : 0.1F);
    case Position::start:
      break;
  }
  return score;
}

}  // namespace sluice::guard::pii
