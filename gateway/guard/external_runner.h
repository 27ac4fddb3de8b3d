// Asks external guardrail providers: one runner per worker, on its loop.
//
//   runner.set_providers(policy.guard_providers);                          // on every change of policy
//   auto result = co_await runner.check("lakera-eu", Surface::input, texts, Moment::now());
//   if (!result) outcomes.not_checked(rule, surface, reason_of(result.error()));
//
// Connections have the trust and the address rules of upstreams (gateway/upstream): the system's CAs or
// upstream.ca_file, and no private address, loopback included, unless upstream.allowed_private_networks says so. They
// come from a pool of the runner's own: at most `connections_per_host` at once to one host, more wait within the
// time-out. Redirects are not followed.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "gateway/guard/call_budget.h"
#include "gateway/guard/failure_log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/upstream/upstream.h"
#include "guard/external/check.h"
#include "guard/finding.h"
#include "policy/guardrails.h"

namespace sluice::gateway {

using guard::external::reason_of;

// Time as budget, breaker and signatures see it; time-outs are those of the clock.
struct Moment {
  TimePoint wall;
  SteadyPoint steady;
  static Moment now() noexcept { return {wall_now(), steady_now()}; }
};

struct ExternalResult {
  // By text, in order of start. `rule` is "PROVIDER/word of the vendor", alive as long as this.
  std::vector<std::vector<guard::Finding>> findings;
  std::deque<std::string> rules;  // a deque: its texts stay where they are when it is moved

  ExternalResult() = default;
  ExternalResult(ExternalResult&&) = default;
  ExternalResult& operator=(ExternalResult&&) = default;
};

// What the runners of a gateway have in common. Threads: any.
struct SharedByRunners {
  CallBudgets budgets;
  FailureLog failures;
};

class ExternalRunner {
 public:
  static constexpr std::size_t connections_per_host = 32;

  ExternalRunner(async::EventLoop& loop, net::Resolver& resolver, UpstreamOptions options,
                 std::shared_ptr<SharedByRunners> shared, Metrics& metrics);
  ~ExternalRunner();

  // A provider that did not change keeps the state of its breaker. Checks under way go on with what they began with.
  void set_providers(const std::vector<policy::GuardProvider>& providers);

  // What the provider says about the texts (UTF-8; they outlive the task), all of them or none. Errors: why it did not
  // run, reason_of() is its name. All calls of one check share the provider's time-out, and so do checks that are asked
  // for one after the other and name the same `since`: it runs from there.
  Task<Result<ExternalResult>> check(std::string provider, policy::Surface surface, std::vector<std::string_view> texts,
                                     Moment now, SteadyPoint since = steady_now());

 private:
  struct Provider;
  struct Exchange;
  Task<Result<ExternalResult>> attempt(std::shared_ptr<Provider> provider, policy::Surface surface,
                                       std::vector<std::string_view> texts, Moment now, SteadyPoint since);
  Task<void> run(Exchange& exchange, std::size_t first, std::size_t last);
  Task<Result<std::vector<guard::external::Found>>> call(const Exchange& exchange, std::size_t index);
  Task<Result<std::string>> answer(const Exchange& exchange, std::size_t index, int& status);

  Upstreams upstreams_;
  std::shared_ptr<SharedByRunners> shared_;
  Metrics& metrics_;
  std::map<std::string, std::shared_ptr<Provider>, std::less<>> providers_;
};

}  // namespace sluice::gateway
