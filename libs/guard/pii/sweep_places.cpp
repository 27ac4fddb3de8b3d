// Places: by the register, by the words in front ("lives in", "near"), by codes and regions beside them.
#include <algorithm>
#include <array>

#include "guard/pii/characters.h"
#include "guard/pii/street.h"
#include "guard/pii/sweep.h"
#include "guard/pii/sweep_evidence.h"

namespace sluice::guard::pii {
namespace {

constexpr std::size_t far = 72;  // bytes in front in which a cue may stand, in the same sentence

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

// "1012 AB", "00-950", "1250-096", "110 00": codes of several parts.
bool parted_code(std::string_view text) {
  const auto part = [&](std::size_t front, char gap, std::size_t back, bool digits) {
    const std::size_t size = front + 1 + back;
    if (text.size() < size || (text.size() > size && is_word_byte(text[text.size() - size - 1]))) return false;
    const std::string_view tail = text.substr(text.size() - size);
    const std::string_view end = tail.substr(front + 1);
    return all_digits(tail.substr(0, front)) && tail[front] == gap &&
           (digits ? all_digits(end) : std::ranges::all_of(end, is_upper));
  };
  return part(4, ' ', 2, false) || part(2, '-', 3, true) || part(4, '-', 3, true) || part(3, ' ', 2, true);
}

// Of the words of residence those that mean people and journeys wherever they stand; "based", "branch" and "home" mean
// many things, and of the shortest ones several are prepositions elsewhere.
bool of_people(std::string_view word) {
  constexpr std::string_view others[] = {"based",  "branch", "home",    "located",   "house",     "office",   "offices",
                                         "raised", "grew",   "arrived", "delivered", "warehouse", "situated", "flat"};
  return (word.size() > 3 || word == "bor") && std::ranges::find(others, word) == std::end(others);
}

}  // namespace

// The word of small or capital letters in front of `start`, one blank between; at most 20 bytes.
std::string_view Sweep::word_before(std::size_t start) const {
  if (start < 2 || text_[start - 1] != ' ') return {};
  std::size_t from = start - 1;
  while (from > 0 && start - from < 20 && is_word_byte(text_[from - 1])) --from;
  return slice(from, start - 1);
}

Sweep::Neighbour Sweep::neighbour_of(std::size_t start) const {
  const std::string_view word = word_before(start);
  if (word.empty()) return {};
  const std::uint64_t hash = word_hash(word);
  return {start - 1 - word.size(), start - 1, tables_.lexicon.find_hash(hash), tables_.names.find(hash)};
}

// What the words in front say of a name: "my wife X", "lives in X", "works for X".
Sweep::Cue Sweep::cue_before(const Neighbour& nearest, const Word& named) const {
  if (nearest.start == nearest.end) return Cue::none;
  const Flags flags = nearest.flags;
  if ((flags & flag::relation) != 0) return Cue::person;
  const Listed listed = (flags & flag::given) != 0 ? Listed{0} : nearest.listed;  // Ville is a man in Finland
  if ((listed & listed::firm) != 0) return Cue::company;
  if ((listed & listed::to_person) != 0) return Cue::person;
  if ((listed & listed::beside) != 0) return Cue::far_place;
  if ((listed & listed::place_noun) != 0) return Cue::place;
  if ((flags & (flag::preposition | flag::particle)) == 0) return Cue::none;
  const Neighbour next = neighbour_of(nearest.start);
  if ((next.flags & flag::residence) != 0 && (flags & flag::preposition) != 0) return Cue::place;
  if ((next.flags & flag::work) != 0) return Cue::company;
  if ((next.listed & listed::firm) != 0) return Cue::company;
  if ((next.listed & listed::place_noun) != 0) return Cue::place;
  if ((next.listed & listed::beside) != 0) return Cue::far_place;
  if ((next.listed & listed::journey) != 0 && (flags & flag::preposition) != 0) return Cue::far_place;
  constexpr std::string_view never_of_places[] = {"of", "for", "with", "by", "around", "te", "per", "para"};
  const std::string_view word = slice(nearest.start, nearest.end);
  if ((flags & flag::preposition) == 0 || std::ranges::find(never_of_places, word) != std::end(never_of_places))
    return Cue::none;
  // "works as a nurse at X": only words that stand in front of companies.
  constexpr std::string_view of_companies[] = {"at", "bei", "chez", "bij", "hos", "presso"};
  const bool company = std::ranges::find(of_companies, word) != std::end(of_companies);
  if (!company && (named.listed & (listed::town | listed::several)) == 0 && likeness(named) <= -40) return Cue::none;
  const Cue told = far_cue_before(nearest.start);
  return told != Cue::far_company ? told : company ? Cue::company : Cue::none;
}

// "wohnt seit dem Sommer in X", "a train from Y to X": the nearest word of the sentence that says something.
Sweep::Cue Sweep::far_cue_before(std::size_t start) const {
  const std::size_t least = start > far ? start - far : 0;
  for (std::size_t end = start; end > least;) {
    const char c = text_[end - 1];
    if (!is_word_byte(c)) {
      if (std::string_view(".!?;:\n").contains(c)) return Cue::none;
      --end;
      continue;
    }
    std::size_t from = end;
    while (from > least && is_word_byte(text_[from - 1])) --from;
    if (from == least && least > 0) return Cue::none;  // perhaps half a word
    const std::uint64_t hash = word_hash(slice(from, end));
    const Flags flags = tables_.lexicon.find_hash(hash);
    if ((flags & flag::residence) != 0 && of_people(slice(from, end))) return Cue::far_place;
    if ((flags & flag::work) != 0) return Cue::far_company;
    if ((tables_.names.find(hash) & listed::journey) != 0) return Cue::far_place;
    end = from;
  }
  return Cue::none;
}

// "…, 80331 X" and a line that begins "80331 X" or "D-80331 X"; years are none.
bool Sweep::behind_postal_code(std::size_t start) const {
  if (start < 6 || text_[start - 1] != ' ') return false;
  if (is_upper(text_[start - 2]) && start > 8 && text_[start - 4] == ' ' && is_year(start - 8, start - 4)) return false;
  if (parted_code(text_.substr(start > 10 ? start - 10 : 0, start > 10 ? 9 : start - 1))) return true;
  if (!is_digit(text_[start - 2])) return false;
  std::size_t from = start - 1;
  while (from > 0 && start - from < 8 && is_digit(text_[from - 1])) --from;
  const std::string_view digits = slice(from, start - 1);
  if (digits.size() < 4 || digits.size() > 5) return false;
  if (digits.size() == 4 && (digits.starts_with("19") || digits.starts_with("20"))) return false;
  if (from >= 2 && text_[from - 1] == '-' && is_upper(text_[from - 2])) return true;
  return from == 0 || text_[from - 1] == '\n' || (from >= 2 && text_[from - 1] == ' ' && text_[from - 2] == ',');
}

// ", Germany" stands at `end`: a place of the lexicon, of up to three words and region_reach bytes.
bool Sweep::before_a_place(std::size_t end) const {
  if (text_.substr(end, 2) != ", " || !capital(text_, end + 2)) return false;
  const std::size_t begin = end + 2;
  std::size_t at = begin;
  for (int words = 0; words < 3; ++words) {
    while (at < text_.size() && at - begin <= region_reach && letter(text_, at) > 0) at += letter(text_, at);
    if (at == begin || at - begin > region_reach) return false;
    if (at < text_.size() && is_word_byte(text_[at])) return false;
    const Flags flags = tables_.lexicon.find(slice(begin, at));
    if ((flags & flag::place) != 0) return (flags & (flag::common | flag::given)) == 0;
    if (at >= text_.size() || text_[at] != ' ' || !capital(text_, at + 1)) return false;
    ++at;
  }
  return false;
}

// Words first to last (exclusive) are a town, or stand where a town stands: adds it.
bool Sweep::place(std::size_t first, std::size_t last, Cue cue, const Neighbour& nearest) {
  const std::size_t count = last - first, from = words_[first].start, to = words_[last - 1].end;
  if (count > 4 || to - from > 40 || words_[first].mixed || words_[first].shouted) return false;
  const Word& word = words_[first];
  const Listed all = count == 1 ? word.listed : (word.listed & listed::several) != 0 ? listed_of(slice(from, to)) : 0;
  const bool town = (all & listed::town) != 0;
  const bool unsure = (all & (listed::given | listed::surname | listed::ordinary)) != 0 ||
                      (count == 1 && (word.flags & (flag::given | flag::common | flag::month)) != 0);
  if (from <= address_end_ + 3 && address_end_ > 0 && from > address_end_ && count <= 3 &&
      std::ranges::all_of(slice(address_end_, from), [](char c) { return c == ' ' || c == ',' || c == '\n'; }) &&
      slice(address_end_, from).find_first_of(",\n") != std::string_view::npos) {
    add("town_of_address", "location", from, to, 0.6F);
    return true;
  }
  const bool listing = from >= 2 && text_[from - 2] == ',';
  if (!listing && (town || (count == 1 && to - from > 3)) && before_a_place(to) && (town || likeness(word) > 8)) {
    add("town_with_region", "location", from, to, 0.65F);
    return true;
  }
  if (!town) return false;
  const bool told = cue == Cue::place || cue == Cue::far_place;
  if (unsure && !told) return false;
  const Position position = position_of(from, nearest);
  const bool prose = position == Position::start || position == Position::sentence;
  add("town", "location", from, to, told ? 0.65F : prose ? 0.55F : 0.4F);
  return true;
}

// Words that the lexicon does not know, with something beside them that says what they are: adds a place or a company
// and returns true, or raises `score` of a person.
bool Sweep::announced(std::size_t first, std::size_t last, Cue cue, float& score) {
  const std::size_t from = words_[first].start, to = words_[last - 1].end;
  const bool short_name = last - first <= 3;
  if (cue == Cue::person && likeness(words_[first]) > -40) {
    score = std::max(score, last - first > 1 ? 0.75F : 0.6F);
    return false;
  }
  if (cue == Cue::company && short_name) {
    add("employer", "organization", from, to, 0.6F);
    return true;
  }
  if (words_[first].shouted || words_[first].mixed) return false;
  if (to - from < 3) return false;
  const bool town = (words_[first].listed & (listed::town | listed::several)) != 0;
  if (cue == Cue::place && short_name && (town || (words_[first].listed & listed::ordinary) == 0)) {
    add("residence", "location", from, to, 0.6F);
    return true;
  }
  if (cue == Cue::far_place && short_name) {
    const Likeness all = likeness_of(first, last);
    const bool person = last - first > 1 && (all.listed_given > 0 || all.listed_surname);
    if (all.least > -40 && to - from > 3 && !person) {
      add("residence", "location", from, to, 0.55F);
      return true;
    }
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

}  // namespace sluice::guard::pii
