// Events wait in one queue and leave in order. A text that goes on over several events is a lane (stream_lane.h); an
// event may go when everything that its strings added to their lanes is settled.
#include "guard/stream_guard.h"

#include <algorithm>
#include <deque>
#include <list>

#include "guard/body_guard.h"
#include "guard/restore.h"
#include "guard/sse_frames.h"
#include "guard/stream_lane.h"

namespace sluice::guard {
namespace {

using dialect::Slot;
using policy::Surface;

Surface surface_of(dialect::SegmentKind kind) noexcept {
  return kind == dialect::SegmentKind::tool_arguments ? Surface::tool_arguments : Surface::output;
}

struct OpenLane {
  dialect::Lane name;
  StreamLane text;
};

// A string of an event and the part of its lane that it is.
struct Part {
  OpenLane* lane = nullptr;  // nullptr: a text of its own, judged when it came
  std::uint64_t begin = 0, end = 0;
  dialect::ByteSpan raw;  // between the quotes, in the event's bytes
};
struct Change {
  dialect::ByteSpan span;
  std::string bytes;
};
struct Event {
  std::string raw;
  std::vector<Part> parts;
  std::vector<dialect::ByteSpan> echoes;
  std::vector<Change> changes;
  SteadyPoint came;
};

}  // namespace

struct StreamGuard::State {
  std::shared_ptr<const Guard> guard;
  Guard::Selection rules;
  Guard::Split split;
  dialect::Operation operation;
  std::shared_ptr<const TokenVault> tokens;
  dialect::ContentReader reader;
  dialect::JsonText text;
  std::vector<Finding> findings;
  std::vector<Match> matches;
  SseFrames frames;
  std::list<OpenLane> lanes;  // stay where they are: parts point to them
  std::deque<Event> queue;
  Outcomes outcomes;
  std::size_t held = 0, most_held = 0;
  SteadyPoint::duration longest{};
  bool blocked = false, unreadable = false;

  [[nodiscard]] bool looks_at(Surface surface) const { return rules.any(surface) || (tokens && !tokens->empty()); }
  StreamLane::Under under(Guard::Scratch& scratch) {
    return {*guard, split, tokens && !tokens->empty() ? tokens.get() : nullptr, scratch, outcomes};
  }

