#include "guard/injection/model.h"

namespace sluice::guard {
namespace {

// Written by tools/train-injection: `weight_unit` and `weights`, one per head for every bucket.
#include "guard/injection/weights.inc"

static_assert(sizeof(weights) == feature_buckets * heads);

using Sums = std::array<std::int32_t, heads>;

void add(Sums& sums, std::uint32_t bucket) noexcept {
  const std::int8_t* row = weights + std::size_t{bucket} * heads;
  for (std::size_t i = 0; i < heads; ++i) sums[i] += row[i];
}

}  // namespace

Evidence evidence_of(std::string_view segment) noexcept {
  const CleanSegment clean(segment);
  Sums characters{};
  Sums words{};
  const std::uint32_t count = each_character_feature(clean, [&](std::uint32_t bucket) { add(characters, bucket); });
  const std::uint32_t more = each_word_feature(clean, [&](std::uint32_t bucket) { add(words, bucket); });
  Evidence evidence;
  evidence.features = static_cast<float>(count + more * word_times);
  for (std::size_t i = 0; i < heads; ++i)
    evidence.sum[i] =
        weight_unit * static_cast<float>(characters[i] + words[i] * static_cast<std::int32_t>(word_times));
  return evidence;
}

}  // namespace sluice::guard
