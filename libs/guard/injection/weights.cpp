#include "guard/injection/model.h"

namespace sluice::guard {
namespace {

// Written by tools/train-injection: `weight_unit` and `weights`, one per head for every bucket.
#include "guard/injection/weights.inc"

static_assert(sizeof(weights) == feature_buckets * heads);

}  // namespace

const WeightTable& trained_weights() noexcept {
  static constexpr WeightTable table{weights, weight_unit};
  return table;
}

}  // namespace sluice::guard
