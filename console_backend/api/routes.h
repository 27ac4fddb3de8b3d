// The administration API (openapi.yaml): which function answers which method and path, and who may ask.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "console_backend/api/call.h"
#include "console_backend/api/services.h"

namespace sluice::console {

enum class Access { open, administrator };

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/devices/{id}"
  Access access = Access::administrator;
  std::function<Outcome(Call&)> function;
};

class Api {
 public:
  // `services` outlives the object.
  explicit Api(Services& services);

  // Finds the route, authenticates, checks cross-site rules: all that can be said before the body is read. What was
  // found holds for answer(). Blocks; any thread.
  [[nodiscard]] std::expected<const Route*, Problem> admit(Call& call) const;
  // admit() and the route's function.
  Outcome answer(Call& call) const;
  // Who asks. unauthenticated when no valid credential was given.
  [[nodiscard]] Result<Principal> authenticate(const Call& call) const;

 private:
  Services& services_;
  std::vector<Route> routes_;
};

// One function per resource, in a file of its own.
void add_session_routes(std::vector<Route>& routes, Services& services);
void add_device_routes(std::vector<Route>& routes, Services& services);
void add_catalogue_routes(std::vector<Route>& routes, Services& services);
void add_log_routes(std::vector<Route>& routes, Services& services);
void add_guardrail_routes(std::vector<Route>& routes, Services& services);
void add_guard_provider_routes(std::vector<Route>& routes, Services& services);
void add_guardrail_document_routes(std::vector<Route>& routes, Services& services);
void add_guardrail_overview_routes(std::vector<Route>& routes, Services& services);
void add_guardrail_trial_routes(std::vector<Route>& routes, Services& services);
void add_key_routes(std::vector<Route>& routes, Services& services);
void add_provider_routes(std::vector<Route>& routes, Services& services);
void add_token_routes(std::vector<Route>& routes, Services& services);
void add_chain_routes(std::vector<Route>& routes, Services& services);
void add_system_routes(std::vector<Route>& routes, Services& services);

// An Origin, when there is one, is that of the request itself or the console's public URL.
bool same_origin(const Call& call, std::string_view public_url);

}  // namespace sluice::console
