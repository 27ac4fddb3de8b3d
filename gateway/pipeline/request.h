// Everything known about one request while it is on its way. Lives in the pipeline's coroutine; later steps read what
// earlier ones found.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "audit/record.h"
#include "dialect/request.h"
#include "dialect/usage.h"
#include "gateway/pipeline/no_route.h"
#include "gateway/route/policy_in_force.h"
#include "guard/stream_guard.h"
#include "http/connection.h"
#include "http/pool.h"

namespace sluice::gateway {

// Who is at the other end of the connection: established when it was accepted.
struct ApiClient {};
struct Device {
  std::string id;      // subject CN of the device's certificate
  std::string serial;  // checked against the revoked ones for every request
  TimePoint not_after{};
};
using Caller = std::variant<ApiClient, Device>;

struct Request {
  http::Exchange& exchange;
  const Caller& caller;
  PolicyPtr policy;
  std::string id;
  TimePoint time{};
  SteadyPoint started{};

  // parse
  dialect::Target target{};  // dialect is set from the start, so that every refusal has a form
  bool is_inference = false;
  std::optional<NoRoute> no_route{};  // nothing is served there: the answer
  std::string body{};
  bool rewritten = false;                // a guardrail changed it: it goes without content coding
  std::optional<std::string> decoded{};  // the body without its content coding, if it has one
  dialect::RequestFacts facts{};
  std::string app{}, app_version{}, user{};

  // admit
  const policy::CompiledKey* key = nullptr;
  const policy::GovernedHost* host = nullptr;  // intercepted apps
  std::string provider{};
  std::string model{};      // without "provider/"
  std::string reference{};  // of a denial, shown to the person

  // guard
  guard::Guard::Selection guard_rules{};            // what stands for this request
  std::shared_ptr<guard::TokenVault> tokens{};      // what to restore in the answer; nullptr: nothing
  std::size_t held_bytes = 0;                       // of the streamed answer, the most at once
  std::chrono::steady_clock::duration held_time{};  // the longest that an event waited

  // route
  const Destination* destination = nullptr;
  http::RequestHead upstream_head{};

  // attempt and relay
  http::ConnectionPool::Lease upstream{};
  http::ResponseHead answer{};
  SteadyPoint sent{};             // to the upstream
  SteadyPoint last_upstream{};    // when its last byte was read
  SteadyPoint last_downstream{};  // when the last byte of the answer was handed to the kernel
  bool recorded = false;          // the intent stands in the spool
  dialect::Usage usage{};
  bool usage_estimated = false;  // some of it: the provider had not told it when its answer was stopped
  audit::Outcome outcome{};

  [[nodiscard]] std::string_view plain_body() const noexcept { return decoded ? *decoded : body; }
  // A rule looks at the answer, or tokens are to be restored in it.
  [[nodiscard]] bool guards_answer() const {
    return guard_rules.any(policy::Surface::output) || guard_rules.any(policy::Surface::tool_arguments) ||
           (tokens && !tokens->empty());
  }
  [[nodiscard]] const Device* device() const noexcept { return std::get_if<Device>(&caller); }
};

// What the audit holds about the request.
audit::RequestFacts facts_of(const Request& request);

}  // namespace sluice::gateway
