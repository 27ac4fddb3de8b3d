// One compiled database of Hyperscan and what makes it. Private to libs/guard/pattern_*.cpp.
#pragma once
#include <hs/hs.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/handle.h"
#include "guard/pattern_database.h"

namespace sluice::guard {

inline void free_database(hs_database_t* database) {
  ::hs_free_database(database);
}
using DatabaseHandle = Handle<hs_database_t, free_database>;
using ShardKey = std::array<char, 32>;

struct Shard {
  DatabaseHandle database;
  ShardKey key{};           // of patterns, Hyperscan's version and the processor's features
  bool characters = false;  // must see valid UTF-8
};

struct ShardOutcome {
  Shard shard;
  std::vector<PatternRefusal> refused{};
  std::string failure{};
};

// The patterns must be of one form.
ShardKey key_of(std::span<const Pattern> patterns);
ShardOutcome compile_shard(std::span<const Pattern> patterns);

std::string write_shards(std::span<const Shard> shards);  // empty when Hyperscan fails
Result<std::vector<Shard>> read_shards(std::string_view text);

}  // namespace sluice::guard
