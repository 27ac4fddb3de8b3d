// The last word on a window: a network of one hidden layer over context.h's numbers. Immutable data of the program,
// written by tools/train-injection.
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "guard/injection/context.h"

namespace sluice::guard {

inline constexpr std::size_t verdict_units = 40;  // five networks of eight, trained apart and averaged

struct VerdictNetwork {
  std::array<std::array<float, verdict_units>, window_inputs> hidden{};  // by input, so that sums run side by side
  std::array<float, verdict_units> hidden_bias{};
  std::array<float, verdict_units> out{};
  std::array<float, window_inputs> direct{};  // from the inputs past the hidden layer
  float bias = 0;
  std::array<float, 4> host_bias{};  // per Host: how sure one has to be there

  // Log-odds that the window holds an order; 0 is where a finding becomes a hit.
  [[nodiscard]] float log_odds(const std::array<float, window_inputs>& inputs, Host host) const noexcept;
};

const VerdictNetwork& verdict_network() noexcept;

// What the phrasings found in a window say on their own, if the words do not speak against it. Patterns are written not
// to match harmless text, so the network may not overrule several of them.
float pattern_log_odds(const Window& window) noexcept;

}  // namespace sluice::guard
