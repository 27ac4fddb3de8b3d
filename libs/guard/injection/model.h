// The trained weights. Immutable data of the program.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "guard/injection/features.h"

namespace sluice::guard {

// Sums over a stretch of text; sums of neighbours add.
struct Evidence {
  std::array<std::int32_t, heads> sum{};
  std::uint32_t features = 0;

  void add(const Evidence& other) noexcept;
  void subtract(const Evidence& other) noexcept;
};

Evidence evidence_of(std::string_view segment) noexcept;

// Log-odds of the head's question; 0 for no text.
float log_odds(const Evidence& evidence, Head head) noexcept;

}  // namespace sluice::guard
