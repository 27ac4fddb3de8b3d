// Engine: the families of rules that are in force, compiled into one pass.
//
//   auto engine = Engine::make({secrets, pii, injection}, refused);
//   Engine::Scratch scratch;                     // one per thread
//   engine->scan(text, Phase::input, scratch, findings);
//
// Pure; an engine is immutable and shared, swapped whole when the policy changes. Time and memory are bounded by the
// text's length. Invalid UTF-8 is scanned as bytes.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/finding.h"
#include "guard/pattern_database.h"
#include "guard/ruleset.h"

namespace sluice::guard {

class Engine {
 public:
  struct Refusal {
    Detector detector = Detector::custom;
    PatternRefusal pattern;  // the id is the ruleset's own
  };
  using Options = PatternDatabase::Options;
  // Patterns that cannot be compiled are named in `refused`; the caller decides whether that refuses the policy.
  static Result<std::shared_ptr<const Engine>> make(std::vector<std::shared_ptr<const Ruleset>> rulesets,
                                                    std::vector<Refusal>& refused, Options options);
  static Result<std::shared_ptr<const Engine>> make(std::vector<std::shared_ptr<const Ruleset>> rulesets,
                                                    std::vector<Refusal>& refused) {
    return make(std::move(rulesets), refused, Options());
  }
  ~Engine();

  class Scratch {
   public:
    Scratch();
    ~Scratch();
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;

   private:
    friend class Engine;
    struct State;
    std::unique_ptr<State> state_;
  };
  // Replaces `findings` by what stands in the text, in order of start, then end, then detector. Findings of different
  // families may overlap; each family resolves its own overlaps.
  Result<void> scan(std::string_view text, Phase phase, Scratch& scratch, std::vector<Finding>& findings) const;
  [[nodiscard]] const PatternDatabase& database() const noexcept;
  [[nodiscard]] std::size_t database_bytes() const noexcept;

 private:
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard
