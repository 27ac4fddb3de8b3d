// Inference requests that go straight to their origin because the gateway is away (gateway_down = direct), under the
// guardrails of the policy: the same rules and the same code as at the gateway.
//
// What only the gateway knows does not apply here: rules for virtual keys and teams, and external providers, whose
// check did not run and whose rule says what happens then. Every such request leaves an intent and a completion, or a
// refusal, in the device's own audit.
//
// Threads: the loop's. Memory: a request's body and an answer that is no stream, each up to body_limit.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/intercept/forward.h"
#include "audit/record.h"
#include "guard/answer_stream.h"
#include "guard/body_guard.h"
#include "policy/decide.h"

namespace sluice::agent {

class DirectGuard {
 public:
  static constexpr std::size_t body_limit = 32 * 1024 * 1024;
  struct Under {
    std::shared_ptr<const policy::Policy> policy;
    std::shared_ptr<const guard::Guard> guard;
    std::string device_id;
    std::string app;
  };
  DirectGuard(Forwarder& forwarder, std::function<Result<void>(audit::Record)> record);

  // Answers the exchange, or says why not. The exchange's body has not been read.
  Task<RelayResult> serve(http::Exchange& exchange, const Flow& flow, Under under);

 private:
  struct Job;
  Result<void> check_request(Job& job);
  Result<std::optional<std::string>> check_whole_answer(Job& job, std::string_view coding, std::string_view body);
  Result<void> check_nothing(Job& job, std::string_view reason);
  Task<RelayResult> forward(Job& job);
  Task<RelayResult> relay_whole(Job& job, http::ClientConnection& upstream, http::ResponseHead head);
  Task<RelayResult> relay_stream(Job& job, http::ClientConnection& upstream, http::ResponseHead head);
  Task<RelayResult> refuse(Job& job, Error error);
  void complete(Job& job);

  Forwarder& forwarder_;
  std::function<Result<void>(audit::Record)> record_;
  guard::BodyGuard guard_;
};

}  // namespace sluice::agent
