#include "guard/stream_guard.h"

#include <algorithm>

#include "guard/stream_lane.h"

namespace sluice::guard {
namespace {

using policy::Surface;

constexpr std::size_t largest_event = 8 * 1024 * 1024;  // pictures come in one event
constexpr std::size_t most_lanes = 256;                 // that are not over
constexpr std::size_t most_repeated = 1024;             // texts that are known again
constexpr std::size_t most_waiting = 8 * 1024 * 1024;   // bytes of events that may wait for texts that are open

Surface surface_of(dialect::SegmentKind kind) noexcept {
  return kind == dialect::SegmentKind::tool_arguments ? Surface::tool_arguments : Surface::output;
}

std::string_view trimmed(std::string_view data) noexcept {
  const std::size_t begin = data.find_first_not_of(" \t\n");
  return begin == std::string_view::npos ? std::string_view()
                                         : data.substr(begin, data.find_last_not_of(" \t\n") + 1 - begin);
}

}  // namespace

struct StreamGuard::State {
  State(std::shared_ptr<const Guard> of, const Guard::Selection& selection, dialect::Operation what,
        std::shared_ptr<const TokenVault> tokens)
      : guard(std::move(of)),
        rules(guard->split(selection)),
        operation(what),
        vault(tokens ? std::move(tokens) : std::make_shared<const TokenVault>()),
        judge{.guard = *guard, .rules = rules, .restored = *vault, .outcomes = outcomes} {}

  std::shared_ptr<const Guard> guard;
  Guard::Split rules;
  dialect::Operation operation;
  std::shared_ptr<const TokenVault> vault;
  Outcomes outcomes;
  StreamJudge judge;
  SseFrames frames{largest_event};
  dialect::ContentReader reader;
  std::deque<QueuedEvent> queue;  // bounded by the lanes' windows: an event waits for a text that is open
  std::vector<std::unique_ptr<StreamLane>> lanes;
  bool blocked = false;
  std::size_t held = 0, most_held = 0, said = 0;
  SteadyPoint::duration longest_delay{};

  // Texts that came whole, and what was found in them.
  struct Whole {
    Surface surface = Surface::output;
    std::uint32_t choice = 0;
    TextMark mark;
    std::size_t found = 0;
  };
  std::vector<Whole> wholes;  // at most most_repeated

