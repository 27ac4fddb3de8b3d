#include "guard/literal_anchor.h"

#include <algorithm>

#include "guard/literal_run.h"
#include "guard/open_tree.h"

namespace sluice::guard {
namespace {

using Kind = OpenNode::Kind;
using Texts = std::vector<std::string>;

constexpr std::size_t most_branches = 16;         // that are followed apart
constexpr std::size_t least_length = 2;           // of a literal: single bytes stand everywhere
constexpr std::size_t furthest = 4096;            // that a match may reach from its literal
constexpr std::size_t furthest_away = 16 * 1024;  // where there is no bound
constexpr std::size_t largest_rest = 2000;        // positions
constexpr std::size_t most_next = 16;             // bytes that are looked at before RE2 is asked
constexpr int deepest_alternatives = 3;

constexpr LiteralEffort usual{}, spelled_out{.members = 16, .literals = 32};

bool is_word(unsigned b) {
  return (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || b == '_';
}
// What the last byte of a node is; nullopt when it may be without bytes other than at the beginning of a text or line.
std::optional<ByteSet> last_byte(const OpenNode& node, const Texts& literals) {
  ByteSet set;
  if (node.kind == Kind::set) return node.set;
  if (node.kind == Kind::assertion) {
    if (node.must == assertion::line_begin) set.add('\n', '\n');
    if ((node.must & (assertion::line_begin | assertion::text_begin)) != 0) return set;
    if (node.must != assertion::word_edge) return std::nullopt;
    const auto begins = [](const std::string& text) { return is_word(static_cast<std::uint8_t>(text.front())); };
    const bool word = std::ranges::all_of(literals, begins);
    if (!word && std::ranges::any_of(literals, begins)) return std::nullopt;
    for (unsigned b = 0; b < 256; ++b)
      if (is_word(b) != word) set.add(b, b);
    return set;
  }
  if (node.kind == Kind::repeat && node.least > 0) return last_byte(node.parts.front(), literals);
  if (node.kind == Kind::sequence && !node.parts.empty()) return last_byte(node.parts.back(), literals);
  if (node.kind != Kind::choice) return std::nullopt;
  for (const OpenNode& part : node.parts) {
    const std::optional<ByteSet> own = last_byte(part, literals);
    if (!own) return std::nullopt;
    for (unsigned b = 0; b < 256; ++b)
      if (own->has(static_cast<std::uint8_t>(b))) set.add(b, b);
  }
  return set;
}
std::string rest_of(OpenParts parts, const LiteralRun& run) {
  std::string out;
  std::size_t size = 0;
  if (run.goes_on) {
    OpenNode again = parts[run.to - 1];
    --again.least;
    if (again.most == 1) return out;
    if (again.most > 1) --again.most;
    print_for_bytes(again, out);
  }
  for (const OpenNode& part : parts.subspan(run.to)) {
    size += positions_of(part);
    if (size > largest_rest || goes_over_lines_without_end(part)) break;
    print_for_bytes(part, out);
  }
  return out;
}
// The classes of the bytes behind the literal, as far as each of them must be there.
std::vector<ByteSet> next_of(OpenParts parts, const LiteralRun& run) {
  std::vector<ByteSet> next;
  const auto take = [&next](const ByteSet& set, std::size_t times) {
    for (; times > 0 && next.size() < most_next; --times) next.push_back(set);
  };
  if (run.goes_on) {
    const OpenNode& repeat = parts[run.to - 1];
    if (repeat.parts.front().kind == Kind::set) take(repeat.parts.front().set, repeat.least - 1);
    if (repeat.least != repeat.most || repeat.parts.front().kind != Kind::set) return next;
  }
  for (const OpenNode& part : parts.subspan(run.to)) {
    const bool repeat = part.kind == Kind::repeat && part.parts.front().kind == Kind::set;
    if (!repeat && part.kind != Kind::set) break;
    take(repeat ? part.parts.front().set : part.set, repeat ? part.least : 1);
    if (repeat && (part.most == 0 || part.least != part.most)) break;  // 0: without end
  }
  ByteSet first;
  const auto may_be_empty = [&first](const OpenNode& part) { return add_first(part, first); };
  if (next.empty() && !std::ranges::all_of(parts.subspan(run.to), may_be_empty)) next.push_back(first);
  return next;
}
void take_literals(OpenParts parts, const LiteralRun& run, LiteralAnchor& anchor) {
  anchor.literals = run.texts;
  std::ranges::sort(anchor.literals);
  const auto [first, last] = std::ranges::unique(anchor.literals);
  anchor.literals.erase(first, last);
  anchor.caseless = run.caseless;
  if (run.from > 0) anchor.in_front = last_byte(parts[run.from - 1], run.texts);
  anchor.next = next_of(parts, run);
}

// Pairs of bytes stand in many words: only where the byte in front says that none is going on.
bool is_rare_enough(const LiteralAnchor& anchor) {
  return anchor.in_front || shortest(anchor.literals) > least_length;
}

// Where a match may begin so far in front that no bound is known, only a literal that hardly stands elsewhere will do.
bool is_peculiar(const Texts& texts) {
  return shortest(texts) >= good_length && std::ranges::all_of(texts, [](const std::string& text) {
           return std::ranges::any_of(text, [](char c) { return !is_word(static_cast<std::uint8_t>(c)) && c != ' '; });
         });
}

std::optional<LiteralAnchor> anchor_at(OpenParts parts, const LiteralRun& run) {
  if (run.texts.empty() || shortest(run.texts) < least_length) return std::nullopt;
  const std::optional<std::size_t> before = width_of(parts.first(run.to)).most;
  const OpenParts behind = parts.subspan(run.goes_on ? run.to - 1 : run.to);
  const std::optional<std::size_t> after = reach_of_shortest(behind);
  if ((!before || *before > furthest) && !is_peculiar(run.texts)) return std::nullopt;
  LiteralAnchor anchor;
  take_literals(parts, run, anchor);
  if (!is_rare_enough(anchor)) return std::nullopt;
  const std::optional<std::size_t> whole = width_of(behind).most;
  anchor.longer = !whole || *whole > furthest;
  anchor.after = std::min(anchor.longer ? after.value_or(furthest_away) : *whole, furthest_away);
  anchor.before = std::min(before.value_or(furthest_away), furthest_away);
  anchor.rest = rest_of(parts, run);
  return anchor;
}

int score_of(OpenParts parts, const LiteralRun& run) {
  const bool gap = !run.goes_on && run.to < parts.size() && opens_a_gap(parts[run.to]);
  return static_cast<int>(shortest(run.texts)) - (gap ? static_cast<int>(good_length) : 0);
}

std::vector<LiteralAnchor> anchors_of(const std::vector<OpenNode>& parts, const LiteralEffort& effort, int depth);

// The parts with one branch in place of the choice at `at`.
std::vector<OpenNode> with_branch(const std::vector<OpenNode>& parts, std::size_t at, const OpenNode& branch) {
  const auto choice = parts.begin() + static_cast<std::ptrdiff_t>(at);
  std::vector<OpenNode> alternative(parts.begin(), choice);
  if (branch.kind == Kind::sequence)
    alternative.insert(alternative.end(), branch.parts.begin(), branch.parts.end());
  else
    alternative.push_back(branch);
  alternative.insert(alternative.end(), choice + 1, parts.end());
  return alternative;
}

// One alternative for each branch of a choice among the parts.
std::vector<LiteralAnchor> by_branches(const std::vector<OpenNode>& parts, std::size_t at, const LiteralEffort& effort,
                                       int depth) {
  std::vector<LiteralAnchor> all;
  for (const OpenNode& branch : parts[at].parts) {
    const std::vector<OpenNode> alternative = with_branch(parts, at, branch);
    std::vector<LiteralAnchor> own = anchors_of(alternative, effort, depth + 1);
    if (own.empty() || all.size() + own.size() > most_branches) return {};
    std::ranges::move(own, std::back_inserter(all));
  }
  return all;
}

std::vector<LiteralAnchor> anchors_of(const std::vector<OpenNode>& parts, const LiteralEffort& effort, int depth) {
  std::optional<LiteralAnchor> best;
  int best_score = 0;  // none for literals that a gap follows: those of a branch may do
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const LiteralRun run = literal_run(parts, i, effort);
    if (run.texts.empty()) continue;
    const int score = score_of(parts, run);
    if (score <= best_score) continue;
    if (std::optional<LiteralAnchor> anchor = anchor_at(parts, run)) best = std::move(anchor), best_score = score;
  }
  if (best) return {std::move(*best)};
  for (std::size_t i = 0; i < parts.size() && depth < deepest_alternatives; ++i) {
    if (parts[i].kind != Kind::choice || parts[i].parts.size() > most_branches) continue;
    if (width_of(parts[i]).least == 0) continue;  // (?:^|…), (?:…|$)
    if (std::vector<LiteralAnchor> all = by_branches(parts, i, effort, depth); !all.empty()) return all;
  }
  return {};
}

}  // namespace
std::vector<LiteralAnchor> literal_beginnings(const OpenNode& expression) {
  const std::vector<OpenNode> parts = expression.kind == Kind::sequence ? expression.parts : std::vector{expression};
  std::size_t from = 0;
  while (from < parts.size() && parts[from].kind == Kind::assertion) ++from;
  if (from == parts.size()) return {};
  std::vector<LiteralAnchor> all;
  const LiteralRun run = literal_run(parts, from, usual);
  if (run.texts.empty() && parts[from].kind == Kind::choice) {
    for (const OpenNode& branch : parts[from].parts) {
      OpenNode alternative;
      alternative.parts = with_branch(parts, from, branch);
      std::vector<LiteralAnchor> own = literal_beginnings(alternative);
      if (own.empty()) return {};
      std::ranges::move(own, std::back_inserter(all));
    }
    return all;
  }
  if (run.texts.empty() || shortest(run.texts) == 0) return {};
  LiteralAnchor& anchor = all.emplace_back();
  take_literals(parts, run, anchor);
  if (shortest(run.texts) < least_length && anchor.next.empty()) return {};
  anchor.before = std::ranges::max(anchor.literals, {}, &std::string::size).size();
  return all;
}

bool fits(const LiteralAnchor& anchor, std::string_view text, std::size_t start, std::size_t end) noexcept {
  if (start > 0 && anchor.in_front && !anchor.in_front->has(static_cast<std::uint8_t>(text[start - 1]))) return false;
  if (text.size() - end < anchor.next.size()) return false;
  for (std::size_t i = 0; i < anchor.next.size(); ++i)
    if (!anchor.next[i].has(static_cast<std::uint8_t>(text[end + i]))) return false;
  return true;
}

std::vector<LiteralAnchor> literal_anchors(const OpenNode& expression) {
  const std::vector<OpenNode> parts = expression.kind == Kind::sequence ? expression.parts : std::vector{expression};
  for (const LiteralEffort& effort : {usual, spelled_out})
    if (std::vector<LiteralAnchor> anchors = anchors_of(parts, effort, 0); !anchors.empty()) return anchors;
  return {};
}

}  // namespace sluice::guard
