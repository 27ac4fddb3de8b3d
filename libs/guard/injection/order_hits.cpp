#include "guard/injection/order_hits.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <string>

#include "guard/lazy_regex.h"
#include "guard/literal_anchor.h"

namespace sluice::guard {
namespace {

// \s and \S as Hyperscan reads them: RE2's leave the vertical tab out. No class of the table holds \S.
std::string with_all_blanks(std::string_view regex) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    if (regex[i] == '\\' && i + 1 < regex.size()) {
      const char escaped = regex[++i];
      if (escaped == 's')
        out += in_class ? "\\t-\\r " : "[\\t-\\r ]";
      else if (escaped == 'S')
        out += "[^\\t-\\r ]";
      else
        out.append(1, '\\').append(1, escaped);
      continue;
    }
    if (regex[i] == '[') in_class = true;
    if (regex[i] == ']') in_class = false;
    out += regex[i];
  }
  return out;
}

constexpr std::size_t furthest_end = 4096;  // of matches but the longest, in bytes from their start

// Words that an expression begins with, all of one length.
struct Beginning {
  std::uint32_t pattern = 0;
  std::size_t length = 0;
  LiteralAnchor anchor{};
};

}  // namespace

struct OrderHits::State {
  std::vector<LazyRegex> regexes;     // by pattern
  std::vector<Beginning> beginnings;  // their ids in the database come behind those of the patterns
  PatternDatabase database;

  void add(std::uint32_t pattern, std::string_view regex, std::vector<Pattern>& literals,
           std::vector<Pattern>& expressions) {
    std::vector<LiteralAnchor> anchors;
    if (const Result<OpenNode> tree = parse_open({.regex = regex, .unit = TextUnit::bytes}))
      anchors = literal_beginnings(*tree);
    if (anchors.empty()) expressions.push_back({std::string(regex), false, pattern});
    for (LiteralAnchor& anchor : anchors) {
      std::map<std::size_t, std::vector<std::string>> by_length;
      for (std::string& text : anchor.literals) by_length[text.size()].push_back(std::move(text));
      anchor.literals.clear();
      for (auto& [length, texts] : by_length) {
        const auto id = static_cast<std::uint32_t>(order_patterns().size() + beginnings.size());
        for (std::string& text : texts)
          literals.push_back({std::move(text), anchor.caseless, id, Pattern::Form::literal});
        beginnings.push_back({pattern, length, anchor});
      }
    }
  }
};

namespace {

template <class State>
class HitsOnSegments final : public PatternDatabase::Sink {
 public:
  HitsOnSegments(const State& state, std::string_view text, std::vector<Scored>& segments)
      : state_(state), text_(text), segments_(segments) {}

  void matched(std::uint32_t id, std::size_t end) override {
    const std::size_t patterns = order_patterns().size();
    if (id < patterns) return mark(id, end);
    const Beginning& beginning = state_.beginnings[id - patterns];
    const std::size_t start = end - beginning.length;
    if (!fits(beginning.anchor, text_, start, end)) return;
    if (const re2::RE2* const regex = state_.regexes[beginning.pattern].get()) follow(*regex, beginning.pattern, start);
  }

 private:
  // Marks each segment in which a match ends that begins at `start`: the longest match that ends at the segment's end
  // at the latest ends in it, or none does. Of a word or a gap of megabytes only the beginning and the end are looked
  // at: a look goes from `start` on.
  void follow(const re2::RE2& regex, std::uint32_t pattern, std::size_t start) {
    const re2::StringPiece whole(text_.data(), text_.size());
    if (!regex.Match(whole, start, text_.size(), re2::RE2::ANCHOR_START, nullptr, 0)) return;
    re2::StringPiece found;
    if (!regex.Match(whole, start, text_.size(), re2::RE2::ANCHOR_START, &found, 1)) return;
    for (std::size_t end = start + found.size(); end > start;) {
      const auto segment = segment_of(end);
      if (segment == segments_.end()) return;
      mark(pattern, end);
      const std::size_t limit = std::min<std::size_t>(segment->segment.start, start + furthest_end);
      if (limit <= start || !regex.Match(whole, start, limit, re2::RE2::ANCHOR_START, &found, 1)) return;
      end = start + found.size();
    }
  }

  std::vector<Scored>::iterator segment_of(std::size_t end) {
    const auto at = std::ranges::upper_bound(segments_, end - 1, {}, [](const Scored& s) { return s.segment.start; });
    return at == segments_.begin() ? segments_.end() : std::prev(at);
  }

  void mark(std::uint32_t id, std::size_t end) {
    const auto segment = segment_of(end);
    if (segment == segments_.end()) return;
    const OrderPattern& pattern = order_patterns()[id];
    float& best = segment->patterns[static_cast<std::size_t>(pattern.order)];
    best = std::max(best, pattern.weight);
  }

  const State& state_;
  std::string_view text_;
  std::vector<Scored>& segments_;
};

}  // namespace

OrderHits::OrderHits() {
  auto state = std::make_unique<State>();
  std::vector<Pattern> patterns, expressions;
  for (std::uint32_t i = 0; i < order_patterns().size(); ++i) {
    state->regexes.emplace_back(with_all_blanks(order_patterns()[i].regex), RegexUnits::bytes, RegexMatch::longest);
    state->add(i, order_patterns()[i].regex, patterns, expressions);
  }
  patterns.insert(patterns.end(), expressions.begin(), expressions.end());  // patterns of one form make one shard
  std::vector<PatternRefusal> refused;
  if (auto database = PatternDatabase::compile(patterns, refused)) state->database = std::move(*database);
  state_ = std::move(state);
}

OrderHits::~OrderHits() = default;

void OrderHits::mark(std::string_view text, PatternDatabase::Scratch& scratch, std::vector<Scored>& segments) const {
  HitsOnSegments hits(*state_, text, segments);
  // A scan fails only beyond the database's limit of length, which normalised text cannot reach.
  (void)state_->database.scan(text, scratch, hits);
}

}  // namespace sluice::guard
