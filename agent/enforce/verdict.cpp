#include "agent/enforce/verdict.h"

namespace sluice::agent {

bool names_host(std::string_view authority, std::string_view host) {
  if (authority.ends_with(":443")) authority.remove_suffix(4);
  if (authority.ends_with('.')) authority.remove_suffix(1);
  return http::equal_ignoring_case(authority, host);
}

Verdict judge(const Question& question) {
  const auto authority = question.head.fields.get("host");
  if (!authority || question.head.fields.count("host") != 1 || !names_host(*authority, question.host))
    return Misdirected{};
  // Also the absolute form, which a server must take (RFC 9112 §3.2.2), and asterisk and authority forms: nothing that
  // a client sends to an origin.
  if (!question.head.target.starts_with('/')) return Misdirected{};
  if (question.head.wants_upgrade()) return NoUpgrade{};
  const auto* governed = question.policy.host_named(question.host);
  const bool inference =
      governed != nullptr && policy::Policy::is_inference(*governed, question.head.method, question.head.target);
  if (governed != nullptr) {
    const auto decision = question.policy.decide_app(question.device_id, question.app);
    if (!decision.allowed) return Deny{.decision = decision, .inference = inference};
  }
  if (inference) return ToGateway{};
  return ToOrigin{};
}

}  // namespace sluice::agent
