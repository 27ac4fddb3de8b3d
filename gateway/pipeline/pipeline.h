// The path of one inference request through the gateway, one coroutine read from top to bottom (pipeline.cpp):
//   identify → receive → parse → admit → guard input → route → write intent → attempt upstream → relay the answer
//   (guard output) → settle → write completion
// A step that fails decides the answer; nothing goes upstream before the intent is in the spool.
//
// Threads: one pipeline per worker, on its loop. Memory: a request holds its body (limits.body) and one piece of its
// answer; answers that are no streams are held whole up to `whole_answer_limit`, so that the overhead can be stated.
#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <span>

#include "async/task.h"
#include "gateway/audit/recorder.h"
#include "gateway/guard/external_runner.h"
#include "gateway/guard/finding_cache.h"
#include "gateway/metrics/metrics.h"
#include "gateway/pipeline/in_flight.h"
#include "gateway/pipeline/request.h"
#include "gateway/upstream/upstream.h"
#include "guard/answer_stream.h"
#include "guard/body_guard.h"

namespace sluice::gateway {

inline constexpr std::size_t whole_answer_limit = 1024 * 1024;

// Settings that a reload changes; swapped whole on the loop.
struct LiveSettings {
  std::size_t body_limit = 32 * 1024 * 1024;
  std::chrono::milliseconds connect_time{10'000};
  std::chrono::milliseconds response_time{600'000};  // from the request being sent to the head of the answer
  std::chrono::milliseconds idle_time{300'000};      // between two pieces of an answer
  OnFull on_full = OnFull::refuse;
};

class StreamObserver;

class Pipeline {
 public:
  Pipeline(Upstreams& upstreams, ExternalRunner& external, Recorder recorder, InFlight& in_flight, Metrics& metrics);

  // The policy of requests that begin from now on; nullptr: none yet, requests are refused.
  void set_policy(PolicyPtr policy);
  void set_live(std::shared_ptr<const LiveSettings> live) noexcept;
  [[nodiscard]] const PolicyPtr& policy() const noexcept { return policy_; }

  // Answers the exchange. `caller` outlives the task.
  Task<void> serve(http::Exchange& exchange, const Caller& caller);
  // GET /v1/models: the models that the key names. Not an inference request, so nothing is recorded.
  Task<void> serve_models(http::Exchange& exchange, const Caller& caller);

 private:
  Request begin(http::Exchange& exchange, const Caller& caller) const;
  Result<void> identify(Request& request) const;
  Task<Result<void>> receive(Request& request) const;
  Result<void> parse(Request& request);
  Result<void> admit(Request& request) const;
  Task<Result<void>> guard_input(Request& request);
  Result<void> take_verdict(Request& request, guard::BodyVerdict verdict);
  Task<Result<void>> guard_outside(Request& request);
  Task<void> watch_outside(Request& request, std::string body);
  std::string without_restoring(const Request& request, const std::string& body);
  struct OutsideFindings;
  struct OutsideCheck;
  FindingCache& clean_of(const OutsideCheck& check);
  std::vector<OutsideCheck> outside_checks(const Request& request, const std::vector<guard::OutsideText>& texts);
  Task<void> run_checks(std::span<OutsideCheck* const> checks, SteadyPoint since);
  Task<void> repeat_held_back(std::span<OutsideCheck* const> checks, SteadyPoint since);
  Task<OutsideFindings> ask_outside(Request& request, std::vector<guard::OutsideText> texts);
  Result<void> route(Request& request) const;
  Result<void> record_intent(Request& request);
  Task<Result<void>> attempt(Request& request, InFlight::Watch& watch) const;
  Task<void> relay(Request& request, InFlight::Watch& watch);
  Task<Result<void>> relay_whole(Request& request);
  Result<std::optional<std::string>> guard_whole(Request& request, std::string_view coding, std::string_view body);
  Task<Result<void>> relay_stream(Request& request);
  Task<Result<void>> relay_events(Request& request, StreamObserver& observer, guard::AnswerStream& guarded);
  // An answer that cannot be looked at: recorded, and guardrail_blocked where a rule wants that.
  static Result<void> pass_unchecked(Request& request, std::string_view reason);
  static void note_usage(Request& request, std::string_view coding, std::string_view body);
  void note_stopped_usage(Request& request, std::size_t answer_bytes);
  Task<Result<void>> relay_rest(Request& request, std::string_view held);
  Task<void> refuse(Request& request, Error error);
  Task<void> stop_answer(Request& request, Error error);
  Task<void> answer_failure(Request& request, Error error);
  void settle(Request& request);
  void finish(Request& request);

  Upstreams& upstreams_;
  ExternalRunner& external_;
  Recorder recorder_;
  InFlight& in_flight_;
  Metrics& metrics_;
  PolicyPtr policy_;
  std::shared_ptr<const LiveSettings> live_;
  dialect::RequestReader reader_;
  guard::BodyGuard guard_;
  FindingCache findings_;
  std::map<std::string, FindingCache> clean_outside_;  // by provider and surface: texts in which it found nothing
  std::chrono::nanoseconds hand_over_{10'000};         // running mean of handing an answer to the kernel
};

// The models that the key may use as "provider/model", OpenAI's list or Anthropic's: those that it lists, and of
// shared_models() those that its patterns allow. The patterns stand in `allowed_patterns`.
std::string models_document(dialect::Dialect dialect, const policy::CompiledKey& key,
                            const policy::GatewayPolicy& rules);

}  // namespace sluice::gateway
