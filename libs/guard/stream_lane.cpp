#include "guard/stream_lane.h"

#include <algorithm>

namespace sluice::guard {
namespace {

using dialect::Nesting;

constexpr std::size_t watch_window = 16 * 1024;
constexpr std::size_t watch_overlap = 512;  // what is found across two windows is found in the second
constexpr std::size_t trimmed_at = 512;     // beyond what rules look back

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The bytes at the end of `text` that are the beginning of an escape, or of a pair of surrogates in escapes.
std::size_t half_escape(std::string_view text) noexcept {
  // Where an escape that has begun within the last twelve bytes begins: behind an even number of backslashes.
  for (std::size_t back = std::min<std::size_t>(12, text.size()); back > 0; --back) {
    const std::size_t at = text.size() - back;
    if (text[at] != '\\') continue;
    std::size_t before = at;
    while (before > 0 && text[before - 1] == '\\') --before;
    if ((at - before) % 2 != 0) continue;
    std::size_t end = at;
    const auto unit = [&] {  // true when a whole \uXXXX stands at `end`, which moves behind it
      std::size_t digits = end + 2;
      while (digits < text.size() && digits < end + 6 && is_hex(text[digits])) ++digits;
      const bool is_unit = end + 1 < text.size() && text[end + 1] == 'u';
      const bool cut_off = end + 1 == text.size() || (is_unit && digits == text.size() && digits < end + 6);
      if (is_unit && digits == end + 6) end += 6;
      return cut_off ? 0 : is_unit && digits == end ? 1 : -1;
    };
    const int first = unit();
    if (first == 0) return back;
    if (first < 0) continue;
    const std::string_view digits = text.substr(end - 4, 4);
    const bool high = (digits[0] == 'd' || digits[0] == 'D') && std::string_view("89abAB").contains(digits[1]);
    if (!high) continue;
    if (end == text.size()) return back;
    if (text[end] == '\\' && unit() == 0) return back;
  }
  return 0;
}

// What of `raw`'s end belongs to a character that is not complete yet.
std::size_t half_character(std::string_view raw, Nesting nesting) {
  if (const std::size_t half = half_escape(raw); half > 0) return half;
  if (nesting == Nesting::plain) return 0;
  // The inner text is at most half as long as the outer one, which writes its backslashes twice.
  dialect::JsonText outer;
  const std::size_t size = std::min<std::size_t>(raw.size(), 96);
  std::size_t begin = raw.size() - size;
  while (begin > 0 && raw[begin - 1] == '\\') --begin;
  const std::string_view tail = raw.substr(begin);
  outer.read(tail, Nesting::plain);
  const std::size_t half = half_escape(outer.text());
  return half == 0 ? 0 : tail.size() - outer.raw_span(outer.text().size() - half, outer.text().size()).begin;
}

// A place at or before `at` from which a text can be looked at anew: a new line, or a blank between two small words.
std::size_t fresh_start(std::string_view text, std::size_t at) noexcept {
  const auto small = [&](std::size_t i) { return i < text.size() && text[i] >= 'a' && text[i] <= 'z'; };
  const std::size_t floor = at > 256 ? at - 256 : 0;
  for (std::size_t i = at; i > floor; --i)
    if (text[i - 1] == '\n' || (i > 1 && text[i - 1] == ' ' && small(i - 2) && small(i))) return i;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) --at;
  return at;
}

}  // namespace

void StreamLane::add(const StreamJudge& judge, std::string_view raw, QueuedEvent& event, std::size_t data_begin) {
  begun_ = true;
  over_ = complete_ = false;
  said_.add(raw);
  if (!judge.rules.watching.on(surface_).empty()) watched_.append(raw);
  if (!judge.holds(surface_)) return;
  const std::size_t begin = base_ + raw_.size();
  raw_.append(raw);
  slots_.push_back({&event, begin, begin + raw.size(), data_begin});
  ++event.waiting;
}

bool StreamLane::settle(StreamJudge& judge, MoreText more) {
  watch(judge, more);
  return hold(judge, more);
}

bool StreamLane::end(StreamJudge& judge) {
  watch(judge, MoreText::none);
  over_ = true;
  return hold(judge, MoreText::perhaps);
}

// A match that began in what has gone when the text was left, and went on.
bool StreamLane::passed_cap(const StreamJudge& judge, std::size_t until) const {
  for (const Match& match : judge.matches) {
    const dialect::ByteSpan span = judge.text.raw_span(match.start, match.end);
    if (match.start >= until || base_ + span.begin >= left_ || base_ + span.end <= left_) continue;
    const policy::GuardRule& rule = judge.guard.document().rules[match.rule];
    judge.outcomes.not_checked(rule, surface_, "another text began within a match");
    if (rule.over_cap != policy::OnFailure::block) continue;
    judge.outcomes.block(match.rule);
    return true;
  }
  return false;
}

