// What must be answered without the database: who is revoked, and when each device and gateway was last heard of.
// Check-ins stay here and are written once a minute, so that ten thousand polling devices cost no writes.
// Threads: any.
#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "console_backend/devices/devices.h"

namespace sluice::console {

class Presence {
 public:
  void load_revoked(std::vector<std::string> ids);
  void revoke(std::string id);
  [[nodiscard]] bool revoked(const std::string& id) const;

  // Empty texts leave what was known.
  void heard(const std::string& id, std::string_view snapshot_version, TimePoint now, std::string_view version = {});
  // The last time in memory, or what the row says.
  [[nodiscard]] std::optional<CheckIn> last(const std::string& id) const;
  // What is new since the last call.
  std::vector<CheckIn> take_new();

 private:
  mutable std::mutex guard_;
  std::unordered_set<std::string> revoked_;
  std::unordered_map<std::string, CheckIn> heard_;  // bound: the enrolled devices and gateways
  std::unordered_set<std::string> changed_;
};

}  // namespace sluice::console
