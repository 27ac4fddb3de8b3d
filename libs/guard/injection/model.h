// The trained weights of the linear heads. Immutable data of the program.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "guard/injection/features.h"

namespace sluice::guard {

// Sums over a stretch of text; sums of neighbours add.
struct Evidence {
  std::array<float, heads> sum{};
  float features = 0;

  void add(const Evidence& other) noexcept {
    for (std::size_t i = 0; i < heads; ++i) sum[i] += other.sum[i];
    features += other.features;
  }
  void subtract(const Evidence& other) noexcept {
    for (std::size_t i = 0; i < heads; ++i) sum[i] -= other.sum[i];
    features -= other.features;
  }
  // Log-odds of the heads' questions; 0 for no text.
  [[nodiscard]] std::array<float, heads> odds() const noexcept {
    std::array<float, heads> odds{};
    const float norm = 1.0F / feature_norm(static_cast<std::size_t>(features));
    for (std::size_t i = 0; i < heads; ++i) odds[i] = sum[i] * norm;
    return odds;
  }
};

Evidence evidence_of(std::string_view segment) noexcept;

}  // namespace sluice::guard
