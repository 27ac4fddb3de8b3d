// Companies and institutions: by their legal form, by what their name begins or ends with.
#include <algorithm>

#include "guard/pii/characters.h"
#include "guard/pii/sweep.h"
#include "guard/pii/sweep_evidence.h"

namespace sluice::guard::pii {

// Looks like a name rather than like a word of the language.
bool Sweep::is_proper(const Word& word) const {
  return (word.flags & (flag::common | flag::month)) == 0 && !(word.shouted && word.end - word.start < 3) &&
         likeness(word) > 4;
}

// Behind the last word that says "company" in words first to last (exclusive); 0 when none does.
std::size_t Sweep::company_end(std::size_t first, std::size_t last) const {
  std::size_t end = 0;
  for (std::size_t i = first + 1; i < last; ++i) {
    const bool named = (words_[i].flags & (flag::company | flag::institution)) != 0;
    if (named || ((words_[i].listed & listed::form) != 0 && !words_[i].shouted && is_proper(words_[i - 1])))
      end = i + 1;
  }
  return end;
}

// Words first to last (exclusive) name a company from their first word on: adds it, with all of them.
bool Sweep::company_at(std::size_t first, std::size_t last) {
  const std::size_t from = words_[first].start, to = words_[last - 1].end;
  const auto proper = [&](const Word& word) { return is_proper(word); };
  const auto begin = words_.begin() + static_cast<std::ptrdiff_t>(first),
             end = words_.begin() + static_cast<std::ptrdiff_t>(last);
  if ((words_[first].listed & listed::house) != 0 && last - first > 1 && last - first <= 5 &&
      std::any_of(begin + 1, end, proper)) {
    add("house", "organization", from, to, 0.6F);
    return true;
  }
  // "Hofmann & Kessler"; "Terms & Conditions" is none.
  for (std::size_t i = first; i + 1 < last; ++i) {
    if (slice(words_[i].end, words_[i + 1].start) != " & ") continue;
    if (words_[i].end - words_[i].start < 3 || words_[i + 1].end - words_[i + 1].start < 3) continue;
    const int one = likeness(words_[i]), other = likeness(words_[i + 1]);
    if (one + other < 16 || std::min(one, other) < -24) continue;
    // "Ben & Anna Miller" are two people
    const auto given = [](const Word& word) { return (word.flags & flag::given) != 0; };
    const auto middle = words_.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (std::any_of(begin, middle, given) && std::any_of(middle, end, given)) continue;
    add("and_company", "organization", from, to, 0.6F);
    return true;
  }
  return false;
}

}  // namespace sluice::guard::pii