bool StreamLane::hold(StreamJudge& judge, MoreText more) {
  if (slots_.empty()) return true;
  // A long match is looked at again when it has grown by an eighth: else each delta costs as much as all before it.
  if (more == MoreText::follows && open_ > 256 && raw_.size() - judged_ < open_ / 8) return true;
  judged_ = raw_.size();
  std::string_view raw = raw_;
  if (more == MoreText::follows) raw.remove_suffix(half_character(raw, nesting_));
  judge.text.read(raw, nesting_);
  const std::string_view text = judge.text.text();
  std::size_t until = text.size();
  Result<void> scanned;
  if (more != MoreText::follows) {
    scanned = judge.guard.scan_held(text, surface_, judge.rules.holding, *judge.scratch, judge.findings);
  } else {
    const auto settled = judge.guard.settle(text, from_, surface_, judge.rules.holding, *judge.scratch, judge.findings);
    if (!settled)
      scanned = fail(settled.error());
    else if (!settled->over_cap)
      until = settled->until;
    else {
      const policy::GuardRule& rule = judge.guard.document().rules[*settled->over_cap];
      judge.outcomes.not_checked(rule, surface_, "over stream_cap_bytes");
      if (rule.over_cap == policy::OnFailure::block) return judge.outcomes.block(*settled->over_cap), false;
      // What can be found in the text as far as it goes is; then it goes.
      scanned = judge.guard.scan_held(text, surface_, judge.rules.holding, *judge.scratch, judge.findings);
    }
  }
  if (!scanned) {
    judge.findings.clear();
    until = text.size();
    if (judge.not_checked(surface_, "the scan failed")) return false;
  }
  const std::size_t counted = judge.counted;
  if (!judge.judge(text, surface_, from_, more, until)) return false;
  found_ += judge.counted - counted;
  if (left_ > base_ && passed_cap(judge, until)) return false;
  edit(judge);
  const std::size_t settled = until == text.size() ? raw.size() : judge.text.raw_span(until, until + 1).begin;
  release(base_ + settled);
  if (more == MoreText::perhaps)
    left_ = base_ + settled;
  else
    from_ = until;
  open_ = raw_.size() - settled;
  forget(judge, settled);
  return true;
}

// The replacement goes where the match begins; of the deltas that hold the rest of it that is taken away.
void StreamLane::edit(const StreamJudge& judge) {
  for (const dialect::TextEdit& edit : judge.edits) {
    const dialect::ByteSpan span = judge.text.raw_span(edit.begin, edit.end);
    const std::size_t begin = base_ + span.begin, end = base_ + span.end;
    std::string text = dialect::json_escaped(edit.replacement, nesting_);
    for (const Slot& slot : slots_) {
      const std::size_t first = std::max(begin, slot.begin), last = std::min(end, slot.end);
      if (first >= last) continue;
      slot.event->edits.push_back(
          {slot.data_begin + (first - slot.begin), slot.data_begin + (last - slot.begin), text});
      text.clear();
    }
  }
}

void StreamLane::release(std::size_t settled) {
  while (!slots_.empty() && slots_.front().end <= settled) {
    --slots_.front().event->waiting;
    slots_.pop_front();
  }
}

void StreamLane::forget(const StreamJudge& judge, std::size_t settled) {
  const std::size_t kept = judge.guard.context_bytes();
  if (settled < kept + trimmed_at || from_ < kept + trimmed_at) return;
  const std::size_t begin = fresh_start(judge.text.text(), from_ - kept);
  if (begin == 0) return;
  const std::size_t raw_begin = judge.text.raw_span(begin, begin + 1).begin;
  raw_.erase(0, raw_begin);
  base_ += raw_begin;
  from_ -= begin;
  judged_ -= raw_begin;
}

void StreamLane::watch(StreamJudge& judge, MoreText more) {
  if (watched_.empty() || (more == MoreText::follows && watched_.size() < watch_window)) return;
  std::string_view raw = watched_;
  if (more == MoreText::follows) raw.remove_suffix(half_character(raw, nesting_));
  judge.text.read(raw, nesting_);
  const std::string_view text = judge.text.text();
  std::size_t until = text.size(), kept = text.size();
  if (more == MoreText::follows && text.size() > 2 * watch_overlap) {
    until = fresh_start(text, text.size() - watch_overlap);
    kept = fresh_start(text, until - watch_overlap);
  }
  const std::size_t counted = judge.counted;
  judge.watch(text, surface_, watched_from_, until);
  found_ += judge.counted - counted;
  if (more == MoreText::none || kept == text.size()) {
    watched_.clear();
    watched_from_ = 0;
    return;
  }
  watched_.erase(0, judge.text.raw_span(kept, kept + 1).begin);
  watched_from_ = until - kept;
}

}  // namespace sluice::guard
