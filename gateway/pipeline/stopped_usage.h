// What a streamed answer cost that a guardrail stopped. Most providers tell it with the last event, which never came;
// they charge for what they wrote all the same. Pure.
#pragma once
#include <cstddef>

#include "dialect/usage.h"

namespace sluice::gateway {

struct StoppedUsage {
  dialect::Usage usage;
  bool estimated = false;
};

// What the provider said so far stands. Where it said nothing, a token is taken for four bytes of text, of the request
// and of what came of the answer. Messages begin with the request's true count and a first guess at the answer, so
// there the answer is estimated unless more was told.
StoppedUsage usage_when_stopped(dialect::Operation operation, const dialect::Usage& seen, std::size_t request_bytes,
                                std::size_t answer_bytes) noexcept;

}  // namespace sluice::gateway
