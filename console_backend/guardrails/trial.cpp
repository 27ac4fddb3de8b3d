#include "console_backend/guardrails/trial.h"

#include <algorithm>

namespace sluice::console {

namespace {

guard::Phase phase_of(policy::Surface surface) {
  const bool towards_model = surface == policy::Surface::input || surface == policy::Surface::tool_results;
  return towards_model ? guard::Phase::input : guard::Phase::output;
}

void add_not_run(const policy::GuardRule& rule, Trial& trial) {
  for (const policy::DetectorUse& use : rule.detectors) {
    if (use.kind == policy::DetectorKind::external) {
      trial.not_run.push_back({rule.id, "external checks are asked by gateways only"});
    }
    if (!use.modalities.empty()) trial.not_run.push_back({rule.id, "a text has no images, audio, video or files"});
  }
}

std::string redacted(const guard::Guard& guard, std::string_view text, const std::vector<guard::Match>& matches) {
  std::string out;
  std::size_t done = 0;
  for (const guard::Match& match : matches) {
    if (match.action != policy::GuardAction::redact || match.start < done) continue;
    out.append(text.substr(done, match.start - done));
    out.append(guard.replacement(match, text.substr(match.start, match.end - match.start)));
    done = match.end;
  }
  return out.append(text.substr(done));
}

}  // namespace

Result<Trial> try_text(const guard::Guard& guard, const TrialText& given) {
  const std::vector<policy::GuardRule>& rules = guard.document().rules;
  const guard::Guard::Selection chosen =
      guard.select({.user = given.user, .team = given.team, .key = given.key, .app = given.app});
  Trial trial;
  guard::Guard::Scratch scratch;
  Result<void> scanned = guard.scan(given.text, phase_of(given.surface), scratch, trial.findings);
  if (!scanned) return fail(scanned.error());
  std::vector<guard::Match> matches;
  guard.judge(given.text, trial.findings, given.surface, chosen, matches);
  for (const std::uint16_t index : chosen.on(given.surface)) {
    trial.rules.push_back(rules[index].id);
    add_not_run(rules[index], trial);
  }
  trial.redacted = redacted(guard, given.text, matches);
  if (given.surface == policy::Surface::input) guard.check_limits(chosen, {}, given.text.size(), matches);
  for (const guard::Match& match : matches) {
    trial.outcomes.add(rules[match.rule], given.surface, match);
    trial.matches.push_back({rules[match.rule].id, match.action, match.start, match.end,
                             std::string(guard::name_of(match.detector)), std::string(match.found_by),
                             std::string(match.type)});
  }
  for (std::size_t i = 0; i < rules.size() && !trial.blocked_by; ++i) {
    const bool blocks = std::ranges::any_of(trial.matches, [&](const TrialMatch& match) {
      return match.action == policy::GuardAction::block && match.rule == rules[i].id;
    });
    if (!blocks) continue;
    trial.blocked_by = i;
    trial.outcomes.block(static_cast<std::uint16_t>(i));
  }
  return trial;
}

}  // namespace sluice::console
