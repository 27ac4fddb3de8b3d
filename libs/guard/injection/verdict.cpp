#include "guard/injection/verdict.h"

#include <algorithm>

namespace sluice::guard {

float VerdictNetwork::log_odds(const std::array<float, window_inputs>& inputs, Host host) const noexcept {
  float sum = bias + host_bias[static_cast<std::size_t>(host)];
  std::array<float, verdict_units> units = hidden_bias;
  for (std::size_t i = 0; i < window_inputs; ++i) {
    const float input = inputs[i];
    if (input == 0) continue;
    for (std::size_t unit = 0; unit < verdict_units; ++unit) units[unit] += hidden[i][unit] * input;
    sum += direct[i] * input;
  }
  std::array<float, 8> lanes{};
  for (std::size_t unit = 0; unit < verdict_units; unit += lanes.size())
    for (std::size_t lane = 0; lane < lanes.size(); ++lane)
      lanes[lane] += out[unit + lane] * std::max(0.0F, units[unit + lane]);
  for (const float lane : lanes) sum += lane;
  return sum;
}

float pattern_log_odds(const Window& window) noexcept {
  constexpr float most = 9, doubt = 3;
  float sum = 0;
  for (const float weight : window.patterns) sum += weight;
  if (sum == 0) return -most;
  const float attack = window.odds[static_cast<std::size_t>(Head::attack)];
  return std::min(sum, most) - doubt + 0.4F * std::clamp(attack, -4.0F, 4.0F);
}

}  // namespace sluice::guard
