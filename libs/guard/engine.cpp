#include "guard/engine.h"

#include <algorithm>
#include <tuple>

namespace sluice::guard {
namespace {

// What customers write is in shards of its own, so that a cache serves the families that are built in whatever changes
// there. Those share theirs: each shard is a pass over the text.
constexpr std::uint8_t groups_of_a_family = 8;

std::uint8_t group_of(Detector detector, std::uint8_t own) noexcept {
  return static_cast<std::uint8_t>((detector == Detector::custom ? groups_of_a_family : 0) + own);
}

struct Owner {
  std::uint32_t ruleset = 0;
  std::uint32_t local = 0;
  std::uint32_t judged_as = 0;  // pattern id of the database
};

}  // namespace

struct Engine::State {
  std::vector<std::shared_ptr<const Ruleset>> rulesets;
  std::vector<Owner> owners;  // by pattern id of the database
  PatternDatabase database;
};

struct Engine::Scratch::State {
  PatternDatabase::Scratch patterns;
  struct Progress {
    std::uint32_t until = 0, from = 0;  // see Judged
  };
  std::vector<Progress> settled;                 // by pattern id
  std::vector<std::uint32_t> touched;            // ids whose `settled` is not at the start
  std::vector<std::vector<Finding>> by_ruleset;  // memory is kept between scans
};

Engine::Scratch::Scratch() : state_(std::make_unique<State>()) {}
Engine::Scratch::~Scratch() = default;
Engine::Scratch::Scratch(Scratch&&) noexcept = default;
Engine::Scratch& Engine::Scratch::operator=(Scratch&&) noexcept = default;

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

Result<std::shared_ptr<const Engine>> Engine::make(std::vector<std::shared_ptr<const Ruleset>> rulesets,
                                                   std::vector<Refusal>& refused, Options options) {
  auto state = std::make_unique<State>();
  state->rulesets = std::move(rulesets);
  std::vector<Pattern> all;
  for (std::uint32_t i = 0; i < state->rulesets.size(); ++i) {
    std::vector<Pattern> own;
    state->rulesets[i]->add_patterns(own);
    const auto first = static_cast<std::uint32_t>(state->owners.size());
    for (Pattern& pattern : own) {
      state->owners.resize(std::max<std::size_t>(state->owners.size(), first + pattern.id + 1), Owner{.ruleset = i});
      state->owners[first + pattern.id] = {i, pattern.id, first + state->rulesets[i]->judged_as(pattern.id)};
      pattern.id += first;
      pattern.group = group_of(state->rulesets[i]->detector(), pattern.group);
      all.push_back(std::move(pattern));
    }
  }
  std::vector<PatternRefusal> bad;
  Result<PatternDatabase> database = PatternDatabase::compile(all, bad, std::move(options));
  if (!database) return fail(database.error());
  for (PatternRefusal& refusal : bad) {
    const Owner owner = state->owners[refusal.id];
    refused.push_back({state->rulesets[owner.ruleset]->detector(), {owner.local, std::move(refusal.reason)}});
  }
  state->database = std::move(*database);
  return std::shared_ptr<const Engine>(new Engine(std::move(state)));
}

namespace {

// Hands each match to the ruleset that owns the pattern, unless the pattern is settled beyond it.
template <class EngineState, class ScratchState>
class Dispatch final : public PatternDatabase::Sink {
 public:
  Dispatch(const EngineState& engine, ScratchState& scratch, std::string_view text, Families families)
      : engine_(engine), scratch_(scratch), text_(text), families_(families) {}

  void matched(std::uint32_t id, std::size_t end) override {
    const auto [ruleset, local, judged_as] = engine_.owners[id];
    auto& settled = scratch_.settled[judged_as];
    if (end <= settled.until) return;
    if (!families_.has(engine_.rulesets[ruleset]->detector())) return;
    const Judged judged =
        engine_.rulesets[ruleset]->confirm(local, text_, settled.from, end, scratch_.by_ruleset[ruleset]);
    if (judged.until == settled.from && judged.from == settled.from) return;
    if (settled.until == 0) scratch_.touched.push_back(judged_as);
    settled = {static_cast<std::uint32_t>(std::max(judged.until, end)), static_cast<std::uint32_t>(judged.from)};
  }

