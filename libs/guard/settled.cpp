// What of a text that goes on may be judged and go: the engine says what is settled, the rules how long they wait.
#include <algorithm>

#include "guard/guard_state.h"

namespace sluice::guard {
namespace {

constexpr std::size_t usual_window = 4096;  // of detectors whose widths no rule states, where a rule states no cap

std::optional<Detector> family_of(policy::DetectorKind kind) noexcept {
  switch (kind) {
    case policy::DetectorKind::secrets:
      return Detector::secrets;
    case policy::DetectorKind::pii:
      return Detector::pii;
    case policy::DetectorKind::injection:
      return Detector::injection;
    case policy::DetectorKind::custom:
      return Detector::custom;
    case policy::DetectorKind::limits:
    case policy::DetectorKind::external:
      break;
  }
  return std::nullopt;
}

Phase phase_of(policy::Surface surface) noexcept {
  return surface == policy::Surface::input || surface == policy::Surface::tool_results ? Phase::input : Phase::output;
}

// Whether some detector of the rule has no widest match, so that its cap decides how long it waits.
bool has_cap(const policy::GuardRule& rule, const CustomRules* custom) {
  return std::ranges::any_of(rule.detectors, [custom](const policy::DetectorUse& use) {
    if (use.kind != policy::DetectorKind::custom || custom == nullptr) return true;
    return std::ranges::any_of(use.names, [custom](const std::string& name) { return !custom->width(name); });
  });
}

// The longest match that a rule waits for.
std::size_t window_of(const policy::GuardRule& rule, const CustomRules* custom) {
  const std::size_t cap = rule.stream_cap_bytes > 0 ? static_cast<std::size_t>(rule.stream_cap_bytes) : usual_window;
  std::size_t window = 0;
  for (const policy::DetectorUse& use : rule.detectors) {
    if (use.kind != policy::DetectorKind::custom || custom == nullptr) {
      window = std::max(window, cap);
      continue;
    }
    for (const std::string& name : use.names) window = std::max(window, custom->width(name).value_or(cap));
  }
  return window;
}

}  // namespace

Guard::Split Guard::split(const Selection& rules) const {
  Split split;
  for (std::size_t surface = 0; surface < policy::surface_count; ++surface)
    for (const std::uint16_t rule : rules.rules[surface])
      (may_hold(state_->rules[rule].action) ? split.holding : split.watching).rules[surface].push_back(rule);
  return split;
}

InForce Guard::in_force(const Selection& holding, policy::Surface surface) const {
  InForce force{Families()};
  bool all_secrets = false;
  for (const std::uint16_t rule : holding.on(surface)) {
    if (!may_hold(state_->rules[rule].action)) continue;
    for (const CompiledUse& use : state_->rules[rule].uses) {
      if (const std::optional<Detector> family = family_of(use.kind)) force.families.add(*family);
      if (use.part)
        force.secrets.push_back(&*use.part);
      else if (use.kind == policy::DetectorKind::secrets)
        all_secrets = true;
    }
  }
  if (all_secrets) force.secrets.clear();
  return force;
}

Result<void> Guard::scan_held(std::string_view text, policy::Surface surface, const Selection& holding,
                              Scratch& scratch, std::vector<Finding>& findings) const {
  findings.clear();
  if (!state_->ready) return fail(ErrorCode::overloaded, "the guardrails are being compiled");
  if (!state_->engine) return {};
  return state_->engine->scan(text, phase_of(surface), in_force(holding, surface), scratch, findings);
}

Result<Guard::Settled> Guard::settle(std::string_view text, std::size_t from, policy::Surface surface,
                                     const Selection& holding, Scratch& scratch, std::vector<Finding>& findings) const {
  findings.clear();
  if (!state_->ready) return fail(ErrorCode::overloaded, "the guardrails are being compiled");
  const InForce force = in_force(holding, surface);
  Settled settled{.until = text.size(), .over_cap = {}};
  if (!state_->engine || force.families.empty()) return settled;
  const Result<std::size_t> until = state_->engine->scan_open(text, from, phase_of(surface), force, scratch, findings);
  if (!until) return fail(until.error());
  settled.until = *until;
  if (text.size() - settled.until <= window_bytes(holding, surface)) return settled;
  // What is open may be any rule's: it is over the cap when it is over that of the rule that waits longest. Then a rule
  // that blocks for it goes first, but not one that waits for its widest match: what is open is wider.
  std::size_t weight = 0;
  for (const std::uint16_t rule : holding.on(surface)) {
    const policy::GuardRule& waiting = state_->document.rules[rule];
    const std::size_t own = 1U + (has_cap(waiting, state_->custom.get()) ? 2U : 0U) +
                            (waiting.over_cap == policy::OnFailure::block ? 1U : 0U);
    if (own > weight) weight = own, settled.over_cap = rule;
  }
  return settled;
}

// Rules of files in gitleaks' format look for their keywords in the KiB before a match; all others look back less than
// a quarter of one.
std::size_t Guard::context_bytes() const noexcept {
  return state_->document.gitleaks.empty() ? 320 : 1280;
}

std::size_t Guard::window_bytes(const Selection& rules, policy::Surface surface) const {
  std::size_t window = 0;
  for (const std::uint16_t rule : rules.on(surface))
    if (may_hold(state_->rules[rule].action))
      window = std::max(window, window_of(state_->document.rules[rule], state_->custom.get()));
  return window;
}

}  // namespace sluice::guard
