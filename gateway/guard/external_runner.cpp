#include "gateway/guard/external_runner.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "gateway/guard/breaker.h"
#include "policy/guard_providers.h"

namespace sluice::gateway {
namespace {

using guard::external::Call;
using guard::external::Found;
using policy::GuardProvider;

constexpr int most_attempts = 3;  // on pooled connections that turn out to be closed

bool equal(const GuardProvider& a, const GuardProvider& b) {
  return std::tie(a.id, a.kind, a.url, a.options, a.timeout_ms, a.calls_per_minute, a.breaker_failures,
                  a.breaker_open_seconds) == std::tie(b.id, b.kind, b.url, b.options, b.timeout_ms, b.calls_per_minute,
                                                      b.breaker_failures, b.breaker_open_seconds) &&
         equal_in_constant_time(a.credential.reveal(), b.credential.reveal());
}

GuardProvider copy_of(const GuardProvider& provider) {
  return {.id = provider.id,
          .kind = provider.kind,
          .url = provider.url,
          .credential = provider.credential.duplicate(),
          .options = provider.options,
          .timeout_ms = provider.timeout_ms,
          .calls_per_minute = provider.calls_per_minute,
          .breaker_failures = provider.breaker_failures,
          .breaker_open_seconds = provider.breaker_open_seconds};
}

UpstreamOptions with_own_pool(UpstreamOptions options) {
  options.console_trust.reset();
  options.pool = {.idle_per_key = 8,
                  .total_per_key = ExternalRunner::connections_per_host,
                  .idle_time = std::chrono::seconds(30),
                  .limits = {}};
  return options;
}

http::RequestHead head_of(const Call& call) {
  http::RequestHead head{.method = "POST", .target = call.target, .minor_version = 1, .fields = {}};
  head.fields.add("Host", call.authority);
  head.fields.add("User-Agent", "sluice-gateway");
  head.fields.add("Accept-Encoding", "identity");
  for (const auto& [name, value] : call.headers) head.fields.add(name, value);
  head.fields.add("Content-Length", std::to_string(call.body.size()));
  return head;
}

// What the transport says, in the reasons of a check.
Error as_reason(const Error& error) {
  switch (error.code) {
    case ErrorCode::overloaded:  // the pool: all connections were busy until the deadline
      return {ErrorCode::timed_out, error.detail};
    case ErrorCode::too_large:  // the answer
      return {ErrorCode::malformed, error.detail};
    default:
      return error;
  }
}

enum class Time : std::uint8_t { most_of_it, cut_short };

// Whether a failure speaks of the provider, or of the question, or of the time it was given.
Breaker::Outcome outcome_of(const Error& error, Time time) {
  switch (error.code) {
    case ErrorCode::timed_out:
      return time == Time::cut_short ? Breaker::Outcome::neither : Breaker::Outcome::failure;
    case ErrorCode::too_large:
    case ErrorCode::unsupported:
    case ErrorCode::invalid_argument:
    case ErrorCode::quota_exceeded:
    case ErrorCode::cancelled:
      return Breaker::Outcome::neither;
    default:
      return Breaker::Outcome::failure;
  }
}

bool has_hit(const Result<std::vector<Found>>& answer) {
  return answer && std::ranges::any_of(*answer, &Found::hit);
}

// Where one call of a check failed and another one found something, the check must not count as one that did not run:
// a rule may let those pass. What was not looked at is then treated like what was found.
std::vector<Found> all_of(const Call& call) {
  std::vector<Found> found;
  for (const auto& part : call.content.parts)
    found.push_back({.text = part.text,
                     .start = part.start,
                     .end = part.end,
                     .rule = "incomplete",
                     .type = "other",
                     .score = 1,
                     .hit = true});
  return found;
}

bool before(const guard::Finding& a, const guard::Finding& b) {
  return std::tie(a.start, a.end, a.rule, b.score) < std::tie(b.start, b.end, b.rule, a.score);
}
bool same(const guard::Finding& a, const guard::Finding& b) {
  return std::tie(a.start, a.end, a.rule) == std::tie(b.start, b.end, b.rule);
}

void add(ExternalResult& result, const GuardProvider& provider, const std::vector<Found>& found) {
  for (const Found& one : found) {
    const std::string& rule = result.rules.emplace_back(provider.id + "/" + one.rule);
    result.findings[one.text].push_back({.detector = guard::Detector::external,
                                         .rule = rule,
                                         .type = one.type,
                                         .start = one.start,
                                         .end = one.end,
                                         .score = one.score,
                                         .hit = one.hit});
  }
}

}  // namespace

struct ExternalRunner::Provider {
  GuardProvider settings;
  std::optional<Destination> destination;  // nullopt: the URL is none
  std::shared_ptr<CallBudget> budget;
  Breaker breaker;
};

// The calls of one check, side by side. Lives in the frame of attempt().
struct ExternalRunner::Exchange {
  const Provider& provider;
  std::vector<Call> calls;
  Deadline deadline;
  std::vector<Result<std::vector<Found>>> answers;
};

ExternalRunner::ExternalRunner(async::EventLoop& loop, net::Resolver& resolver, UpstreamOptions options,
                               std::shared_ptr<SharedByRunners> shared, Metrics& metrics)
    : upstreams_(loop, resolver, with_own_pool(std::move(options)), metrics),
      shared_(std::move(shared)),
      metrics_(metrics) {}

ExternalRunner::~ExternalRunner() = default;

void ExternalRunner::set_providers(const std::vector<GuardProvider>& providers) {
  std::map<std::string, std::shared_ptr<Provider>, std::less<>> next;
  for (const GuardProvider& settings : providers) {
    const auto present = providers_.find(settings.id);
    if (present != providers_.end() && equal(present->second->settings, settings)) {
      next.insert(*present);
      continue;
    }
    const Result<Destination> destination = destination_of_url(guard::external::origin_of(settings.url));
    next.insert_or_assign(settings.id,
                          std::make_shared<Provider>(Provider{
                              .settings = copy_of(settings),
                              .destination = destination ? std::optional(*destination) : std::nullopt,
                              .budget = shared_->budgets.of(settings.id, settings.calls_per_minute),
                              .breaker = Breaker({.failures = settings.breaker_failures,
                                                  .open_for = std::chrono::seconds(settings.breaker_open_seconds)})}));
  }
  providers_ = std::move(next);
}

Task<Result<ExternalResult>> ExternalRunner::check(std::string provider, policy::Surface surface,
                                                   std::vector<std::string_view> texts, Moment now, SteadyPoint since) {
  const auto found = providers_.find(provider);
  if (found == providers_.end()) co_return fail(ErrorCode::not_found, "there is no provider " + provider);
  const std::shared_ptr<Provider> asked = found->second;
  const SteadyPoint began = steady_now();
  Result<ExternalResult> result = co_await attempt(asked, surface, std::move(texts), now, since);
  std::string_view outcome = "clean";
  if (!result)
    outcome = reason_of(result.error());
  else if (std::ranges::any_of(result->findings,
                               [](const auto& of) { return std::ranges::any_of(of, &guard::Finding::hit); }))
    outcome = "found";
  metrics_.count_guard_check(provider, outcome, steady_now() - began);
  if (!result) log_failed_check(shared_->failures, provider, policy::name_of(surface), result.error(), now.steady);
  co_return result;
}

Task<Result<ExternalResult>> ExternalRunner::attempt(std::shared_ptr<Provider> provider, policy::Surface surface,
                                                     std::vector<std::string_view> texts, Moment now,
                                                     SteadyPoint since) {
  const GuardProvider& settings = provider->settings;
  if (!provider->destination) co_return fail(ErrorCode::invalid_argument, settings.id + " has no usable URL");
  Result<std::vector<Call>> calls =
      guard::external::ask(settings, {.surface = surface, .texts = texts, .now = now.wall});
  if (!calls) co_return fail(calls.error().during(settings.id));
  ExternalResult result;
  result.findings.resize(texts.size());
  if (calls->empty()) co_return result;
  const SteadyPoint began = steady_now();
  const Deadline deadline = since + std::chrono::milliseconds(settings.timeout_ms);
  if (began >= deadline) co_return fail(ErrorCode::timed_out, settings.id + " had its time for this request");
  std::optional<Breaker::Ticket> ticket = provider->breaker.admit(now.steady);
  if (!ticket) co_return fail(ErrorCode::overloaded, settings.id + " failed lately and is not asked for a while");
  for (std::size_t i = 0; i < calls->size(); ++i)
    if (!provider->budget->take(now.steady))
      co_return fail(ErrorCode::quota_exceeded, settings.id + " had its calls of this minute");
  Exchange exchange{.provider = *provider, .calls = std::move(*calls), .deadline = deadline, .answers = {}};
  exchange.answers.resize(exchange.calls.size(), std::vector<Found>());
  co_await run(exchange, 0, exchange.calls.size());
  const SteadyPoint ended = now.steady + (steady_now() - began);
  const auto failed = std::ranges::find_if(exchange.answers, [](const auto& answer) { return !answer; });
  const Time time = 2 * (deadline - began) < deadline - since ? Time::cut_short : Time::most_of_it;
  ticket->done(failed == exchange.answers.end() ? Breaker::Outcome::success : outcome_of(failed->error(), time), ended);
  const bool hit = std::ranges::any_of(exchange.answers, has_hit);
  if (failed != exchange.answers.end() && !hit) co_return fail(failed->error().during(settings.id));
  for (std::size_t i = 0; i < exchange.answers.size(); ++i)
    add(result, settings, exchange.answers[i] ? *exchange.answers[i] : all_of(exchange.calls[i]));
  for (std::vector<guard::Finding>& findings : result.findings) {
    // Pieces of a long text overlap: what stands in both is one finding.
    std::ranges::sort(findings, before);
    const auto repeated = std::ranges::unique(findings, same);
    findings.erase(repeated.begin(), repeated.end());
  }
  co_return result;
}

Task<void> ExternalRunner::run(Exchange& exchange, std::size_t first, std::size_t last) {
  if (last - first == 1) {
    exchange.answers[first] = co_await call(exchange, first);
    co_return;
  }
  const std::size_t middle = first + (last - first) / 2;
  co_await async::both(run(exchange, first, middle), run(exchange, middle, last));
}

Task<Result<std::vector<Found>>> ExternalRunner::call(const Exchange& exchange, std::size_t index) {
  int status = 0;
  Result<std::string> body = co_await answer(exchange, index, status);
  if (!body) co_return fail(as_reason(body.error()));
  co_return guard::external::read(exchange.provider.settings, exchange.calls[index], status, *body);
}

// A check changes nothing at the provider, so one that met a connection that had been closed is sent again.
Task<Result<std::string>> ExternalRunner::answer(const Exchange& exchange, std::size_t index, int& status) {
  const Call& call = exchange.calls[index];
  const http::RequestHead head = head_of(call);
  for (int attempts = 1;; ++attempts) {
    Result<http::ConnectionPool::Lease> lease =
        co_await upstreams_.acquire(*exchange.provider.destination, exchange.deadline);
    if (!lease) co_return fail(lease.error());
    http::ConnectionPool::Lease connection = std::move(*lease);
    Result<void> sent = co_await connection->send(head, call.body, exchange.deadline);
    Result<http::ResponseHead> answered = fail(sent ? Error{} : sent.error());
    if (sent) answered = co_await connection->read_head(exchange.deadline);
    if (!answered) {
      const bool again =
          answered.error().code == ErrorCode::connection_closed && connection.reused() && attempts < most_attempts;
      connection.discard();
      if (again) continue;
      co_return fail(answered.error());
    }
    status = answered->status;
    if (answered->fields.get("content-encoding").value_or("identity") != "identity") {
      connection.discard();
      co_return fail(ErrorCode::malformed, "the answer is compressed, which was not asked for");
    }
    std::string body;
    for (;;) {
      Result<std::string_view> piece = co_await connection->read_body(exchange.deadline);
      if (!piece || body.size() + piece->size() > guard::external::largest_answer) {
        connection.discard();
        co_return piece ? fail(ErrorCode::too_large, "the answer is too large") : fail(piece.error());
      }
      if (piece->empty()) co_return body;
      body.append(*piece);
    }
  }
}

}  // namespace sluice::gateway
