// One row per request: intent and completion joined. Questions that the logs page and the catalogue ask.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.h"
#include "base/clock.h"
#include "console_backend/store/page.h"
#include "store/database.h"

namespace sluice::console {

struct RequestRow {
  std::string origin;
  TimePoint time;
  audit::RequestFacts facts;
  bool completed = false;
  std::string decision;  // "in_progress" or a name of audit::Decision
  audit::Outcome outcome;
  std::string guardrails_json;
};
struct RequestQuery {
  std::string part = {};                        // of user, model, host, reason or any request id
  std::vector<std::string> named_devices = {};  // devices whose host name holds `part`: at most 200
  std::string app = {}, decision = {}, device = {}, model = {}, provider = {}, virtual_key = {}, team = {};
  std::string guardrail = {};          // a rule that did something or could not
  std::optional<TimePoint> from = {};  // inclusive
  std::optional<TimePoint> to = {};    // exclusive
};

// Newest first.
Page<RequestRow> requests(store::Session& audit, const PageRequest& page, const RequestQuery& query);
std::optional<RequestRow> find_request(store::Session& audit, std::string_view request_id);
// Requests by app since `since`.
std::map<std::string, std::int64_t> requests_by_app(store::Session& audit, TimePoint since);

// Joins one record into its row. Idempotent; the halves may come in any order. False, and nothing is changed, when the
// row of this request id is another origin's.
[[nodiscard]] bool join_request(store::Session& audit, const audit::PlacedRecord& placed);

}  // namespace sluice::console
