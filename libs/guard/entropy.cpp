#include "guard/entropy.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace sluice::guard {

double entropy(std::string_view text) noexcept {
  if (text.empty()) return 0;
  std::array<std::uint32_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  const double size = static_cast<double>(text.size());
  double bits = 0;
  for (const std::uint32_t count : counts)
    if (count != 0) bits -= count / size * std::log2(count / size);
  return bits;
}

}  // namespace sluice::guard
