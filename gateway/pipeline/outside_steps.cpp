// External providers in the pipeline. They come after the local rules and see what these left, never what was redacted.
// A text in which a provider found nothing is not sent to it again while the policy stays.
#include <algorithm>
#include <array>
#include <deque>
#include <span>

#include "async/task_group.h"
#include "gateway/pipeline/guard_outcomes.h"
#include "gateway/pipeline/pipeline.h"

namespace sluice::gateway {
namespace {

using guard::BodyGuard;
using guard::OutsideText;
using policy::Surface;

constexpr std::size_t memory_of_provider = 1024 * 1024;
constexpr std::array all_surfaces{Surface::input, Surface::tool_results, Surface::output, Surface::tool_arguments};

bool any_provider(const Request& request, std::initializer_list<Surface> surfaces) {
  for (const Surface surface : surfaces)
    if (!guard::providers_on(*request.policy->guard(), request.guard_rules, surface).empty()) return true;
  return false;
}

}  // namespace

struct Pipeline::OutsideFindings {
  std::vector<std::vector<guard::Finding>> found;  // by text
  std::deque<ExternalResult> kept;                 // holds what the findings' rules point to
  guard::Outcomes missed;                          // checks that did not run
};

// One provider's check of the texts of one surface.
struct Pipeline::OutsideCheck {
  Surface surface = Surface::input;
  std::string provider;
  std::vector<std::size_t> places;      // of the texts
  std::vector<std::string_view> asked;  // these texts
  Result<ExternalResult> result = fail(ErrorCode::cancelled);
};

FindingCache& Pipeline::clean_of(const OutsideCheck& check) {
  const std::string memory = std::string(check.provider).append("/").append(policy::name_of(check.surface));
  return clean_outside_.try_emplace(memory, memory_of_provider, std::size_t{1}).first->second;
}

std::vector<Pipeline::OutsideCheck> Pipeline::outside_checks(const Request& request,
                                                             const std::vector<OutsideText>& texts) {
  std::vector<OutsideCheck> checks;
  for (const Surface surface : all_surfaces) {
    for (const std::string_view provider :
         guard::providers_on(*request.policy->guard(), request.guard_rules, surface)) {
      OutsideCheck check{.surface = surface, .provider = std::string(provider), .places = {}, .asked = {}};
      for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].surface != surface || clean_of(check).find(texts[i].text, guard::Phase::input) != nullptr)
          continue;
        check.places.push_back(i);
        check.asked.emplace_back(texts[i].text);
      }
      if (!check.asked.empty()) checks.push_back(std::move(check));
    }
  }
  return checks;
}

// All at once: a request waits as long as for the slowest, and one that hangs costs its own time-out only. Their order
// decides who draws first from a budget.
Task<void> Pipeline::run_checks(std::span<OutsideCheck* const> checks, SteadyPoint since) {
  if (checks.empty()) co_return;
  if (checks.size() == 1) {
    OutsideCheck& check = *checks.front();
    check.result = co_await external_.check(check.provider, check.surface, check.asked, Moment::now(), since);
    co_return;
  }
  const std::size_t middle = checks.size() / 2;
  co_await async::both(run_checks(checks.first(middle), since), run_checks(checks.subspan(middle), since));
}

// A breaker that tries again lets one check through. When it was another one of this request and went well, those that
// it held back have their turn, in what that one left of the provider's time.
Task<void> Pipeline::repeat_held_back(std::span<OutsideCheck* const> checks, SteadyPoint since) {
  std::vector<OutsideCheck*> again;
  for (OutsideCheck* const check : checks) {
    const auto went_well = [check](const OutsideCheck* other) {
      return other->provider == check->provider && other->result.has_value();
    };
    if (!check->result && check->result.error().code == ErrorCode::overloaded && std::ranges::any_of(checks, went_well))
      again.push_back(check);
  }
  co_await run_checks(again, since);
}

Task<Pipeline::OutsideFindings> Pipeline::ask_outside(Request& request, std::vector<OutsideText> texts) {
  const GuardPtr guard = request.policy->guard();
  OutsideFindings all;
  all.found.resize(texts.size());
  std::vector<OutsideCheck> checks = outside_checks(request, texts);
  std::vector<OutsideCheck*> all_checks;
  for (OutsideCheck& check : checks) all_checks.push_back(&check);
  const SteadyPoint since = steady_now();
  co_await run_checks(all_checks, since);
  co_await repeat_held_back(all_checks, since);
  for (OutsideCheck& check : checks) {
    if (!check.result) {
      guard::provider_not_checked(*guard, request.guard_rules, check.surface, check.provider,
                                  reason_of(check.result.error()), all.missed);
      continue;
    }
    for (std::size_t i = 0; i < check.places.size(); ++i) {
      const std::string& text = texts[check.places[i]].text;
      const std::vector<guard::Finding>& found = check.result->findings[i];
      // Of a policy that was replaced meanwhile the provider may have been another one.
      if (found.empty() && request.policy == policy_ && clean_of(check).find(text, guard::Phase::input) == nullptr)
        clean_of(check).keep(text, guard::Phase::input, {});
      std::vector<guard::Finding>& of_text = all.found[check.places[i]];
      of_text.insert(of_text.end(), found.begin(), found.end());
    }
    all.kept.push_back(std::move(*check.result));
  }
  co_return all;
}

Task<Result<void>> Pipeline::guard_outside(Request& request) {
  const GuardPtr guard = request.policy->guard();
  if (!guard || !any_provider(request, {Surface::input, Surface::tool_results})) co_return Result<void>();
  Result<std::vector<OutsideText>> texts =
      guard_.outside_texts(*guard, request.guard_rules, request.target, BodyGuard::Side::request, request.plain_body());
  if (!texts) co_return fail(texts.error());
  OutsideFindings all = co_await ask_outside(request, *texts);
  note_outcomes(request, all.missed);
  if (all.missed.blocked_by()) co_return fail(blocked_error(request, all.missed));
  guard::BodyVerdict verdict = guard_.judge_outside(*guard, request.guard_rules, BodyGuard::Side::request,
                                                    request.plain_body(), *texts, all.found, *request.tokens);
  co_return take_verdict(request, std::move(verdict));
}

// What the local rules leave of an answer in which the client had its own texts back: they are for nobody else.
std::string Pipeline::without_restoring(const Request& request, const std::string& body) {
  Result<guard::BodyVerdict> left =
      guard_.answer(*request.policy->guard(), request.guard_rules, request.target.operation, body, guard::TokenVault());
  return left && left->body ? std::move(*left->body) : body;
}

// Answers that are no streams, after they went on: rules with a provider can only flag there (the policy says so).
Task<void> Pipeline::watch_outside(Request& request, std::string body) {
  const GuardPtr guard = request.policy->guard();
  if (!guard || !any_provider(request, {Surface::output, Surface::tool_arguments})) co_return;
  Result<std::vector<OutsideText>> texts =
      guard_.outside_texts(*guard, request.guard_rules, request.target, BodyGuard::Side::answer, body);
  guard::Outcomes outcomes;
  if (!texts) {
    guard::external_not_checked(*guard, request.guard_rules, all_surfaces, "the answer cannot be read", outcomes);
  } else {
    OutsideFindings all = co_await ask_outside(request, *texts);
    note_outcomes(request, all.missed);
    guard::TokenVault unused;
    outcomes =
        guard_.judge_outside(*guard, request.guard_rules, BodyGuard::Side::answer, body, *texts, all.found, unused)
            .outcomes;
  }
  note_outcomes(request, outcomes);
}

}  // namespace sluice::gateway
