// Words that carry grammar rather than matter, in English. A sentence with only these kept is its skeleton: "write a X
// about the X" is the same order whatever it is about.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::guard {

inline constexpr std::uint32_t word_seed = 0x7654321U;
constexpr std::uint32_t mix(std::uint32_t hash, std::uint32_t c) noexcept {
  return (hash ^ (c + 1)) * 0x9E3779B1U;
}
constexpr std::uint32_t hash_of(std::string_view word) noexcept {
  std::uint32_t hash = word_seed;
  for (const char c : word) hash = mix(hash, static_cast<unsigned char>(c));
  return hash;
}

enum class WordClass : std::uint8_t { matter, grammar, first_person, second_person };

namespace function_words {

inline constexpr std::string_view first_person =
    "i me my mine myself we us our ours i'm i've i'd i'll we're we've we'd we'll ";
inline constexpr std::string_view second_person = "you your yours yourself you're you've you'd you'll ";
inline constexpr std::string_view grammar =
    "a an the this that these those it its it's he she they them their his her him who whom whose which what when "
    "where "
    "why how if then else than as so because while until before after during since although though unless whether and "
    "or but nor not no yes never always also just only even still yet already again instead now here there please let "
    "let's do does did done doing don't doesn't didn't can can't cannot could couldn't will won't would wouldn't shall "
    "should shouldn't may might must is isn't are aren't was wasn't were weren't be been being am have haven't has "
    "hasn't "
    "had having to of in on at by for from with without within into onto out over under about above below between "
    "through against across along around behind off up down near per via any all each every some many much more most "
    "few less both either neither other another such same own one two three first last next new following previous "
    "something anything nothing everything someone anyone nobody everyone thing get gets got make makes made want need "
    "like use using used give tell say ask know see think try hi hello dear thanks thank regards sorry ok oh ";

}  // namespace function_words

// Open addressing; made by the compiler.
class FunctionWords {
 public:
  constexpr FunctionWords() {
    add(function_words::first_person, WordClass::first_person);
    add(function_words::second_person, WordClass::second_person);
    add(function_words::grammar, WordClass::grammar);
  }
  [[nodiscard]] constexpr WordClass of(std::uint32_t hash) const noexcept {
    for (std::size_t at = hash >> 22U; classes_[at] != WordClass::matter; at = (at + 1) % slots)
      if (hashes_[at] == hash) return classes_[at];
    return WordClass::matter;
  }

 private:
  static constexpr std::size_t slots = 1024;

  constexpr void add(std::string_view words, WordClass kind) {
    for (std::size_t space = words.find(' '); space != std::string_view::npos; space = words.find(' ')) {
      const std::uint32_t hash = hash_of(words.substr(0, space));
      std::size_t at = hash >> 22U;
      while (classes_[at] != WordClass::matter) at = (at + 1) % slots;
      hashes_[at] = hash;
      classes_[at] = kind;
      words.remove_prefix(space + 1);
    }
  }

  std::array<std::uint32_t, slots> hashes_{};
  std::array<WordClass, slots> classes_{};
};

inline constexpr FunctionWords all_function_words;

}  // namespace sluice::guard
