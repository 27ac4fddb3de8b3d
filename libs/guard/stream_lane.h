// One text of a streamed answer: the deltas of a lane, joined. Private to libs/guard.
//
// The deltas are kept as they stand in JSON and decoded together: an escape, a surrogate pair or an inner escape of
// arguments that two deltas share is then one character. What is settled has gone; of it only as much is kept as rules
// look back.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/json_text.h"
#include "guard/guard.h"
#include "guard/outcome.h"
#include "guard/stream_edits.h"

namespace sluice::guard {

enum class MoreText : std::uint8_t {
  follows,
  perhaps,  // what is open need not wait; should it go on all the same, the rules' cap is passed
  none,
};

// Tells a text that is repeated from others: its size and a hash (FNV-1a, without a key), as it stands in JSON. For
// counts only: a text with a known mark is scanned, edited and blocked like every other. Whoever makes two texts of one
// size collide has what is flagged or redacted in the second recorded with the first.
struct TextMark {
  std::size_t size = 0;
  std::uint64_t hash = 14695981039346656037U;
  void add(std::string_view raw) noexcept {
    size += raw.size();
    for (const char c : raw) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  bool operator==(const TextMark&) const = default;
};

// What all texts of a stream are judged with.
struct StreamJudge {
  const Guard& guard;
  const Guard::Split& rules;
  const TokenVault& restored;
  Outcomes& outcomes;
  Guard::Scratch* scratch = nullptr;  // of the thread that feeds
  dialect::JsonText text = {};
  std::vector<Finding> findings = {};
  std::vector<Match> matches = {};
  std::vector<dialect::TextEdit> edits = {};
  // Of a text that was counted already only what blocks is told again.
  enum class Counting : std::uint8_t { all, blocks } counting = Counting::all;
  std::size_t counted = 0;  // findings, since the stream began

  // A check that did not run: recorded for every rule of the surface; true when one of them blocks for it.
  bool not_checked(policy::Surface surface, std::string_view reason);
  // Judges `findings` of a text that is settled up to `until` by the rules that hold: `edits` for what lies in
  // [from, until). When more text follows, `until` moves back in front of a token that is not complete. False: blocked.
  bool judge(std::string_view whole, policy::Surface surface, std::size_t from, MoreText more, std::size_t& until);
  // A text that is complete in itself. False: blocked.
  bool whole(std::string_view raw, dialect::Nesting nesting, policy::Surface surface, std::size_t data_begin,
             QueuedEvent& event);
  // Records what the rules that do not hold say of `text`, for matches that begin in [from, until).
  void watch(std::string_view text, policy::Surface surface, std::size_t from, std::size_t until);
  [[nodiscard]] bool holds(policy::Surface surface) const;

 private:
  void count(policy::Surface surface, const Match& match);
  void find_tokens(std::string_view whole, std::size_t from, MoreText more, std::size_t& until);
};

class StreamLane {
 public:
  StreamLane(dialect::Lane lane, dialect::Nesting nesting, policy::Surface surface)
      : lane_(lane), nesting_(nesting), surface_(surface) {}
  [[nodiscard]] const dialect::Lane& lane() const noexcept { return lane_; }

  // A delta; the event waits for it if a rule holds. `event` must stay where it is until it waits no longer.
  void add(const StreamJudge& judge, std::string_view raw, QueuedEvent& event, std::size_t data_begin);
  // Settles what can be settled and tells the events. False: blocked.
  bool settle(StreamJudge& judge, MoreText more);
  // The model turned to another text, or says that this one is over: what is open goes as it stands. False: blocked.
  bool leave(StreamJudge& judge) { return hold(judge, MoreText::perhaps); }
  bool end(StreamJudge& judge);
  // Judges what has come by the rules that hold nothing back; with `none` all of it.
  void watch(StreamJudge& judge, MoreText more);
  // All deltas so far, and what was found in them.
  [[nodiscard]] const TextMark& said() const noexcept { return said_; }
  [[nodiscard]] std::size_t found() const noexcept { return found_; }
  [[nodiscard]] policy::Surface surface() const noexcept { return surface_; }
  [[nodiscard]] bool is_new() const noexcept { return !begun_; }
  [[nodiscard]] bool is_over() const noexcept { return over_ && slots_.empty(); }
  // The provider says that nothing follows; what does all the same continues the text.
  void complete() noexcept { complete_ = true; }
  [[nodiscard]] bool is_complete() const noexcept { return complete_; }

 private:
  struct Slot {
    QueuedEvent* event = nullptr;
    std::size_t begin = 0, end = 0;  // offsets of the whole lane
    std::size_t data_begin = 0;
  };
  bool hold(StreamJudge& judge, MoreText more);
  [[nodiscard]] bool passed_cap(const StreamJudge& judge, std::size_t until) const;
  void edit(const StreamJudge& judge);
  void release(std::size_t settled);
  void forget(const StreamJudge& judge, std::size_t settled);

  dialect::Lane lane_;
  dialect::Nesting nesting_;
  policy::Surface surface_;
  std::string raw_;         // bounded by the rules' window, an event and what rules look back
  std::size_t base_ = 0;    // offset of raw_ in the lane
  std::size_t from_ = 0;    // in the text of raw_: settled before it
  std::size_t judged_ = 0;  // of raw_
  std::size_t open_ = 0;    // bytes of raw_ that were open then
  std::size_t left_ = 0;    // offset in the lane: what was open before it has gone
  bool begun_ = false, over_ = false, complete_ = false;
  TextMark said_;
  std::size_t found_ = 0;
  std::deque<Slot> slots_;
  std::string watched_;  // for the rules that hold nothing back
  std::size_t watched_from_ = 0;
};

}  // namespace sluice::guard
