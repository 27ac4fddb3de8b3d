// The answers that the device itself gives, in the forms that the clients show. Pure.
#pragma once
#include <string>
#include <string_view>

#include "agent/enforce/verdict.h"
#include "agent/enrolment/identity.h"
#include "agent/intercept/forward.h"
#include "audit/record.h"
#include "http/message.h"
#include "policy/decide.h"

namespace sluice::agent {

// Send head and body in one write: some clients show nothing when they come in two TLS records.
struct PlainAnswer {
  http::ResponseHead head;
  std::string body;
};

struct DenialContext {
  const policy::Policy& policy;
  const DeviceIdentity& identity;
  const Flow& flow;
  std::string_view app;
  const Deny& denial;
  TimePoint now;
};
struct DeniedAnswer {
  PlainAnswer answer;
  audit::Refusal record;
};
// `body` is the request's, decoded and whole, or empty when it was not read.
DeniedAnswer denied_answer(const DenialContext& context, const http::RequestHead& request, std::string_view body);

// The gateway cannot be reached and the policy says block: a refusal that the client shows, not one that it retries
// for minutes.
PlainAnswer gateway_unreachable(const policy::Policy& policy, std::string_view host, const http::RequestHead& request);
// Something broke after the request may have been sent: 502, so that clients try again.
PlainAnswer upstream_broken(const policy::Policy* policy, std::string_view host, const Error& error, bool gateway);
// Codex falls back to plain requests at once.
PlainAnswer upgrade_refused();
PlainAnswer misdirected();

}  // namespace sluice::agent
