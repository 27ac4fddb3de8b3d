#include "guard/stream_lane.h"

#include <algorithm>

#include "guard/body_guard.h"
#include "guard/restore.h"

namespace sluice::guard {
namespace {

// Of a text that is judged when it ends; what comes after it is judged apart.
constexpr std::size_t whole_limit = 256 * 1024;

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

Phase phase_of(policy::Surface surface) noexcept {
  return surface == policy::Surface::tool_results ? Phase::input : Phase::output;
}

}  // namespace

void StreamLane::append(std::string_view raw) {
  raw_.append(raw);
}

bool StreamLane::judge(Under under, Goes goes, std::vector<LaneEdit>& edits) {
  if (!raw_.empty()) judge_open(under, goes, edits);
  if (!blocked_ && goes == Goes::ends) judge_whole(under);
  return !blocked_;
}

void StreamLane::judge_open(const Under& under, Goes goes, std::vector<LaneEdit>& edits) {
  decoded_.read(raw_, nesting_);
  const std::size_t from = context_.size();
  const std::string text = context_ + std::string(decoded_.text());
  std::vector<Finding> findings;
  Result<Guard::Settled> settled = look(under, goes, text, from, findings);
  if (!settled) {
    not_checked(under, settled.error().message());
    if (blocked_) return;
    settled = Guard::Settled{.until = text.size(), .over_cap = {}};
    findings.clear();
  }
  const std::size_t until = take(under, text, from, settled->until, findings, edits);
  if (!under.rules.watching.on(surface_).empty()) {
    whole_.append(text, from, until - from);
    if (whole_.size() > whole_limit) judge_whole(under);
  }
  settle(text, from, until);
  if (!blocked_ && settled->over_cap) pass_cap(under, *settled->over_cap);
}

Result<Guard::Settled> StreamLane::look(const Under& under, Goes goes, std::string_view text, std::size_t from,
                                        std::vector<Finding>& findings) const {
  Guard::Settled settled{.until = text.size(), .over_cap = {}};
  const bool holds = under.rules.holding.any(surface_);
  if (goes == Goes::ends) {
    Result<void> scanned = holds ? under.guard.scan(text, phase_of(surface_), under.scratch, findings) : Result<void>();
    if (!scanned) return fail(scanned.error());
    return settled;
  }
  if (holds) {
    Result<Guard::Settled> open =
        under.guard.settle(text, from, surface_, under.rules.holding, under.scratch, findings);
    if (!open) return open;
    settled = *open;
  }
  if (under.tokens != nullptr)
    settled.until = std::min(settled.until, std::max(from, token_open_from(text, *under.tokens)));
  settled.until = std::min(settled.until, std::max(from, half_escape(text)));
  return settled;
}

// Where an escape begins that the text ends in: its rest comes with the next event.
std::size_t StreamLane::half_escape(std::string_view text) const noexcept {
  constexpr std::size_t longest = 12;  // "\ud83d\ude0"
  for (std::size_t back = std::min(longest, text.size()); back > 0; --back) {
    const std::size_t at = text.size() - back;
    if (text[at] != '\\') continue;
    if (nesting_ == dialect::Nesting::json && back == 1) return at;
    if (back < 2 || text[at + 1] != 'u') continue;
    const std::string_view digits = text.substr(at + 2, 4);
    if (!std::ranges::all_of(digits, is_hex)) continue;
    if (digits.size() < 4) {
      if (nesting_ == dialect::Nesting::json) return at;
      continue;
    }
    const bool high_surrogate =
        (digits[0] == 'd' || digits[0] == 'D') && std::string_view("89abAB").contains(digits[1]);
    if (high_surrogate) return at;
  }
  return text.size();
}

std::size_t StreamLane::take(const Under& under, std::string_view text, std::size_t from, std::size_t until,
                             const std::vector<Finding>& findings, std::vector<LaneEdit>& edits) {
  under.guard.judge(text, findings, surface_, under.rules.holding, matches_);
  std::vector<dialect::TextEdit> restored;
  if (under.tokens != nullptr) restored = restorations(text.substr(0, until), *under.tokens);
  std::erase_if(restored, [from](const dialect::TextEdit& edit) { return edit.begin < from; });
  for (const dialect::TextEdit& edit : restored)
    edits.push_back(edit_of(edit.begin - from, edit.end - from, edit.replacement));
  for (const Match& match : matches_) {
    if (match.end <= from || match.start >= until) continue;
    const auto hides = [&match](const dialect::TextEdit& edit) {
      return edit.begin < match.end && match.start < edit.end;
    };
    if (std::ranges::any_of(restored, hides)) continue;
    const std::size_t begin = std::max<std::size_t>(match.start, from);
    under.outcomes.add(under.guard.document().rules[match.rule], surface_, match);
    if (match.action == policy::GuardAction::block) {
      blocked_ = true;
      return begin;
    }
    if (match.action == policy::GuardAction::redact)
      edits.push_back(edit_of(begin - from, match.end - from,
                              under.guard.replacement(match, text.substr(match.start, match.end - match.start))));
  }
  return until;
}

LaneEdit StreamLane::edit_of(std::size_t begin, std::size_t end, std::string_view replacement) const {
  const dialect::ByteSpan raw = decoded_.raw_span(begin, end);
  return {start_ + raw.begin, start_ + raw.end, dialect::json_escaped(replacement, nesting_)};
}

void StreamLane::settle(std::string_view text, std::size_t from, std::size_t until) {
  const std::size_t gone = until == text.size() ? raw_.size() : decoded_.raw_span(0, until - from).end;
  if (until == from) return;
  raw_.erase(0, gone);
  start_ += gone;
  std::size_t keep = until > Guard::context_bytes() ? until - Guard::context_bytes() : 0;
  while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xC0U) == 0x80) --keep;
  context_ = text.substr(keep, until - keep);
}

void StreamLane::pass_cap(const Under& under, std::uint16_t index) {
  const policy::GuardRule& rule = under.guard.document().rules[index];
  under.outcomes.not_checked(rule, surface_, "a match is open for longer than the rule waits");
  if (rule.over_cap == policy::OnFailure::block) {
    under.outcomes.block(index);
    blocked_ = true;
    return;
  }
  context_.clear();
  start_ += raw_.size();
  raw_.clear();
}

void StreamLane::not_checked(const Under& under, std::string_view reason) {
  guard::not_checked(under.guard, under.rules.holding, surface_, reason, under.outcomes);
  blocked_ = under.outcomes.blocked_by().has_value();
}

// Rules that only watch hold nothing back: they see the text when it has gone.
void StreamLane::judge_whole(const Under& under) {
  if (whole_.empty()) return;
  std::vector<Finding> findings;
  if (Result<void> scanned = under.guard.scan(whole_, phase_of(surface_), under.scratch, findings); !scanned)
    return guard::not_checked(under.guard, under.rules.watching, surface_, scanned.error().message(), under.outcomes);
  under.guard.judge(whole_, findings, surface_, under.rules.watching, matches_);
  for (const Match& match : matches_) under.outcomes.add(under.guard.document().rules[match.rule], surface_, match);
  whole_.clear();
}

}  // namespace sluice::guard
