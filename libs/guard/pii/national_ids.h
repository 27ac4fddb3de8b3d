// Numbers by which states know people: formats and check digits of 31 countries. Pure; threads: any.
//
// The score says how much the number alone proves: a long number with two check digits and a birthday in it proves
// much, nine digits with one check digit prove little (every tenth number passes) and stay below the threshold until
// a context word is near.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace sluice::guard::pii {

struct IdMatch {
  std::string_view rule{};
  float score = 0;
};

struct IdMatches {
  std::array<IdMatch, 8> rows{};
  std::size_t count = 0;
  void add(std::string_view rule, float score) {
    if (count < rows.size()) rows[count++] = {rule, score};
  }
};

// `shape` is the number with every digit run replaced by its length: "3-2-4" for 123-45-6789, "9" for nine digits.
IdMatches digit_ids(std::string_view digits, std::string_view shape);

// `token` in upper case, without blanks, dots and hyphens ('-', '+' of Finland's kept by the caller in `raw`).
IdMatches letter_ids(std::string_view token, std::string_view raw);

}  // namespace sluice::guard::pii
