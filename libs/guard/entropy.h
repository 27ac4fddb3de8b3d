// Shannon entropy of a text in bits per byte: 0 for one repeated byte, at most log2 of the number of different bytes.
#pragma once
#include <string_view>

namespace sluice::guard {

double entropy(std::string_view text) noexcept;

}  // namespace sluice::guard
