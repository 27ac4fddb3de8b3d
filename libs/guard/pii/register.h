// Given names, surnames and towns of many countries, generated from the locales of a library for made-up data
// (tools/generate_register.mjs), and words that say what the name beside them is. The lexicon holds what is sure; a hit
// in here is evidence that the sweep weighs with what stands around it.
//
// Only capitalised words are looked up, so the table may be larger than the lexicon's. It keeps 35 bits of a word's
// hash in place of the word.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice::guard::pii {

using Listed = std::uint16_t;
namespace listed {
constexpr Listed given = 1U << 0;
constexpr Listed surname = 1U << 1;
constexpr Listed town = 1U << 2;
constexpr Listed ordinary = 1U << 3;    // some dictionary has it in small letters
constexpr Listed several = 1U << 4;     // begins a town of several words
constexpr Listed house = 1U << 5;       // Klinikum, Grupo: the name of a company or an institution begins with it
constexpr Listed firm = 1U << 6;        // Firma, société: the name of a company follows
constexpr Listed article = 1U << 7;     // the, your: what follows is no person
constexpr Listed place_noun = 1U << 8;  // Bahnhof, gare: the name of a place follows
constexpr Listed form = 1U << 9;        // Services, Logistics: ends the name of a company when a proper name precedes
constexpr Listed beside = 1U << 10;     // near, cerca: a place follows, with or without a preposition
constexpr Listed journey = 1U << 11;    // moved, train: a place may follow a preposition
constexpr Listed to_person = 1U << 12;  // ask, remind: a person follows
constexpr Listed road = 1U << 13;       // Street, Avenue: means one without a number as well
}  // namespace listed

class Register {
 public:
  static constexpr std::size_t slots = 1U << 17;
  Register();
  [[nodiscard]] Listed find(std::uint64_t hash) const noexcept {  // of word_hash()
    return (known_[hash % known_bits / 64] >> hash % 64 & 1) == 0 ? Listed{0} : look_up(hash);
  }

 private:
  static constexpr std::uint32_t flag_bits = 14;
  static_assert(listed::road < 1U << flag_bits, "the largest flag lies below the tag");
  [[nodiscard]] Listed look_up(std::uint64_t hash) const noexcept;
  void add(std::string_view list, char separator, Listed flags);
  void put(std::string_view word, Listed flags);
  static constexpr std::size_t known_bits = 1U << 19;
  std::vector<std::uint64_t> known_;  // answers "no" for most of what is not there
  std::vector<std::uint32_t> table_;  // upper bits: of the hash; lower ones: Listed; 0: free
};

}  // namespace sluice::guard::pii
