#include "guard/injection/verdict.h"

namespace sluice::guard {
namespace {

// Written by tools/train-injection: `trained_verdict`.
#include "guard/injection/verdict.inc"

}  // namespace

const VerdictNetwork& verdict_network() noexcept {
  return trained_verdict;
}

}  // namespace sluice::guard
