// The audit chains as they arrived, for whoever verifies them: the chained lines (audit/chain.h) of one origin after
// the other.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.h"

namespace sluice::console {

struct ChainHead {
  std::string origin;
  std::string kind;  // "device" or "gateway"
  std::int64_t last_sequence = 0;
  std::string last_hash;  // hex; empty after a break that no record has followed yet
};
// In order of origin.
std::vector<ChainHead> chain_heads(store::Session& audit);
// Lines of the origin with a sequence above `after`, at most `limit`, in order.
struct ChainLine {
  std::int64_t sequence = 0;
  std::string text;
};
std::vector<ChainLine> chain_lines(store::Session& audit, std::string_view origin, std::int64_t after,
                                   std::int64_t limit);

}  // namespace sluice::console
