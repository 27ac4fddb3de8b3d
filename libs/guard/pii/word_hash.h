// Private to libs/guard/pii: the hash under which Lexicon and Register keep words. Inline, because every capitalised
// word of a text is hashed once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "guard/pii/lexicon.h"

namespace sluice::guard::pii {

inline constexpr std::size_t longest_entry = 48;

template <class Word>
inline std::uint64_t load(const char* at) noexcept {
  Word value{};
  std::memcpy(&value, at, sizeof value);
  return value;
}

struct Hashed {
  std::uint64_t hash = 0;
  bool ascii = true;
};

// Bit 0x20 is set in every byte, which lowers ASCII letters and leaves digits, blanks, hyphens and apostrophes alone.
[[gnu::always_inline]] inline Hashed hash_of(std::string_view word) noexcept {
  constexpr std::uint64_t small = 0x2020202020202020U, high = 0x8080808080808080U, odd = 0x9E3779B97F4A7C15U;
  std::uint64_t h = word.size() * odd, all = 0;
  const auto mix = [&](std::uint64_t bytes) {
    all |= bytes;
    h = (h ^ (bytes | small)) * odd;
    h ^= h >> 29;
  };
  const char* at = word.data();
  std::size_t left = word.size();
  for (; left > 8; left -= 8, at += 8) mix(load<std::uint64_t>(at));
  if (left >= 4)
    mix(load<std::uint32_t>(at) | load<std::uint32_t>(at + left - 4) << 32);
  else if (left >= 2)
    mix(load<std::uint16_t>(at) | load<std::uint16_t>(at + left - 2) << 16);
  else if (left == 1)
    mix(static_cast<std::uint8_t>(*at));
  h *= 0xD6E8FEB86659FD93U;
  return {h ^ h >> 32, (all & high) == 0};
}

// The same for all forms of a word that fold to one; 0 for an empty word and for one that is longer than any entry.
[[gnu::always_inline]] inline std::uint64_t word_hash(std::string_view word) noexcept {
  if (word.empty() || word.size() > longest_entry) return 0;
  const Hashed hashed = hash_of(word);
  if (hashed.ascii) return hashed.hash;
  char buffer[longest_entry + 2];
  return hash_of(fold(word, buffer, sizeof buffer)).hash;
}

}  // namespace sluice::guard::pii
