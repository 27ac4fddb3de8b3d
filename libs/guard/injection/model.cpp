#include "guard/injection/model.h"

namespace sluice::guard {
namespace {

// Written by tools/train-injection: `weight_unit`, `biases` per head and `weights`, four per bucket.
#include "guard/injection/weights.inc"

static_assert(sizeof(weights) == feature_buckets * heads);

}  // namespace

void Evidence::add(const Evidence& other) noexcept {
  for (std::size_t i = 0; i < heads; ++i) sum[i] += other.sum[i];
  features += other.features;
}

void Evidence::subtract(const Evidence& other) noexcept {
  for (std::size_t i = 0; i < heads; ++i) sum[i] -= other.sum[i];
  features -= other.features;
}

Evidence evidence_of(std::string_view segment) noexcept {
  Evidence evidence;
  evidence.features = each_feature(segment, [&](std::uint32_t bucket, int times) {
    for (std::size_t i = 0; i < heads; ++i) evidence.sum[i] += times * weights[bucket * heads + i];
  });
  return evidence;
}

float log_odds(const Evidence& evidence, Head head) noexcept {
  if (evidence.features == 0) return 0;
  const auto index = static_cast<std::size_t>(head);
  return biases[index] + weight_unit * static_cast<float>(evidence.sum[index]) / feature_norm(evidence.features);
}

}  // namespace sluice::guard
