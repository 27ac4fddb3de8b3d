#include "guard/pii/lexicon.h"

#include "guard/pii/word_hash.h"
#include "guard/pii/word_lists.h"

namespace sluice::guard::pii {
namespace {

// Base letters of U+00C0 to U+017F; '\0' for what has no single one, and for signs.
constexpr std::string_view latin1 = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty";
constexpr std::string_view latin_a =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
    "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(latin1.size() == 64 && latin_a.size() == 128);

}  // namespace

std::string_view fold(std::string_view word, char* out, std::size_t capacity) noexcept {
  std::size_t n = 0;
  std::size_t i = 0;
  for (; i < word.size() && i + 2 < capacity && static_cast<std::uint8_t>(word[i]) < 0x80; ++i)
    out[n++] = static_cast<char>(word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 32 : word[i]);
  for (; i < word.size(); ++i) {
    if (n + 2 > capacity) return {};
    const auto byte = static_cast<std::uint8_t>(word[i]);
    const auto next = i + 1 < word.size() ? static_cast<std::uint8_t>(word[i + 1]) : std::uint8_t{0};
    if (byte < 0x80) {
      out[n++] = static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
    } else if (byte == 0xC3 && next == 0x9F) {  // ß
      out[n++] = 's';
      out[n++] = 's';
      ++i;
    } else if (byte == 0xC3 && next >= 0x80) {
      out[n++] = latin1[next & 0x3FU];
      ++i;
    } else if ((byte == 0xC4 || byte == 0xC5) && next >= 0x80) {
      out[n++] = latin_a[(byte & 1U) * 64 + (next & 0x3FU)];
      ++i;
    } else if (byte == 0xCE && next >= 0x91 && next <= 0x9F) {  // Greek Α to Ο
      out[n++] = word[i++];
      out[n++] = static_cast<char>(next + 0x20);
    } else if (byte == 0xCE && next >= 0xA0 && next <= 0xA9) {  // Π to Ω
      out[n++] = '\xCF';
      out[n++] = static_cast<char>(next - 0x20);
      ++i;
    } else if (byte == 0xD0 && next >= 0x90 && next <= 0x9F) {  // Cyrillic А to П
      out[n++] = word[i++];
      out[n++] = static_cast<char>(next + 0x20);
    } else if (byte == 0xD0 && next >= 0xA0 && next <= 0xAF) {  // Р to Я
      out[n++] = '\xD1';
      out[n++] = static_cast<char>(next - 0x20);
      ++i;
    } else {
      out[n++] = static_cast<char>(byte);
    }
  }
  return {out, n};
}

Lexicon::Lexicon() : table_(slots) {
  for (const WordList& list : word_lists()) add(list.words, list.flags);
  for (const WordList& list : cue_lists()) add(list.words, list.flags);
  for (const WordList& list : more_cue_lists()) add(list.words, list.flags);
}

// Words are separated by '|' or blanks' place: a list that holds a '|' is split at those only.
void Lexicon::add(std::string_view list, Flags flags) {
  const char separator = list.contains('|') ? '|' : ' ';
  while (!list.empty()) {
    const std::size_t cut = list.find(separator);
    const std::string_view word = list.substr(0, cut);
    list = cut == std::string_view::npos ? std::string_view() : list.substr(cut + 1);
    if (word.empty()) continue;
    put(word, flags);
    if (const std::size_t blank = word.find_first_of(" .&"); blank != std::string_view::npos)
      put(word.substr(0, blank), flag::several);
  }
}

void Lexicon::put(std::string_view word, Flags flags) {
  const std::uint64_t hash = hash_of(word).hash;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t slot = hash & (slots - 1);
  while (table_[slot].flags != 0 && table_[slot].tag != tag) slot = (slot + 1) & (slots - 1);
  table_[slot].tag = tag;
  table_[slot].flags |= flags;
  known_[hash % known_bits / 64] |= std::uint64_t{1} << hash % 64;
  if ((flags & flag::nearness) != 0) context_[hash % context_bits / 64] |= std::uint64_t{1} << hash % 64;
}

Flags Lexicon::find_hash(std::uint64_t hash) const noexcept {
  if ((known_[hash % known_bits / 64] >> hash % 64 & 1) == 0) return 0;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t slot = hash & (slots - 1); table_[slot].flags != 0; slot = (slot + 1) & (slots - 1))
    if (table_[slot].tag == tag) return table_[slot].flags;
  return 0;
}

Flags Lexicon::find(std::string_view word) const noexcept {
  return find_hash(word_hash(word));
}

Flags Lexicon::context(std::string_view word) const noexcept {
  const std::uint64_t hash = word_hash(word);
  if ((context_[hash % context_bits / 64] >> hash % 64 & 1) == 0) return 0;
  return find_hash(hash) & flag::nearness;
}

}  // namespace sluice::guard::pii
