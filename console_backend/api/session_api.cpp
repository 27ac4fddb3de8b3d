// /api/session
#include "console_backend/api/routes.h"

namespace sluice::console {

namespace {

constexpr std::string_view cookie_rules = "; Path=/; HttpOnly; Secure; SameSite=Strict";

Outcome sign_in(Services& services, Call& call) {
  if (call.field("x-sluice-csrf") != "1" ||
      (!call.field("origin").empty() && !same_origin(call, services.facts.public_url))) {
    return problem(ErrorCode::forbidden, "signing in needs 'x-sluice-csrf: 1' and this console's own Origin");
  }
  Result<JsonValue> document = parse_json(call.body);
  if (!document) return problem(document.error());
  JsonFields fields(*document);
  const std::string email = fields.text("email", 254);
  const Secret password(fields.text("password", 1024));
  if (std::optional<Error> error = fields.finish()) return problem(*error);

  Result<SignIn::Signed> signed_in = services.sign_in.sign_in(email, password, call.address);
  if (!signed_in) {
    if (signed_in.error().code == ErrorCode::unauthenticated) {
      (void)services.note_action(email, "session.refused", "", "");
    }
    Problem refused(signed_in.error());
    if (refused.error.code == ErrorCode::rate_limited) refused.retry_after = services.sign_in.wait(email, call.address);
    return std::unexpected(std::move(refused));
  }
  if (Result<void> noted = services.note_action(email, "session.start", "", ""); !noted) return problem(noted.error());
  Answer answer = no_content();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(SignIn::session_life).count();
  answer.fields.add("set-cookie", "sluice_session=" + std::string(signed_in->token.reveal()) +
                                      std::string(cookie_rules) + "; Max-Age=" + std::to_string(seconds));
  return answer;
}

Outcome who(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  const Principal& principal = *call.principal;
  JsonWriter json;
  json.begin_object().key("administrator").begin_object();
  json.field("email", principal.email.empty() ? principal.name : principal.email).field("name", principal.name);
  json.end_object().key("org").begin_object().field("name", services.keys.org).end_object().end_object();
  return json_answer(json.take());
}

Outcome sign_out(Services& services, Call& call) {
  services.sign_in.sign_out(call.cookie("sluice_session"));
  if (Result<void> noted = services.note_action(call.actor(), "session.end", "", ""); !noted) {
    return problem(noted.error());
  }
  Answer answer = no_content();
  answer.fields.add("set-cookie", "sluice_session=" + std::string(cookie_rules) + "; Max-Age=0");
  return answer;
}

}  // namespace

void add_session_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({"POST", "/api/session", Access::open, [&](Call& call) { return sign_in(services, call); }});
  routes.push_back({"GET", "/api/session", Access::administrator, [&](Call& call) { return who(services, call); }});
  routes.push_back(
      {"DELETE", "/api/session", Access::administrator, [&](Call& call) { return sign_out(services, call); }});
}

}  // namespace sluice::console
