// Money is whole nano-dollars; prices are per million tokens. Rounding lives in `cost_of` alone: up, so that a
// charge is never below the provider's.
#pragma once
#include <compare>
#include <cstdint>

namespace sluice {

struct Money {
  std::int64_t nanodollars = 0;
  auto operator<=>(const Money&) const = default;
  constexpr Money operator+(Money other) const { return {nanodollars + other.nanodollars}; }
  constexpr Money operator-(Money other) const { return {nanodollars - other.nanodollars}; }
};

struct TokenCount {
  std::int64_t value = 0;
  auto operator<=>(const TokenCount&) const = default;
};

struct PricePerMillion {
  std::int64_t nanodollars = 0;
};

constexpr Money cost_of(TokenCount tokens, PricePerMillion price) {
  const __int128 product = static_cast<__int128>(tokens.value) * price.nanodollars;
  return {static_cast<std::int64_t>((product + 999'999) / 1'000'000)};
}
static_assert(cost_of({1'000'000}, {3'000'000'000}).nanodollars == 3'000'000'000);
static_assert(cost_of({1}, {3'000'000'000}).nanodollars == 3'000);
static_assert(cost_of({1}, {1}).nanodollars == 1);

}  // namespace sluice
