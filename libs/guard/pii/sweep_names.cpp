// What sequences of capitalised words are: listed things, streets, companies, places and names, in this order.
#include <algorithm>
#include <cstdint>

#include "guard/pii/characters.h"
#include "guard/pii/sweep.h"
#include "guard/pii/sweep_evidence.h"

namespace sluice::guard::pii {

// A place or an organisation of the lexicon, of up to four words.
bool Sweep::listed_at(std::size_t first, std::size_t& last) {
  const std::size_t most = (words_[first].flags & flag::several) != 0 ? 4 : 1;
  for (std::size_t n = std::min(most, word_count_ - first); n > 0; --n) {
    const std::size_t from = words_[first].start, to = words_[first + n - 1].end;
    if (to - from > 40) continue;
    const Flags flags = n == 1 ? words_[first].flags : tables_.lexicon.find(slice(from, to));
    if ((flags & (flag::place | flag::organization)) == 0) continue;
    // Paris Hilton, Jordan Smith: a name when another unknown word follows.
    const bool more = first + n < word_count_ && (words_[first + n].flags & ~flag::several) == 0;
    // Lincoln Boulevard
    if (first + n < word_count_ && (words_[first + n].listed & listed::road) != 0) return false;
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

// Words first to last (exclusive) that are neither place nor street.
void Sweep::names(std::size_t first, std::size_t last, bool titled) {
  while (last > first && ((words_[last - 1].flags & flag::common) != 0 && (words_[last - 1].flags & flag::given) == 0))
    --last;
  // "Ask Saoirse", "Lehrer Gotthilf": what is quite ordinary goes, when names may follow.
  const auto to_person = [&](const Word& word) { return (word.listed & listed::to_person) != 0; };
  while (!titled && first + 1 < last && (words_[first].flags & flag::given) == 0 &&
         ((likeness(words_[first]) < -56 && likeness(words_[first + 1]) > 0) || to_person(words_[first])))
    ++first;
  if (first >= last) return;
  const std::size_t from = words_[first].start, to = words_[last - 1].end;
  float score = 0;
  Neighbour nearest;
  if (titled) {
    score = 0.9F;
  } else {
    const bool unknown = std::none_of(words_.begin() + static_cast<std::ptrdiff_t>(first),
                                      words_.begin() + static_cast<std::ptrdiff_t>(last),
                                      [](const Word& word) { return (word.flags & flag::given) != 0; });
    const bool town = (words_[first].listed & (listed::town | listed::several)) != 0;
    if (unknown || town) nearest = neighbour_of(from);
    const Cue cue = unknown || town ? cue_before(nearest, words_[first]) : Cue::none;
    if (unknown && announced(first, last, cue, score)) return;
    if (place(first, last, cue, nearest)) return;
  }
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t size = words_[i].end - words_[i].start;
    if (words_[i].mixed || (words_[i].shouted && size < 4 && size > 1)) return;
  }
  // What is announced is a name with or without more that says so.
  if (!titled && (score <= 0 || last - first > 1)) score = std::max(score, person_score(first, last, nearest));
  if (score <= 0) return;
  if (score < 0.7F) score += told_by_what_follows(last);
  if (score >= 0.15F) add("name", "person", from, to, std::min(score, 0.95F));
}

// "Firma Tolsma", "Hauptbahnhof Husum", where the first word is written with a capital; "1012 AB Utrecht" as well.
bool Sweep::named_by_first_word(std::size_t first, std::size_t last) {
  if (last - first < 2 || last - first > 4) return false;
  const Word& word = words_[first];
  const std::size_t from = words_[first + 1].start, to = words_[last - 1].end;
  const bool firm = (word.listed & listed::firm) != 0;
  const bool code = word.shouted && word.end - word.start == 2 && behind_postal_code(from);
  if (!firm && !code && (word.listed & listed::place_noun) == 0) return false;
  if (likeness(words_[first + 1]) < -40 && (words_[first + 1].listed & listed::town) == 0) return false;
  add(firm ? "employer" : "residence", firm ? "organization" : "location", from, to, 0.6F);
  return true;
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
      // "New York" is a place although "new" is nothing.
      if (titled || (w.flags & flag::several) == 0 || !listed_at(first, last)) last = first + 1;
      titled = false;
      first = last;
      continue;
    }
    if (!titled && listed_at(first, last)) {
      first = last;
      continue;
    }
    // Up to the next word that is certainly something else.
    last = first + 1;
    while (last < count) {
      const Flags flags = words_[last].flags;
      if ((flags & flag::common) != 0 &&
          (flags & (flag::given | flag::company | flag::institution | flag::street)) == 0)
        break;
      if ((flags & flag::title) != 0) break;
      ++last;
    }
    if (!street_at(first, last)) {
      const std::size_t company = titled ? 0 : company_end(first, last);
      if (company > 0) {
        const bool form = (words_[company - 1].flags & flag::company) != 0;
        add("company", "organization", w.start, words_[company - 1].end, form ? 0.8F : 0.6F);
        if (company < last) names(company, last, false);
      } else if (titled || !(named_by_first_word(first, last) || company_at(first, last))) {
        names(first, last, titled);
      }
    }
    titled = false;
    first = last;
  }
  word_count_ = 0;
}

}  // namespace sluice::guard::pii
