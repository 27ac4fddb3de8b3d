#include "console_backend/api/routes.h"

#include <algorithm>

#include "console_backend/audit/admin_actions.h"

namespace sluice::console {

namespace {

std::string_view next_segment(std::string_view& rest) {
  if (rest.starts_with('/')) rest.remove_prefix(1);
  const std::size_t end = rest.find('/');
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
  return segment;
}

// Fills the parameters when the path has the pattern's form.
bool matches(std::string_view pattern, std::string_view path,
             std::map<std::string, std::string, std::less<>>& parameters) {
  parameters.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern);
    const std::string_view given = next_segment(path);
    if (wanted.starts_with('{')) {
      Result<std::string> value = http::percent_decode(given);
      if (!value || value->empty() || value->size() > 256) return false;
      parameters.emplace(wanted.substr(1, wanted.size() - 2), std::move(*value));
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD";
}

std::string_view authority_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find('/'));
}

}  // namespace

bool same_origin(const Call& call, std::string_view public_url) {
  const std::string origin = call.field("origin");
  const std::string_view authority = authority_of(origin);
  if (authority.empty()) return false;
  return http::equal_ignoring_case(authority, call.field("host")) ||
         (!public_url.empty() && http::equal_ignoring_case(origin, public_url));
}

Result<void> Services::note_action(std::string_view actor, std::string_view action, std::string_view target,
                                   std::string_view note) const {
  Result<void> written = audit.write(
      [&](store::Session& session) { add_admin_action(session, actor, action, target, note, clock.now()); });
  if (written && changed) changed({Topic::actions});
  return written;
}

Result<std::shared_ptr<const Published>> Services::publish_and_note(std::string_view actor,
                                                                    const std::vector<Change>& changes) const {
  Result<std::shared_ptr<const Published>> published = publisher.publish();
  for (const Change& change : changes) {
    Result<void> noted = note_action(actor, change.action, change.target, change.note);
    if (!noted && published) published = fail(noted.error());
  }
  return published;
}

Api::Api(Services& services) : services_(services) {
  add_session_routes(routes_, services);
  add_device_routes(routes_, services);
  add_catalogue_routes(routes_, services);
  add_log_routes(routes_, services);
  add_guardrail_routes(routes_, services);
  add_guard_provider_routes(routes_, services);
  add_guardrail_document_routes(routes_, services);
  add_guardrail_overview_routes(routes_, services);
  add_guardrail_trial_routes(routes_, services);
  add_key_routes(routes_, services);
  add_provider_routes(routes_, services);
  add_token_routes(routes_, services);
  add_chain_routes(routes_, services);
  add_system_routes(routes_, services);
}

Result<Principal> Api::authenticate(const Call& call) const {
  const std::string authorization = call.field("authorization");
  if (!authorization.empty()) {
    constexpr std::string_view scheme = "bearer ";
    if (!http::equal_ignoring_case(std::string_view(authorization).substr(0, scheme.size()), scheme)) {
      return fail(ErrorCode::unauthenticated, "send 'Authorization: Bearer slc_api_…' or sign in");
    }
    return services_.sign_in.by_api_token(std::string_view(authorization).substr(scheme.size()));
  }
  const std::string cookie = call.cookie("sluice_session");
  if (cookie.empty()) return fail(ErrorCode::unauthenticated, "send 'Authorization: Bearer slc_api_…' or sign in");
  return services_.sign_in.by_session(cookie);
}

std::expected<const Route*, Problem> Api::admit(Call& call) const {
  const Route* found = nullptr;
  std::string allowed;
  for (const Route& route : routes_) {
    if (!matches(route.pattern, call.path, call.parameters)) continue;
    if (route.method == call.method) {
      found = &route;
      break;
    }
    allowed.append(allowed.empty() ? "" : ", ").append(route.method);
  }
  if (found == nullptr || found->access == Access::administrator) {
    Result<Principal> principal = authenticate(call);
    if (!principal) return problem(principal.error());
    call.principal = std::move(*principal);
  }
  if (found == nullptr) {
    if (allowed.empty()) return problem(ErrorCode::not_found, "no such path in this API");
    Problem wrong_method(Error{ErrorCode::unsupported, call.method + " is not possible here; use " + allowed});
    wrong_method.status = 405;
    return std::unexpected(std::move(wrong_method));
  }
  const bool by_cookie = call.principal && call.principal->kind == Principal::Kind::session;
  if (by_cookie && changes_something(call.method) &&
      (call.field("x-sluice-csrf") != "1" || !same_origin(call, services_.facts.public_url))) {
    return problem(ErrorCode::forbidden, "a change by session needs 'x-sluice-csrf: 1' and this console's own Origin");
  }
  return found;
}

Outcome Api::answer(Call& call) const {
  const auto route = admit(call);
  if (!route) return std::unexpected(route.error());
  return (*route)->function(call);
}

}  // namespace sluice::console
