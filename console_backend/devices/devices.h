// Devices, gateways and the certificates that name them: what config.db knows. Repository functions; see session.h
// for errors.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "console_backend/store/page.h"
#include "store/database.h"
#include "wire/device_api.h"

namespace sluice::console {

struct DeviceRow {
  std::string id, hostname, platform, os_version, agent_version, user;
  TimePoint enrolled_at;
  std::optional<TimePoint> revoked_at;
  std::string revoked_note, revoked_by;
  std::optional<TimePoint> last_check_in;
  std::string snapshot_version;  // "EPOCH.VERSION" that it took last
  std::string capture_state, capture_detail;
  wire::CaptureCounters counters;
  std::int64_t apps = 0;
};
struct DeviceAppRow {
  std::string app, name, version, path, user;
  TimePoint first_seen, last_seen;
};
struct GatewayRow {
  std::string id, name;
  TimePoint enrolled_at;
  std::optional<TimePoint> revoked_at;
  std::optional<TimePoint> last_check_in;
  std::string snapshot_version;
};

void add_device(store::Session& session, std::string_view id, const wire::EnrolRequest& request, TimePoint now);
struct DeviceQuery {
  std::string part;   // of host name, user or id; empty matches all
  std::string state;  // "active", "stale", "revoked"; empty matches all
  std::string app;    // found on the device; empty matches all
};
// By host name, then id.
Page<DeviceRow> devices(store::Session& session, const PageRequest& page, const DeviceQuery& query, TimePoint now);
std::optional<DeviceRow> find_device(store::Session& session, std::string_view id);
std::vector<DeviceAppRow> apps_of_device(store::Session& session, std::string_view id);
// Host names by id, for pages of other contexts.
std::map<std::string, std::string> device_names(store::Session& session);
// Replaces what is installed on the device; apps that are gone from the list are gone from the device.
void take_inventory(store::Session& session, std::string_view id, const wire::Inventory& inventory, TimePoint now);
void set_device_user(store::Session& session, std::string_view id, std::string_view user);
// Marks the device and its certificates revoked; false when there is no such device that is not revoked yet.
bool revoke_device(store::Session& session, std::string_view id, std::string_view note, std::string_view revoked_by,
                   TimePoint now);

void add_gateway(store::Session& session, std::string_view id, std::string_view name, TimePoint now);
std::vector<GatewayRow> gateways(store::Session& session);
bool revoke_gateway(store::Session& session, std::string_view id, TimePoint now);

void add_issued_certificate(store::Session& session, std::string_view kind, std::string_view subject_id,
                            std::string_view certificate_pem, TimePoint now);
// The newest certificate of a device or a gateway.
struct IssuedCertificate {
  std::string serial;
  TimePoint not_after;
};
std::optional<IssuedCertificate> newest_certificate(store::Session& session, std::string_view subject_id);
// Serials that readers of the snapshot must refuse: revoked, and not past the grace in which they could renew.
std::vector<std::string> revoked_serials(store::Session& session, TimePoint now);
// Ids of revoked devices and gateways.
std::vector<std::string> revoked_subjects(store::Session& session);

struct CheckIn {
  std::string id;
  TimePoint time;
  std::string snapshot_version;
  std::string version = {};  // of a gateway's program; kept in memory only, since it comes with every poll
};
void store_check_ins(store::Session& session, const std::vector<CheckIn>& check_ins);

struct DeviceCount {
  std::string platform;
  std::string state;  // "active", "stale", "revoked"
  std::int64_t count = 0;
};
// A device is stale when it has not checked in for `stale_after`.
inline constexpr std::chrono::minutes stale_after{10};
std::string_view state_of(const DeviceRow& device, TimePoint now) noexcept;
std::vector<DeviceCount> count_devices(store::Session& session, TimePoint now);

}  // namespace sluice::console