 private:
  const EngineState& engine_;
  ScratchState& scratch_;
  std::string_view text_;
  Families families_;
};

constexpr auto order = [](const Finding& f) { return std::tuple(f.start, f.end, f.detector, f.rule); };

}  // namespace

// Leaves in `scratch` what the patterns in force found.
Result<void> Engine::pass(std::string_view text, const InForce& force, Scratch& scratch) const {
  Scratch::State& work = *scratch.state_;
  work.settled.resize(std::max(work.settled.size(), state_->owners.size()));
  work.by_ruleset.resize(std::max(work.by_ruleset.size(), state_->rulesets.size()));
  for (std::vector<Finding>& own : work.by_ruleset) own.clear();

  Dispatch<State, Scratch::State> dispatch(*state_, work, text, force.families);
  Result<void> scanned = state_->database.scan(text, work.patterns, dispatch);
  for (const std::uint32_t id : work.touched) work.settled[id] = {};
  work.touched.clear();
  for (std::size_t i = 0; i < state_->rulesets.size(); ++i) {
    const std::span<const Part* const> parts = force.parts(state_->rulesets[i]->detector());
    if (parts.empty()) continue;
    std::erase_if(work.by_ruleset[i], [parts](const Finding& finding) {
      return std::ranges::none_of(parts, [&](const Part* part) { return part->has(finding.rule); });
    });
  }
  return scanned;
}

Result<void> Engine::scan(std::string_view text, Phase phase, const InForce& force, Scratch& scratch,
                          std::vector<Finding>& findings) const {
  findings.clear();
  Result<void> passed = pass(text, force, scratch);
  if (!passed) return passed;
  Scratch::State& work = *scratch.state_;
  for (std::size_t i = 0; i < state_->rulesets.size(); ++i) {
    if (!force.families.has(state_->rulesets[i]->detector())) continue;
    state_->rulesets[i]->finish(text, phase, work.by_ruleset[i]);
    findings.insert(findings.end(), work.by_ruleset[i].begin(), work.by_ruleset[i].end());
  }
  if (!std::ranges::is_sorted(findings, {}, order)) std::ranges::sort(findings, {}, order);
  return {};
}

const PatternDatabase& Engine::database() const noexcept {
  return state_->database;
}
Result<std::size_t> Engine::scan_open(std::string_view text, std::size_t from, Phase phase, const InForce& force,
                                      Scratch& scratch, std::vector<Finding>& findings) const {
  findings.clear();
  if (force.families.empty()) return text.size();
  Result<void> passed = pass(text, force, scratch);
  if (!passed) return fail(passed.error());
  Scratch::State& work = *scratch.state_;
  std::size_t open = text.size();
  for (std::size_t i = 0; i < state_->rulesets.size(); ++i) {
    const Ruleset& rules = *state_->rulesets[i];
    if (!force.families.has(rules.detector())) continue;
    open = std::min(
        open, std::max(from, rules.finish_open(text, from, phase, force.parts(rules.detector()), work.by_ruleset[i])));
    findings.insert(findings.end(), work.by_ruleset[i].begin(), work.by_ruleset[i].end());
  }
  // What one family has settled may reach into what another has not: they are judged together.
  std::ranges::sort(findings, {}, order);
  for (bool moved = true; moved && open > from;) {
    moved = false;
    for (const Finding& finding : findings)
      if (finding.start < open && finding.end > open) open = std::max<std::size_t>(from, finding.start), moved = true;
  }
  std::erase_if(findings, [&](const Finding& finding) { return finding.start >= open; });
  return open;
}

std::size_t Engine::database_bytes() const noexcept {
  return state_->database.bytes();
}

}  // namespace sluice::guard
