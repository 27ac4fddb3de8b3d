// Words that mean something for personal data: names, places, company forms, parts of addresses, context words.
// One hash table from the folded word (lower case, Latin letters without their accents) to flags. Immutable.
//
// Most words of a text are not in it, and a look must cost little: the hash reads eight bytes at a time and folds
// ASCII on the way, and two bit fields that stay in the first-level cache answer "no" for most of what is not there.
// The table keeps 46 bits of the hash in place of the word; a word that shares them with another is taken for it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice::guard::pii {

using Flags = std::uint32_t;
namespace flag {
// What the word is.
constexpr Flags given = 1U << 0;        // a given name
constexpr Flags ambiguous = 1U << 1;    // a given name that is a common word or a place as well
constexpr Flags title = 1U << 2;        // Mr, Dr, Frau
constexpr Flags common = 1U << 3;       // capitalised for other reasons than being a name
constexpr Flags place = 1U << 4;        // country, state or large city
constexpr Flags company = 1U << 5;      // Inc, GmbH
constexpr Flags institution = 1U << 6;  // University, Bank
constexpr Flags street = 1U << 7;       // Street, Avenue: after the name
constexpr Flags way = 1U << 8;          // rue, via, calle: before the name
constexpr Flags month = 1U << 9;
constexpr Flags particle = 1U << 10;     // de, van
constexpr Flags person_verb = 1U << 11;  // says, lives
constexpr Flags state_code = 1U << 12;   // CO, WA
constexpr Flags organization = 1U << 13;
constexpr Flags preposition = 1U << 14;  // in, at, for: between a cue and what it announces
constexpr Flags relation = 1U << 15;     // wife, colleague: a name follows
constexpr Flags work = 1U << 27;         // works, employed: a company follows a preposition
constexpr Flags residence = 1U << 28;    // lives, located: a place follows a preposition
constexpr Flags several = 1U << 29;      // an entry of several words begins with it
// What its nearness says.
constexpr Flags near_phone = 1U << 16;
constexpr Flags near_card = 1U << 17;
constexpr Flags near_iban = 1U << 18;
constexpr Flags near_id = 1U << 19;
constexpr Flags near_passport = 1U << 20;
constexpr Flags near_licence = 1U << 21;
constexpr Flags near_birth = 1U << 22;
constexpr Flags near_address = 1U << 23;
constexpr Flags near_ip = 1U << 24;
constexpr Flags near_crypto = 1U << 25;
constexpr Flags near_machine = 1U << 26;  // order, version, serial: numbers that name things
constexpr Flags nearness = 0x07FF0000U;
}  // namespace flag

// Writes the folded form of UTF-8 `word` into `out` and returns it; empty when it does not fit.
std::string_view fold(std::string_view word, char* out, std::size_t capacity) noexcept;

class Lexicon {
 public:
  Lexicon();
  [[nodiscard]] Flags find(std::string_view word) const noexcept;     // any case; may hold single blanks
  [[nodiscard]] Flags find_hash(std::uint64_t hash) const noexcept;   // of word_hash()
  [[nodiscard]] Flags context(std::string_view word) const noexcept;  // what its nearness says, else 0

 private:
  static constexpr std::size_t slots = 1U << 14;  // a power of two, about three times the words
  static constexpr std::size_t known_bits = 1U << 16;
  static constexpr std::size_t context_bits = 1U << 13;
  struct Slot {
    std::uint32_t tag = 0;
    Flags flags = 0;  // 0: free
  };
  void add(std::string_view list, Flags flags);
  void put(std::string_view word, Flags flags);
  std::vector<Slot> table_;
  std::array<std::uint64_t, known_bits / 64> known_{};
  std::array<std::uint64_t, context_bits / 64> context_{};
};

}  // namespace sluice::guard::pii
