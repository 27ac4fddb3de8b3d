#include "guard/pii/register.h"

#include <algorithm>

#include "guard/pii/lexicon.h"
#include "guard/pii/word_hash.h"
#include "guard/pii/word_lists.h"

namespace sluice::guard::pii {
namespace {

struct Row {
  const char* what;
  const char* words;
};
#define REGISTER(what, words) {what, words},
constexpr Row rows[] = {
#include "guard/pii/register.inc"
};
#undef REGISTER

Listed flags_of(std::string_view what) noexcept {
  Listed flags = 0;
  for (const char c : what)
    flags |= c == 'g' ? listed::given : c == 's' ? listed::surname : c == 't' ? listed::town : listed::ordinary;
  return flags;
}

}  // namespace

Register::Register() : known_(known_bits / 64), table_(slots) {
  for (const Row& row : rows) {
    const std::string_view words = row.words;
    add(words, words.contains('|') ? '|' : ' ', flags_of(row.what));
  }
  for (const CueList& list : register_cues()) add(list.words, list.words.contains('|') ? '|' : ' ', list.listed);
}

void Register::add(std::string_view list, char separator, Listed flags) {
  while (!list.empty()) {
    const std::size_t cut = std::min(list.find(separator), list.size());
    const std::string_view word = list.substr(0, cut);
    list.remove_prefix(std::min(cut + 1, list.size()));
    if (word.empty()) continue;
    put(word, flags);
    if (const std::size_t blank = word.find(' '); blank != std::string_view::npos)
      put(word.substr(0, blank), listed::several);
  }
}

// A word that word_hash() does not take would stand for all of its kind; a test says that there is none.
void Register::put(std::string_view word, Listed flags) {
  const std::uint64_t hash = word_hash(word);
  const auto tag = static_cast<std::uint32_t>(hash >> 32) >> flag_bits << flag_bits;
  std::size_t slot = hash & (slots - 1);
  while (table_[slot] != 0 && table_[slot] >> flag_bits << flag_bits != tag) slot = (slot + 1) & (slots - 1);
  table_[slot] |= tag | flags;
  known_[hash % known_bits / 64] |= std::uint64_t{1} << hash % 64;
}

Listed Register::look_up(std::uint64_t hash) const noexcept {
  const auto tag = static_cast<std::uint32_t>(hash >> 32) >> flag_bits << flag_bits;
  for (std::size_t slot = hash & (slots - 1); table_[slot] != 0; slot = (slot + 1) & (slots - 1))
    if (table_[slot] >> flag_bits << flag_bits == tag)
      return static_cast<Listed>(table_[slot] & ((1U << flag_bits) - 1));
  return 0;
}

}  // namespace sluice::guard::pii