  // False: blocked.
  bool take(SseFrame frame, SteadyPoint now);
  bool take_event(QueuedEvent& event);
  bool take_slot(const dialect::Slot& slot, QueuedEvent& event);
  bool take_call(const dialect::CallEdge& edge);
  bool take_whole(const dialect::Slot& slot, std::string_view raw, Surface surface, QueuedEvent& event);
  bool not_checked(std::string_view reason);
  bool make_room();
  bool leave_others(const StreamLane& newest);
  bool bound_waiting();
  void watch_rest() {
    for (const auto& lane : lanes) lane->watch(judge, MoreText::none);
  }
  void release(SteadyPoint now, std::string& out);
  Verdict ended() {
    watch_rest();
    queue.clear();
    lanes.clear();
    held = 0;
    blocked = true;
    return Verdict::blocked;
  }
};

bool StreamGuard::State::not_checked(std::string_view reason) {
  const bool by_output = judge.not_checked(Surface::output, reason);
  const bool by_arguments = judge.not_checked(Surface::tool_arguments, reason);
  return by_output || by_arguments;
}

// A long answer has many texts, one after the other, and a long call many values. A value that is complete keeps its
// lane while there are others: what a provider that leaves out `willContinue` says of the path after that continues the
// text, so that a match across the two is seen. Only when the lanes run out, the one that has been complete for the
// longest time goes; what comes of its path then is a text of its own. False: blocked.
bool StreamGuard::State::make_room() {
  if (lanes.size() < most_lanes) return true;
  std::erase_if(lanes, [](const auto& lane) { return lane->is_over(); });
  if (lanes.size() < most_lanes) return true;
  const auto oldest = std::ranges::find_if(lanes, [](const auto& lane) { return lane->is_complete(); });
  if (oldest == lanes.end()) return true;
  if (!(*oldest)->end(judge)) return false;
  if ((*oldest)->is_over()) lanes.erase(oldest);
  return true;
}

// Of one choice a model says one thing at a time: thoughts, words, a call. What it turned away from need not keep back
// what it says now, and mostly nothing tells that it is over. Calls may be told side by side once they have begun.
bool StreamGuard::State::leave_others(const StreamLane& newest) {
  for (const auto& lane : lanes) {
    const dialect::Lane &old = lane->lane(), &now = newest.lane();
    if (lane.get() == &newest || old.choice != now.choice) continue;
    if (!newest.is_new() && old.kind == now.kind && old.reasoning == now.reasoning) continue;
    if (!lane->leave(judge)) return false;
  }
  return true;
}

// One text that stays open would otherwise collect all that others say.
bool StreamGuard::State::bound_waiting() {
  if (held <= most_waiting) return true;
  if (not_checked("more waits than may be held back")) return false;
  return std::ranges::all_of(lanes, [this](const auto& lane) { return lane->leave(judge); });
}

// The Responses API says a text up to five times: in deltas, when text, part and item are done, and with the response.
// It is judged and edited each time, and counted once for each output item.
bool StreamGuard::State::take_whole(const dialect::Slot& slot, std::string_view raw, Surface surface,
                                    QueuedEvent& event) {
  const auto judged = [&] { return judge.whole(raw, slot.nesting, surface, slot.span.begin, event); };
  if (operation != dialect::Operation::responses) return judged();
  TextMark mark;
  mark.add(raw);
  const auto lane = std::ranges::find_if(lanes, [&](const auto& one) {
    return one->surface() == surface && one->lane().choice == slot.lane.choice && one->said() == mark;
  });
  // What was held of it until now is counted first.
  if (lane != lanes.end() && !(*lane)->end(judge)) return false;
  const auto known = std::ranges::find_if(wholes, [&](const Whole& one) {
    return one.surface == surface && one.choice == slot.lane.choice && one.mark == mark;
  });
  const bool repeated = (lane != lanes.end() && (*lane)->found() > 0) || (known != wholes.end() && known->found > 0);
  if (repeated) judge.counting = StreamJudge::Counting::blocks;
  const std::size_t counted = judge.counted;
  const bool goes_on = judged();
  judge.counting = StreamJudge::Counting::all;
  if (known == wholes.end() && wholes.size() < most_repeated)
    wholes.push_back({surface, slot.lane.choice, mark, repeated ? 1 : judge.counted - counted});
  return goes_on;
}

bool StreamGuard::State::take_slot(const dialect::Slot& slot, QueuedEvent& event) {
  const Surface surface = surface_of(slot.lane.kind);
  const std::string_view raw =
      std::string_view(event.frame.data).substr(slot.span.begin, slot.span.end - slot.span.begin);
  // Events of the Responses API that hold a text whole repeat what its deltas said.
  if (slot.form == dialect::Slot::Form::delta || operation != dialect::Operation::responses) said += raw.size();
  if (slot.form == dialect::Slot::Form::whole) return take_whole(slot, raw, surface, event);
  auto lane = std::ranges::find_if(lanes, [&](const auto& one) { return one->lane() == slot.lane; });
  if (lane == lanes.end()) {
    if (!make_room()) return false;
    if (lanes.size() >= most_lanes) return !judge.not_checked(surface, "too many texts side by side");
    lane = lanes.insert(lanes.end(), std::make_unique<StreamLane>(slot.lane, slot.nesting, surface));
  }
  if (!leave_others(**lane)) return false;
  (*lane)->add(judge, raw, event, slot.span.begin);
  return (*lane)->settle(judge, MoreText::follows);
}

// A call that goes on although it has ended (its provider says too little) continues its texts, and one that begins
// although none has ended continues theirs: what is cut by that counts as cut by another text.
bool StreamGuard::State::take_call(const dialect::CallEdge& edge) {
  using What = dialect::CallEdge::What;
  if (edge.what == What::begins) {
    std::erase_if(lanes, [&](const auto& lane) { return edge.covers(lane->lane()) && lane->is_over(); });
    return true;
  }
  if (edge.what == What::ends_value) {
    const auto value = std::ranges::find_if(lanes, [&](const auto& lane) { return edge.covers(lane->lane()); });
    if (value == lanes.end()) return true;
    (*value)->complete();
    std::rotate(value, value + 1, lanes.end());  // behind those that were complete before
    return true;
  }
  return std::ranges::all_of(lanes, [&](const auto& lane) { return !edge.covers(lane->lane()) || lane->end(judge); });
}

bool StreamGuard::State::take_event(QueuedEvent& event) {
  const std::string_view data = trimmed(event.frame.data);
  const auto content = reader.event(operation, event.frame.name, event.frame.data);
  if (!content || (!data.empty() && data.front() != '{' && data != "[DONE]"))
    return !not_checked("an event that cannot be read");
  event.echoes = content->echoes;
  auto edge = content->calls.begin();
  for (std::size_t i = 0; i <= content->slots.size(); ++i) {
    for (; edge != content->calls.end() && (edge->slot <= i || i == content->slots.size()); ++edge)
      if (!take_call(*edge)) return false;
    if (i < content->slots.size() && !take_slot(content->slots[i], event)) return false;
  }
  for (const auto& lane : lanes) {
    const auto covers = [&](const dialect::Ended& end) { return end.covers(lane->lane()); };
    if (!content->ends_all && std::ranges::none_of(content->ended, covers)) continue;
    if (!lane->end(judge)) return false;
  }
  return bound_waiting();
}

bool StreamGuard::State::take(SseFrame frame, SteadyPoint now) {
  using Kind = SseFrame::Kind;
  held += frame.raw.size();
  QueuedEvent& event = queue.emplace_back();
  event.frame = std::move(frame);
  event.since = now;
  switch (event.frame.kind) {
    case Kind::event:
      return take_event(event);
    case Kind::foreign:
      return !not_checked("not an event stream");
    case Kind::too_large:
      return !not_checked("an event that is too large");
    case Kind::passing:
    case Kind::rest:
      return true;
  }
  return true;
}

void StreamGuard::State::release(SteadyPoint now, std::string& out) {
  while (!queue.empty() && queue.front().waiting == 0) {
    const QueuedEvent& event = queue.front();
    held -= event.frame.raw.size();
    longest_delay = std::max(longest_delay, now - event.since);
    out.append(event.bytes());
    queue.pop_front();
  }
}

StreamGuard::StreamGuard(std::shared_ptr<const Guard> guard, Guard::Selection selection, dialect::Operation operation,
                         std::shared_ptr<const TokenVault> restored)
    : state_(std::make_unique<State>(std::move(guard), selection, operation, std::move(restored))) {}
StreamGuard::~StreamGuard() = default;
StreamGuard::StreamGuard(StreamGuard&&) noexcept = default;
StreamGuard& StreamGuard::operator=(StreamGuard&&) noexcept = default;

StreamGuard::Verdict StreamGuard::feed(std::string_view bytes, SteadyPoint now, Guard::Scratch& scratch,
                                       std::string& out) {
  if (state_->blocked) return Verdict::blocked;
  state_->judge.scratch = &scratch;
  state_->frames.feed(bytes);
  while (std::optional<SseFrame> frame = state_->frames.next()) {
    if (!state_->take(std::move(*frame), now)) return state_->ended();
    state_->release(now, out);
    state_->most_held = std::max(state_->most_held, state_->held);
  }
  return Verdict::go_on;
}

StreamGuard::Verdict StreamGuard::finish(SteadyPoint now, Guard::Scratch& scratch, std::string& out) {
  if (state_->blocked) return Verdict::blocked;
  state_->judge.scratch = &scratch;
  if (std::optional<SseFrame> frame = state_->frames.rest())
    if (!state_->take(std::move(*frame), now)) return state_->ended();
  for (const auto& lane : state_->lanes)
    if (!lane->settle(state_->judge, MoreText::none)) return state_->ended();
  state_->release(now, out);
  return Verdict::go_on;
}

void StreamGuard::close(Guard::Scratch& scratch) {
  state_->judge.scratch = &scratch;
  state_->watch_rest();
}

const Outcomes& StreamGuard::outcomes() const noexcept {
  return state_->outcomes;
}
std::size_t StreamGuard::text_bytes() const noexcept {
  return state_->said;
}
std::size_t StreamGuard::held_bytes() const noexcept {
  return state_->held;
}
std::size_t StreamGuard::most_held_bytes() const noexcept {
  return state_->most_held;
}
SteadyPoint::duration StreamGuard::longest_delay() const noexcept {
  return state_->longest_delay;
}

}  // namespace sluice::guard
