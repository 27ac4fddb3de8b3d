// Private to libs/audit: what a spool finds in its folder when it opens.
#pragma once
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "audit/segment.h"
#include "audit/spool.h"

namespace sluice::audit {

struct Segment {
  std::filesystem::path path;
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
};

struct Recovered {
  std::deque<Segment> segments{};  // the last one is written on; empty in a new folder
  std::uint64_t next_sequence = 1;
  Hash last_hash{};
  std::uint64_t acknowledged = 0;
  std::unordered_map<std::string, std::uint64_t> open{};  // request id → sequence of its intent
  std::vector<std::string> open_in_order{};
  Recovery counts{};
};
Result<Recovered> recover(const std::filesystem::path& folder, const std::string& origin);

// The file "acknowledged": how far the records have arrived, with the hash there, so that a chain is never begun anew
// even when all segments are lost.
struct Acknowledged {
  std::uint64_t sequence = 0;
  Hash hash{};
};
Result<Acknowledged> read_acknowledged(const std::filesystem::path& folder);
Result<void> write_acknowledged(const std::filesystem::path& folder, const Acknowledged& acknowledged);

}  // namespace sluice::audit
