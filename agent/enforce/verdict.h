// What becomes of one request on a terminated connection. Pure: policy and facts in, a verdict out.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "http/message.h"
#include "policy/decide.h"

namespace sluice::agent {

struct Question {
  const policy::Policy& policy;
  std::string_view device_id;
  std::string_view app;   // of this request (process/classify.h)
  std::string_view host;  // the name that the connection was made for
  const http::RequestHead& head;
};

struct ToGateway {};  // inference: the gateway decides
struct ToOrigin {};   // everything else of the host: from the device, unchanged
struct Deny {         // the app may not be used; texts are views into the policy
  policy::AppDecision decision;
  bool inference = false;
};
struct NoUpgrade {};    // WebSocket is answered with 426; clients fall back to plain requests
struct Misdirected {};  // the request names another host than the connection: 421 (RFC 9110 §7.4)

using Verdict = std::variant<ToGateway, ToOrigin, Deny, NoUpgrade, Misdirected>;

// Order matters: a request for another host is not judged by this host's rules; an upgrade is refused before the app,
// so that a denied app comes back with a request whose refusal it can show.
Verdict judge(const Question& question);

// "API.openai.com:443" and "api.openai.com." name "api.openai.com".
bool names_host(std::string_view authority, std::string_view host);

}  // namespace sluice::agent
