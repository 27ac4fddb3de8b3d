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
  std::uint32_t base = 0;   // of the patterns' ids: inside they are counted from it
};

struct ShardOutcome {
  Shard shard;
  std::vector<PatternRefusal> refused{};
  std::string failure{};
};

// The patterns must be of one form. Ids in a database and in its key are counted from the smallest of them, so that a
// shard stays the same when the patterns in front of it become more or fewer.
std::uint32_t base_of(std::span<const Pattern> patterns);
ShardKey key_of(std::span<const Pattern> patterns);
ShardOutcome compile_shard(std::span<const Pattern> patterns);

std::string write_shards(std::span<const Shard> shards);  // empty when Hyperscan fails
Result<std::vector<Shard>> read_shards(std::string_view text);

}  // namespace sluice::guard