  void take_frame(SseFrame frame, SteadyPoint now, Guard::Scratch& scratch);
  void take_slot(const SseFrame& frame, const Slot& slot, Event& event, Guard::Scratch& scratch);
  void judge_alone(const Slot& slot, Surface surface, Event& event, const Part& part, Guard::Scratch& scratch);
  OpenLane& lane_of(const Slot& slot);
  void judge(OpenLane& lane, StreamLane::Goes goes, Guard::Scratch& scratch);
  void place(const OpenLane& lane, const LaneEdit& edit);
  void end_lanes(const dialect::EventContent& content, Guard::Scratch& scratch);
  void end_all(Guard::Scratch& scratch);
  void cannot_read(std::string_view reason);
  void release(SteadyPoint now, std::string& out);
  static std::string bytes_of(Event& event);
};

// What cannot be read cannot be checked: every rule says so, and those that block then do.
void StreamGuard::State::cannot_read(std::string_view reason) {
  for (const Surface surface : {Surface::output, Surface::tool_arguments})
    not_checked(*guard, rules, surface, reason, outcomes);
  if (outcomes.blocked_by()) blocked = true;
}

OpenLane& StreamGuard::State::lane_of(const Slot& slot) {
  const auto known = std::ranges::find(lanes, slot.lane, &OpenLane::name);
  if (known != lanes.end()) return *known;
  return lanes.emplace_back(slot.lane, StreamLane(surface_of(slot.lane.kind), slot.nesting));
}

void StreamGuard::State::take_frame(SseFrame frame, SteadyPoint now, Guard::Scratch& scratch) {
  Result<dialect::EventContent> content = reader.event(operation, frame.name, frame.data);
  queue.push_back({.raw = {}, .parts = {}, .echoes = {}, .changes = {}, .came = now});
  Event& event = queue.back();
  held += frame.raw.size();
  if (!content) {
    event.raw = std::move(frame.raw);
    if (!frame.data.empty()) cannot_read("an event of the stream cannot be read");
    return;
  }
  for (const dialect::ByteSpan echo : content->echoes) event.echoes.push_back(frame.raw_span(echo));
  for (const Slot& slot : content->slots) {
    take_slot(frame, slot, event, scratch);
    if (blocked) break;
  }
  event.raw = std::move(frame.raw);
  if (!blocked) end_lanes(*content, scratch);
}

void StreamGuard::State::take_slot(const SseFrame& frame, const Slot& slot, Event& event, Guard::Scratch& scratch) {
  const Surface surface = surface_of(slot.lane.kind);
  if (!looks_at(surface)) return;
  Part part{.raw = frame.raw_span(slot.span)};
  const std::string_view raw = std::string_view(frame.raw).substr(part.raw.begin, part.raw.end - part.raw.begin);
  if (slot.form == Slot::Form::whole) {
    text.read(raw, slot.nesting);
    judge_alone(slot, surface, event, part, scratch);
    return;
  }
  OpenLane& lane = lane_of(slot);
  part.lane = &lane;
  part.begin = lane.text.size();
  part.end = part.begin + raw.size();
  lane.text.append(raw);
  event.parts.push_back(part);
  judge(lane, StreamLane::Goes::on, scratch);
}

void StreamGuard::State::judge_alone(const Slot&, Surface surface, Event& event, const Part& part,
                                     Guard::Scratch& scratch) {
  if (Result<void> scanned = guard->scan(text.text(), Phase::output, scratch, findings); !scanned) {
    not_checked(*guard, rules, surface, scanned.error().message(), outcomes);
    blocked = outcomes.blocked_by().has_value();
    return;
  }
  std::vector<dialect::TextEdit> edits;
  if (tokens) edits = restorations(text.text(), *tokens);
  const std::size_t restored = edits.size();
  guard->judge(text.text(), findings, surface, rules, matches);
  for (const Match& match : matches) {
    const auto hides = [&match](const dialect::TextEdit& edit) {
      return edit.begin < match.end && match.start < edit.end;
    };
    if (std::any_of(edits.begin(), edits.begin() + static_cast<std::ptrdiff_t>(restored), hides)) continue;
    outcomes.add(guard->document().rules[match.rule], surface, match);
    if (match.action == policy::GuardAction::block) blocked = true;
    if (match.action == policy::GuardAction::redact)
      edits.push_back({match.start, match.end,
                       guard->replacement(match, text.text().substr(match.start, match.end - match.start))});
  }
  if (edits.empty()) return;
  std::ranges::sort(edits, {}, &dialect::TextEdit::begin);
  event.changes.push_back({part.raw, text.edited(edits)});
}

void StreamGuard::State::judge(OpenLane& lane, StreamLane::Goes goes, Guard::Scratch& scratch) {
  std::vector<LaneEdit> edits;
  if (!lane.text.judge(under(scratch), goes, edits)) blocked = true;
  for (const LaneEdit& edit : edits) place(lane, edit);
}

// The replacement stands where the match begins; the rest of it is taken out of the events that follow.
void StreamGuard::State::place(const OpenLane& lane, const LaneEdit& edit) {
  bool placed = false;
  for (Event& event : queue)
    for (const Part& part : event.parts) {
      if (part.lane != &lane || part.end <= edit.begin || part.begin >= edit.end) continue;
      const std::uint64_t begin = std::max(part.begin, edit.begin), end = std::min(part.end, edit.end);
      event.changes.push_back({{part.raw.begin + (begin - part.begin), part.raw.begin + (end - part.begin)},
                               std::exchange(placed, true) ? std::string() : edit.bytes});
    }
}

void StreamGuard::State::end_lanes(const dialect::EventContent& content, Guard::Scratch& scratch) {
  if (content.ends_all) return end_all(scratch);
  for (const dialect::Ended& ended : content.ended)
    for (OpenLane& lane : lanes)
      if (ended.covers(lane.name) && !blocked) judge(lane, StreamLane::Goes::ends, scratch);
}

void StreamGuard::State::end_all(Guard::Scratch& scratch) {
  for (OpenLane& lane : lanes)
    if (!blocked) judge(lane, StreamLane::Goes::ends, scratch);
}

std::string StreamGuard::State::bytes_of(Event& event) {
  if (event.changes.empty()) return std::move(event.raw);
  for (const dialect::ByteSpan echo : event.echoes) event.changes.push_back({echo, "null"});
  std::ranges::sort(event.changes, {}, [](const Change& change) { return change.span.begin; });
  std::string out;
  std::size_t from = 0;
  for (const Change& change : event.changes) {
    if (change.span.begin < from) continue;
    out.append(event.raw, from, change.span.begin - from).append(change.bytes);
    from = change.span.end;
  }
  return out.append(event.raw, from);
}

void StreamGuard::State::release(SteadyPoint now, std::string& out) {
  const auto settled = [](const Part& part) { return part.end <= part.lane->text.settled(); };
  while (!queue.empty() && std::ranges::all_of(queue.front().parts, settled)) {
    Event& event = queue.front();
    held -= event.raw.size();
    longest = std::max(longest, now - event.came);
    out.append(bytes_of(event));
    queue.pop_front();
  }
}

StreamGuard::StreamGuard(std::shared_ptr<const Guard> guard, Guard::Selection selection, dialect::Operation operation,
                         std::shared_ptr<const TokenVault> restored)
    : state_(std::make_unique<State>()) {
  state_->guard = std::move(guard);
  state_->split = state_->guard->split(selection);
  state_->rules = std::move(selection);
  state_->operation = operation;
  state_->tokens = std::move(restored);
}
StreamGuard::~StreamGuard() = default;
StreamGuard::StreamGuard(StreamGuard&&) noexcept = default;
StreamGuard& StreamGuard::operator=(StreamGuard&&) noexcept = default;

StreamGuard::Verdict StreamGuard::feed(std::string_view bytes, SteadyPoint now, Guard::Scratch& scratch,
                                       std::string& out) {
  State& state = *state_;
  if (state.blocked) return Verdict::blocked;
  if (state.unreadable) {
    out.append(bytes);
    return Verdict::go_on;
  }
  state.frames.feed(bytes);
  while (!state.blocked) {
    std::optional<SseFrame> frame = state.frames.next();
    if (!frame) break;
    state.take_frame(std::move(*frame), now, scratch);
    if (state.blocked && !state.queue.empty()) {
      state.held -= state.queue.back().raw.size();
      state.queue.pop_back();  // the event in which the match begins, or ends, does not go
    }
    state.release(now, out);
    state.most_held = std::max(state.most_held, state.held);
  }
  if (!state.blocked && state.frames.too_long()) {
    state.cannot_read("an event of the stream is too large");
    state.unreadable = true;
    if (!state.blocked) {
      state.end_all(scratch);
      state.release(now, out);
      out.append(state.frames.take());
    }
  }
  return state.blocked ? Verdict::blocked : Verdict::go_on;
}

StreamGuard::Verdict StreamGuard::finish(SteadyPoint now, Guard::Scratch& scratch, std::string& out) {
  State& state = *state_;
  if (state.blocked) return Verdict::blocked;
  if (!state.unreadable) {
    // A CR at the very end of the stream ends a line after all.
    if (std::optional<SseFrame> frame = state.frames.rest()) state.take_frame(std::move(*frame), now, scratch);
    if (!state.blocked) state.end_all(scratch);
  }
  if (state.blocked && !state.queue.empty()) state.queue.pop_back();
  state.release(now, out);
  return state.blocked ? Verdict::blocked : Verdict::go_on;
}

const Outcomes& StreamGuard::outcomes() const noexcept {
  return state_->outcomes;
}
std::size_t StreamGuard::held_bytes() const noexcept {
  return state_->held;
}
std::size_t StreamGuard::most_held_bytes() const noexcept {
  return state_->most_held;
}
SteadyPoint::duration StreamGuard::longest_delay() const noexcept {
  return state_->longest;
}

}  // namespace sluice::guard
