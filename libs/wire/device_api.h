// Requests and responses of the device API (console, port 8445). Parsers are strict: an unknown, missing or oversized
// field is an error that names it by path. print() gives the JSON text.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace sluice::wire {

// POST /edge/v1/enrol
struct EnrolRequest {
  Secret token = {};
  std::string csr = {};  // PEM
  std::string hostname = {};
  std::string platform = {};  // "linux"
  std::string os_version = {};
  std::string agent_version = {};
};
// POST /gateway/v1/enrol
struct GatewayEnrolRequest {
  Secret token = {};
  std::string csr = {};
  std::string name = {};
};
// The answer to both; `id` is "device_id" or "gateway_id" on the wire.
struct EnrolResponse {
  std::string id = {};
  std::string org = {};
  std::string certificate = {};  // PEM
  std::string identity_ca = {};  // PEM
  std::string policy_key = {};   // raw 32 bytes here, base64 on the wire
  std::string root_ca = {};      // PEM
};
struct RenewRequest {
  std::string csr = {};
};
struct RenewResponse {
  std::string certificate = {};
};
struct LeafRequest {
  std::string host = {};
  std::string csr = {};
};
struct LeafResponse {
  std::string chain = {};  // PEM: leaf, then issuing CA
  TimePoint not_after = {};
};

struct InstalledApp {
  std::string app = {};
  std::string name = {};
  std::string version = {};
  std::string path = {};
  std::string user = {};
};
struct CaptureCounters {
  std::int64_t intercepted = 0;
  std::int64_t spliced = 0;
  std::int64_t refused = 0;
  std::int64_t broken = 0;
};
struct Inventory {
  std::string hostname = {};
  std::string os_version = {};
  std::string agent_version = {};
  std::string capture_state = {};  // "capturing", "bypassed", "off"
  std::string capture_detail = {};
  std::vector<InstalledApp> apps = {};
  CaptureCounters counters = {};
};

// Records stay JSON texts: libs/audit owns their form.
struct EventsRequest {
  std::string origin = {};
  std::vector<std::string> records = {};  // each one JSON object
};
struct EventsResponse {
  std::int64_t accepted_through = 0;
};

struct ErrorResponse {
  std::string code = {};  // the name of an ErrorRow
  std::string message = {};
  std::optional<std::string> field = {};
};

enum class Party : std::uint8_t { device, gateway };

std::string print(const EnrolRequest& value);  // holds the token: for the wire only
std::string print(const GatewayEnrolRequest& value);
std::string print(const EnrolResponse& value, Party party);
std::string print(const RenewRequest& value);
std::string print(const RenewResponse& value);
std::string print(const LeafRequest& value);
std::string print(const LeafResponse& value);
std::string print(const Inventory& value);
std::string print(const EventsRequest& value);
std::string print(const EventsResponse& value);
std::string print(const ErrorResponse& value);
// The error body of a REST answer.
std::string print_error(const Error& error);

Result<EnrolRequest> parse_enrol_request(std::string_view text);
Result<GatewayEnrolRequest> parse_gateway_enrol_request(std::string_view text);
Result<EnrolResponse> parse_enrol_response(std::string_view text, Party party);
Result<RenewRequest> parse_renew_request(std::string_view text);
Result<RenewResponse> parse_renew_response(std::string_view text);
Result<LeafRequest> parse_leaf_request(std::string_view text);
Result<LeafResponse> parse_leaf_response(std::string_view text);
Result<Inventory> parse_inventory(std::string_view text);
Result<EventsRequest> parse_events_request(std::string_view text);
Result<EventsResponse> parse_events_response(std::string_view text);
// The Error that an error answer stands for; upstream_failed when the body is no such answer.
Error parse_error_response(std::string_view text, int status);

}  // namespace sluice::wire
