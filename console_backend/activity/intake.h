// Takes the audit records of gateways and devices.
//
// A record is stored once however often it is sent (origin, sequence). The hash chain is verified on the way in: a
// break, a gap or a record that cannot be read becomes a finding, and the record is kept all the same, because a lost
// row hides more than a doubtful one. What take() answers for is committed and synced.
// Blocks (database). Threads: any.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/database.h"
#include "wire/device_api.h"

namespace sluice::console {

struct Taken {
  std::int64_t accepted_through = 0;  // the last sequence that is stored
  std::int64_t stored = 0;            // without what was there already
  std::int64_t findings = 0;
  std::set<std::string> apps;                // named by the stored records
  std::map<std::string, std::string> users;  // the last one that the stored records name, by device
};

// forbidden when the batch's origin, or a record's, is not `peer`; malformed naming the record when it has no sequence.
Result<Taken> take_events(store::Database& audit, std::string_view peer, wire::Party kind,
                          const wire::EventsRequest& batch, TimePoint now);

struct Finding {
  std::string id;
  TimePoint time;
  std::string kind;  // "chain_broken", "gap", "unreadable", "foreign"
  std::string origin;
  std::int64_t sequence = 0;
  std::string detail;
};
std::vector<Finding> findings(store::Session& audit, std::size_t limit);

}  // namespace sluice::console
