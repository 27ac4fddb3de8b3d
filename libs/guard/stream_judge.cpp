#include <algorithm>

#include "guard/body_guard.h"
#include "guard/restore.h"
#include "guard/stream_lane.h"

namespace sluice::guard {
bool StreamJudge::holds(policy::Surface surface) const {
  return !rules.holding.on(surface).empty() || !restored.empty();
}

bool StreamJudge::not_checked(policy::Surface surface, std::string_view reason) {
  guard::not_checked(guard, rules.holding, surface, reason, outcomes);
  guard::not_checked(guard, rules.watching, surface, reason, outcomes);
  return outcomes.blocked_by().has_value();
}

void StreamJudge::count(policy::Surface surface, const Match& match) {
  if (counting == Counting::blocks && match.action != policy::GuardAction::block) return;
  outcomes.add(guard.document().rules[match.rule], surface, match);
  ++counted;
}

// Tokens in [from, until): as edits; what may be half of one is not settled.
void StreamJudge::find_tokens(std::string_view whole, std::size_t from, MoreText more, std::size_t& until) {
  if (restored.empty()) return;
  edits = restorations(whole, restored);
  std::erase_if(edits, [&](const dialect::TextEdit& token) { return token.begin < from; });
  if (more != MoreText::follows) return;
  until = std::min(until, std::max(from, token_open_from(whole, restored)));
  for (const dialect::TextEdit& token : edits)
    if (token.begin < until && token.end > until) until = token.begin;
}

bool StreamJudge::judge(std::string_view whole, policy::Surface surface, std::size_t from, MoreText more,
                        std::size_t& until) {
  edits.clear();
  guard.judge(whole, findings, surface, rules.holding, matches);
  find_tokens(whole, from, more, until);
  // A token stands for the user's own text: what seems to be found within it is none.
  std::erase_if(matches, [&](const Match& match) {
    return match.end <= from || std::ranges::any_of(edits, [&](const dialect::TextEdit& token) {
             return token.begin <= match.start && match.end <= token.end;
           });
  });
  if (more == MoreText::follows)
    for (auto match = matches.rbegin(); match != matches.rend(); ++match)
      if (match->start < until && match->end > until) until = std::max<std::size_t>(from, match->start);
  std::erase_if(edits, [&](const dialect::TextEdit& token) {
    return token.begin >= until || std::ranges::any_of(matches, [&](const Match& match) {
             return match.start < token.end && token.begin < match.end;
           });
  });
  for (const Match& match : matches) {
    if (match.start >= until) continue;
    count(surface, match);
    if (match.action == policy::GuardAction::block) return false;
    // What began in front of `from` has gone as far as that.
    const std::size_t start = std::max<std::size_t>(from, match.start);
    edits.push_back({start, match.end, guard.replacement(match, whole.substr(match.start, match.end - match.start))});
  }
  std::ranges::sort(edits, {}, &dialect::TextEdit::begin);
  return true;
}

bool StreamJudge::whole(std::string_view raw, dialect::Nesting nesting, policy::Surface surface, std::size_t data_begin,
                        QueuedEvent& event) {
  if (!rules.watching.on(surface).empty()) {
    text.read(raw, nesting);
    watch(text.text(), surface, 0, text.text().size());
  }
  if (!holds(surface)) return true;
  text.read(raw, nesting);
  if (const auto scanned = guard.scan_held(text.text(), surface, rules.holding, *scratch, findings); !scanned) {
    findings.clear();
    if (not_checked(surface, "the scan failed")) return false;
  }
  std::size_t until = text.text().size();
  if (!judge(text.text(), surface, 0, MoreText::none, until)) return false;
  for (const dialect::TextEdit& edit : edits) {
    const dialect::ByteSpan span = text.raw_span(edit.begin, edit.end);
    event.edits.push_back(
        {data_begin + span.begin, data_begin + span.end, dialect::json_escaped(edit.replacement, nesting)});
  }
  return true;
}

void StreamJudge::watch(std::string_view watched, policy::Surface surface, std::size_t from, std::size_t until) {
  if (!guard.scan(watched, Phase::output, *scratch, findings)) {
    for (const std::uint16_t rule : rules.watching.on(surface))
      outcomes.not_checked(guard.document().rules[rule], surface, "the scan failed");
    return;
  }
  guard.judge(watched, findings, surface, rules.watching, matches);
  for (const Match& match : matches)
    if (match.start >= from && match.start < until) count(surface, match);
}

}  // namespace sluice::guard
