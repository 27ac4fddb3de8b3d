// Private to libs/guard/pii: endings by which surnames and streets are known.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "guard/pii/characters.h"

namespace sluice::guard::pii {

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

inline constexpr Endings surnames({"son",     "sen",   "ova", "ski", "ska",  "sky",  "vic",  "ovich", "enko", "escu",
                                   "opoulos", "oglu",  "ez",  "ini", "elli", "etti", "inen", "berg",  "mann", "strom",
                                   "dottir",  "quist", "ev",  "ov",  "ic",   "yan",  "wicz", "czyk"});
inline constexpr Endings streets({"strasse", "str",   "gasse", "weg",  "platz", "allee", "laan",  "straat", "plein",
                                  "gracht",  "gatan", "vagen", "gata", "veien", "vej",   "gade",  "katu",   "tie",
                                  "kuja",    "steig", "damm",  "ufer", "lei",   "dreef", "gaten", "alle"});

}  // namespace sluice::guard::pii
