#include "console_backend/devices/presence.h"

namespace sluice::console {

void Presence::load_revoked(std::vector<std::string> ids) {
  std::lock_guard lock(guard_);
  revoked_ = {ids.begin(), ids.end()};
}

void Presence::revoke(std::string id) {
  std::lock_guard lock(guard_);
  revoked_.insert(std::move(id));
}

bool Presence::revoked(const std::string& id) const {
  std::lock_guard lock(guard_);
  return revoked_.contains(id);
}

void Presence::heard(const std::string& id, std::string_view snapshot_version, TimePoint now,
                     std::string_view version) {
  std::lock_guard lock(guard_);
  CheckIn& check_in = heard_[id];
  check_in.id = id;
  check_in.time = now;
  if (!snapshot_version.empty()) check_in.snapshot_version = snapshot_version;
  if (!version.empty()) check_in.version = version;
  changed_.insert(id);
}

std::optional<CheckIn> Presence::last(const std::string& id) const {
  std::lock_guard lock(guard_);
  const auto found = heard_.find(id);
  if (found == heard_.end()) return std::nullopt;
  return found->second;
}

std::vector<CheckIn> Presence::take_new() {
  std::lock_guard lock(guard_);
  std::vector<CheckIn> fresh;
  fresh.reserve(changed_.size());
  for (const std::string& id : changed_) fresh.push_back(heard_[id]);
  changed_.clear();
  return fresh;
}

}  // namespace sluice::console
