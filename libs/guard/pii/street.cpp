#include "guard/pii/street.h"

#include <algorithm>

#include "guard/pii/characters.h"

namespace sluice::guard::pii {
namespace {

constexpr std::size_t longest_way = 16;

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}
// Small words between "rue" and the capitals, beside the particles of names.
bool between(Flags flags, std::string_view word) {
  if ((flags & flag::particle) != 0) return true;
  switch (word.size()) {
    case 2:
      return one_of(word, {"do", "sv", "dr"});
    case 3:
      return one_of(word, {"des", "dei", "las", "los", "les", "the", "gen"});
    case 4:
      return word == "bana";
    case 5:
      return one_of(word, {"degli", "delle", "dello"});
    case 6:
      return word == "kralja";
    default:
      return false;
  }
}

// The word that ends before `end`, behind which one blank may stand, and a full stop before the blank.
struct Word {
  std::size_t start = 0, end = 0;
};
Word word_before(std::string_view text, std::size_t end) {
  if (end > 0 && text[end - 1] == ' ') --end;
  if (end > 0 && text[end - 1] == '.') --end;
  std::size_t start = end;
  while (start > 0 && end - start < longest_way && is_word_byte(text[start - 1]) && !is_digit(text[start - 1])) --start;
  return {start, end};
}

// The start of "14 ", "14, ", "8 bis ", "26b " in front of `at`; `at` when there is no number.
std::size_t number_before(std::string_view text, std::size_t at) {
  std::size_t end = at;
  if (end == 0 || (text[end - 1] != ' ' && end < text.size())) return at;
  if (text[end - 1] == ' ') --end;
  if (end > 0 && text[end - 1] == ',') --end;
  for (const std::string_view more : {" bis", " ter", " quater"})
    if (end > more.size() && text.substr(end - more.size(), more.size()) == more) end -= more.size();
  if (end > 1 && is_digit(text[end - 2]) && letter(text, end - 1) == 1) --end;
  std::size_t start = end;
  while (start > 0 && at - start < 14 &&
         (is_digit(text[start - 1]) || text[start - 1] == ' ' || text[start - 1] == ','))
    --start;
  while (start < end && !is_digit(text[start])) ++start;
  if (start >= end || !is_digit(text[end - 1])) return at;
  return start > 0 && !std::string_view(" \n\t(:\"'>,").contains(text[start - 1]) ? at : start;
}

// "rue de la " in front of `at`: its start, `at` when there is none.
std::size_t way_before(const Lexicon& lexicon, std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (int words = 0; words < 4; ++words) {
    if (end == 0 || text[end - 1] != ' ') return at;
    const Word word = word_before(text, end);
    if (word.start == word.end) return at;
    const std::string_view name = text.substr(word.start, word.end - word.start);
    const Flags flags = lexicon.find(name);
    if ((flags & flag::way) != 0) return word.start;
    if (!between(flags, name)) return at;
    end = word.start;
  }
  return at;
}

}  // namespace

BeforeStreet before_street(const Lexicon& lexicon, std::string_view text, std::size_t start) {
  BeforeStreet out{.start = way_before(lexicon, text, start)};
  out.way = out.start < start;
  const std::size_t number = number_before(text, out.start);
  out.numbered = number < out.start;
  out.start = number;
  return out;
}

std::size_t before_open_street(const Lexicon& lexicon, std::string_view text) {
  // As if the capitals followed at once, and as if the word at the end, with a blank to come, were "rue" or "la".
  std::size_t open = std::min(before_street(lexicon, text, text.size()).start, number_before(text, text.size()));
  const Word half = word_before(text, text.size());
  if (half.start < half.end) {
    open = std::min({open, number_before(text, half.start), way_before(lexicon, text, half.start)});
    if (const std::size_t way = way_before(lexicon, text, half.start); way < half.start)
      open = std::min(open, number_before(text, way));
    const std::string_view name = text.substr(half.start, half.end - half.start);
    if ((lexicon.find(name) & flag::way) != 0) open = std::min(open, half.start);
  }
  return open;
}

BehindStreet behind_street(const Lexicon& lexicon, std::string_view text, std::size_t end) {
  BehindStreet out{.end = end};
  std::size_t at = end;
  const auto word_from = [&](std::size_t from, std::size_t most) {
    std::size_t to = from;
    while (const std::size_t n = letter(text, to)) {
      if (to - from >= most) break;
      to += n;
    }
    return to;
  };
  const auto undecided = [&] {
    out.undecided = true;
    return out;
  };
  if (at >= text.size()) return undecided();
  if (text[at] == ' ') {
    const std::size_t to = word_from(at + 1, longest_way);
    if (to >= text.size()) return undecided();
    if (to > at + 1 && !capital(text, at + 1) && (lexicon.find(text.substr(at + 1, to - at - 1)) & flag::street) != 0) {
      out.street = true;
      at = to;
    }
  }
  std::size_t gap = at;
  while (gap < text.size() && gap < at + 3 && std::string_view(" ,.").contains(text[gap])) ++gap;
  if (gap >= text.size()) return undecided();
  if (gap == at) return out;
  // "No: 45", "nr. 14", "n° 5"
  const std::size_t marker = word_from(gap, 6);
  if (marker >= text.size()) return undecided();
  at = gap;
  if (marker > gap &&
      one_of(text.substr(gap, marker - gap), {"No", "no", "Nr", "nr", "N", "n", "num", "núm", "č", "br"})) {
    at = marker;
    while (at < text.size() && at < marker + 4 && !is_digit(text[at]) && !is_ascii_word(text[at])) ++at;
    if (at >= text.size()) return undecided();
  }
  std::size_t stop = at;
  while (stop < text.size() && stop < at + 6 && is_digit(text[stop])) ++stop;
  if (stop == at || stop - at > 5) {
    out.undecided = stop >= text.size();
    return out;
  }
  out.numbered = true;
  // "14/3", "118-2", "22a"
  for (int parts = 0; parts < 2; ++parts) {
    out.end = stop;
    out.undecided = stop + code_reach >= text.size();
    if (stop + 1 < text.size() && (text[stop] == '/' || text[stop] == '-') && is_digit(text[stop + 1])) {
      const std::size_t begin = ++stop;
      while (stop < text.size() && stop < begin + 4 && is_digit(text[stop])) ++stop;
    }
    if (stop < text.size() && letter(text, stop) == 1 && (stop + 1 >= text.size() || !is_word_byte(text[stop + 1])))
      ++stop;
  }
  if (stop < text.size() && is_word_byte(text[stop])) return out;  // "12th" keeps its number only
  out.end = stop;
  return out;
}

}  // namespace sluice::guard::pii
