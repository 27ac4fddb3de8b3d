// One text of a streamed answer (a choice's words, a tool call's arguments) while it grows.
//
// It is kept as the bytes between the quotes of its JSON strings, one after the other: so an escape that two events
// share, or a pair of surrogates, is read whole. Pure; threads: one at a time.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/json_text.h"
#include "guard/guard.h"
#include "guard/outcome.h"

namespace sluice::guard {

// What is put in place of some bytes of the lane; `begin` and `end` count from the lane's first byte.
struct LaneEdit {
  std::uint64_t begin = 0, end = 0;
  std::string bytes;
};

class StreamLane {
 public:
  struct Under {
    const Guard& guard;
    const Guard::Split& rules;
    const TokenVault* tokens = nullptr;
    Guard::Scratch& scratch;
    Outcomes& outcomes;
  };
  StreamLane(policy::Surface surface, dialect::Nesting nesting) : surface_(surface), nesting_(nesting) {}

  void append(std::string_view raw);
  // Judges what nothing to come can change (with `ends`: everything) and appends the edits it takes. False when a rule
  // blocks: then settled() is where the match begins.
  enum class Goes : std::uint8_t { on, ends };
  bool judge(Under under, Goes goes, std::vector<LaneEdit>& edits);

  [[nodiscard]] std::uint64_t size() const noexcept { return start_ + raw_.size(); }  // bytes so far
  [[nodiscard]] std::uint64_t settled() const noexcept { return start_; }             // of them judged

 private:
  void judge_open(const Under& under, Goes goes, std::vector<LaneEdit>& edits);
  // How far the text behind `from` is settled; `findings` are those of it.
  Result<Guard::Settled> look(const Under& under, Goes goes, std::string_view text, std::size_t from,
                              std::vector<Finding>& findings) const;
  // Edits for tokens and matches in text[from, until); where a rule blocks, the text from there on is not settled.
  std::size_t take(const Under& under, std::string_view text, std::size_t from, std::size_t until,
                   const std::vector<Finding>& findings, std::vector<LaneEdit>& edits);
  [[nodiscard]] LaneEdit edit_of(std::size_t begin, std::size_t end, std::string_view replacement) const;
  [[nodiscard]] std::size_t half_escape(std::string_view text) const noexcept;
  void settle(std::string_view text, std::size_t from, std::size_t until);
  void pass_cap(const Under& under, std::uint16_t rule);
  void not_checked(const Under& under, std::string_view reason);
  void judge_whole(const Under& under);

  policy::Surface surface_;
  dialect::Nesting nesting_;
  std::uint64_t start_ = 0;  // of raw_, in the lane
  std::string raw_;          // open
  std::string context_;      // the text in front of it, as far as rules look back
  std::string whole_;        // all text, for rules that only watch; bounded
  dialect::JsonText decoded_;
  std::vector<Match> matches_;
  bool blocked_ = false;
};

}  // namespace sluice::guard
