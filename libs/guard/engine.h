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

// A set of families.
class Families {
 public:
  static constexpr Families all() noexcept { return Families(0xFFU); }
  constexpr Families() noexcept = default;
  constexpr void add(Detector detector) noexcept { bits_ |= 1U << static_cast<unsigned>(detector); }
  [[nodiscard]] constexpr bool has(Detector detector) const noexcept {
    return (bits_ >> static_cast<unsigned>(detector) & 1U) != 0;
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }

 private:
  explicit constexpr Families(unsigned bits) noexcept : bits_(bits) {}
  unsigned bits_ = 0;
};

// What is looked for: families, of secrets perhaps some rules only.
struct InForce {
  Families families;
  std::vector<const Part*> secrets = {};    // none: all of them
  InForce(Families all) : families(all) {}  // NOLINT(google-explicit-constructor): mostly whole families
  [[nodiscard]] std::span<const Part* const> parts(Detector detector) const noexcept {
    return detector == Detector::secrets ? std::span<const Part* const>(secrets) : std::span<const Part* const>();
  }
};

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
  Result<void> scan(std::string_view text, Phase phase, Scratch& scratch, std::vector<Finding>& findings) const {
    return scan(text, phase, Families::all(), scratch, findings);
  }
  Result<void> scan(std::string_view text, Phase phase, const InForce& force, Scratch& scratch,
                    std::vector<Finding>& findings) const;
  [[nodiscard]] const PatternDatabase& database() const noexcept;
  // As scan(), for a text that goes on (Ruleset::finish_open): only findings that nothing to come can change, and the
  // offset up to which the text is settled, no less than `from`. Findings end at or before it. What was settled before
  // must stand in front of `from` as far as rules look back (Guard::context_bytes()).
  Result<std::size_t> scan_open(std::string_view text, std::size_t from, Phase phase, const InForce& force,
                                Scratch& scratch, std::vector<Finding>& findings) const;
  [[nodiscard]] std::size_t database_bytes() const noexcept;

 private:
  Result<void> pass(std::string_view text, const InForce& force, Scratch& scratch) const;
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard
