// External providers in the pipeline. They come after the local rules and see what these left, never what was redacted.
// A text in which a provider found nothing is not sent to it again while the policy stays.
#include <array>
#include <deque>

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

Task<Pipeline::OutsideFindings> Pipeline::ask_outside(Request& request, std::vector<OutsideText> texts) {
  const GuardPtr guard = request.policy->guard();
  OutsideFindings all;
  all.found.resize(texts.size());
  for (const Surface surface : all_surfaces) {
    for (const std::string_view provider : guard::providers_on(*guard, request.guard_rules, surface)) {
      const std::string memory = std::string(provider).append("/").append(policy::name_of(surface));
      const auto clean = [&] {
        return &clean_outside_.try_emplace(memory, memory_of_provider, std::size_t{1}).first->second;
      };
      std::vector<std::size_t> places;
      std::vector<std::string_view> asked;
      for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].surface != surface || clean()->find(texts[i].text, guard::Phase::input) != nullptr) continue;
        places.push_back(i);
        asked.emplace_back(texts[i].text);
      }
      if (asked.empty()) continue;
      Result<ExternalResult> result = co_await external_.check(std::string(provider), surface, asked, Moment::now());
      if (!result) {
        guard::provider_not_checked(*guard, request.guard_rules, surface, provider, reason_of(result.error()),
                                    all.missed);
        continue;
      }
      for (std::size_t i = 0; i < places.size(); ++i) {
        const std::vector<guard::Finding>& found = result->findings[i];
        // Of a policy that was replaced meanwhile the provider may have been another one.
        if (found.empty() && request.policy == policy_ &&
            clean()->find(texts[places[i]].text, guard::Phase::input) == nullptr)
          clean()->keep(texts[places[i]].text, guard::Phase::input, {});
        all.found[places[i]].insert(all.found[places[i]].end(), found.begin(), found.end());
      }
      all.kept.push_back(std::move(*result));
    }
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
