// The patterns, word lists and topics of a policy document, as a family of rules.
//
// Findings carry the id as their rule, score 1 and the type "custom" or "topic". Different ids may find the same bytes:
// which of them matters is the policy's to say. Immutable; threads: any.
//
// Bounds: an expression compiles to at most 1 MiB in RE2 and 12,000 instructions for the pass (1,000,000 for all); a
// finite match is at most 16 KiB wide, 8 KiB where more than 64 characters are counted that may be none of ASCII.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/ruleset.h"
#include "policy/guardrails.h"

namespace sluice::guard {

class CustomRules final : public Ruleset {
 public:
  // What the ids in `used` stand for; expressions are tried in any case. invalid_argument with the path of the field.
  // The document must outlive the rules.
  static Result<std::shared_ptr<const CustomRules>> make(const policy::GuardrailDocument& document,
                                                         const std::set<std::string_view>& used);
  ~CustomRules() override;

  [[nodiscard]] Detector detector() const noexcept override { return Detector::custom; }
  void add_patterns(std::vector<Pattern>& patterns) const override;
  Judged confirm(std::uint32_t pattern, std::string_view text, std::size_t from, std::size_t end,
                 std::vector<Finding>& findings) const override;
  void finish(std::string_view text, Phase phase, std::vector<Finding>& findings) const override;
  // Of what rules may change or end an answer for; what others only flag, topics among it, holds nothing.
  std::size_t finish_open(std::string_view text, std::size_t from, Phase phase, std::span<const Part* const> parts,
                          std::vector<Finding>& findings) const override;

  // "patterns[7].regex", "word_lists[0].words[3]"
  [[nodiscard]] std::string path_of(std::uint32_t pattern) const;
  // The widest match of a pattern or word list in bytes; absent: without end. Topics: the window.
  [[nodiscard]] std::optional<std::size_t> width(std::string_view id) const;

 private:
  struct State;
  explicit CustomRules(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard
