// The guardrails of a policy, compiled: which rules stand for whom, what they find in a text, and what is done about
// it.
//
//   auto guard = Guard::compile(document, options);             // off the serving threads: may take seconds
//   Guard::Selection rules = (*guard)->select({.user = …, .team = …, .key = …, .app = …});
//   if (!rules.any(Surface::input)) …                           // no rule: nothing is looked at
//   (*guard)->scan(text, Phase::input, scratch, findings);      // depends on the text alone: may be kept
//   (*guard)->judge(text, findings, Surface::input, rules, matches);
//
// Pure; immutable, shared by all threads, swapped whole. One Scratch per thread.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialect/segments.h"
#include "guard/engine.h"
#include "policy/guardrails.h"

namespace sluice::guard {

struct Subject {
  std::string_view user = {}, team = {}, key = {}, app = {};
};

// What a rule says about a piece of text. Views live as long as the Guard.
struct Match {
  std::uint32_t start = 0, end = 0;  // bytes of the text
  std::uint16_t rule = 0;            // index in document().rules
  policy::GuardAction action = policy::GuardAction::flag;
  Detector detector = Detector::custom;
  std::string_view found_by = {};  // the detector's rule: "github-pat"
  std::string_view type = {};      // "secret"
  std::size_t measured = 0;        // limits: bytes of text, attachments of the modality
};

class Guard {
 public:
  struct Options {
    // Keys hashes and tokens; 32 bytes or more, the same on all gateways of a deployment.
    Secret hash_key;
    // Runs the jobs of a compilation, side by side if it can (PatternDatabase::Options). Empty: one after the other.
    std::function<void(std::vector<std::function<void()>>)> run_all = {};
    // A cache of compiled patterns by a key of this class's making (one for each version of the pattern compiler and
    // kind of processor; what is kept under it serves later documents as far as their patterns are the same). What
    // `cached` gives must be what `keep` was given: it is run, not checked. Both may be empty.
    std::function<std::optional<std::string>(std::string_view key)> cached = {};
    std::function<void(std::string_view key, std::string_view compiled)> keep = {};
  };
  // invalid_argument with the path of the field: "rules[1].detectors[0]: …", "patterns[7].regex: …".
  static Result<std::shared_ptr<const Guard>> compile(policy::GuardrailDocument document, Options options);
  // The same rules before their detectors are compiled: every scan fails, so that each rule's on_failure decides. Only
  // what costs time is left out; what compile() would refuse for another reason than its expressions is refused.
  static Result<std::shared_ptr<const Guard>> unready(policy::GuardrailDocument document, Options options);
  ~Guard();

  [[nodiscard]] const policy::GuardrailDocument& document() const noexcept;
  [[nodiscard]] bool is_ready() const noexcept;  // false: made by unready()
  [[nodiscard]] std::size_t database_bytes() const noexcept;

  // The enabled rules that stand for a subject, by surface, in the document's order.
  struct Selection {
    std::array<std::vector<std::uint16_t>, policy::surface_count> rules;
    [[nodiscard]] const std::vector<std::uint16_t>& on(policy::Surface surface) const {
      return rules[static_cast<std::size_t>(surface)];
    }
    [[nodiscard]] bool any(policy::Surface surface) const { return !on(surface).empty(); }
  };
  [[nodiscard]] Selection select(const Subject& subject) const;
  // Whether any of the rules may change or end an answer (redact, block): only then is a stream held back.
  [[nodiscard]] bool interferes(const Selection& rules, policy::Surface surface) const;

  using Scratch = Engine::Scratch;
  // All findings of all detectors in force, low scores included.
  Result<void> scan(std::string_view text, Phase phase, Scratch& scratch, std::vector<Finding>& findings) const;
  // Replaces `matches` by what the rules say: in order of start, allow-lists and thresholds applied. Matches that
  // change the text (redact) do not overlap each other: the stronger, then the longer one stays, widened over what it
  // hides.
  void judge(std::string_view text, const std::vector<Finding>& findings, policy::Surface surface,
             const Selection& rules, std::vector<Match>& matches) const;

  // Which limits a request breaks, appended to `matches` with start and end 0: found_by is the modality or "max_bytes".
  void check_limits(const Selection& rules, const std::vector<dialect::Modality>& attachments, std::size_t text_bytes,
                    std::vector<Match>& matches) const;

  // Streams. Only rules that may change or end an answer (redact, block) hold it back; the others judge what has gone.
  struct Split {
    Selection holding, watching;
  };
  [[nodiscard]] Split split(const Selection& rules) const;
  // `text` is the newest part of a text that goes on: what `from` bounds was settled before, context_bytes() of it or
  // more stand in front (or the text's own beginning). `findings` are replaced by those that end at or before `until`:
  // no continuation adds to them, changes them or takes them away, so that text up to there may be judged and go.
  struct Settled {
    std::size_t until = 0;
    std::optional<std::uint16_t> over_cap;  // the rule whose stated cap is passed by what is open
  };
  Result<Settled> settle(std::string_view text, std::size_t from, policy::Surface surface, const Selection& holding,
                         Scratch& scratch, std::vector<Finding>& findings) const;
  // The findings of a text that does not go on, by the same rules.
  Result<void> scan_held(std::string_view text, policy::Surface surface, const Selection& holding, Scratch& scratch,
                         std::vector<Finding>& findings) const;
  [[nodiscard]] std::size_t context_bytes() const noexcept;
  // What may be held back of one text at most: the widest match of the rules, or their stated cap. 0: nothing.
  [[nodiscard]] std::size_t window_bytes(const Selection& rules, policy::Surface surface) const;

  // What stands in place of a redacted match, by its rule's form.
  [[nodiscard]] std::string replacement(const Match& match, std::string_view matched) const;

 private:
  friend struct GuardCompiler;
  [[nodiscard]] InForce in_force(const Selection& holding, policy::Surface surface) const;
  struct State;
  explicit Guard(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard
