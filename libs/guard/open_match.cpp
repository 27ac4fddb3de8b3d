#include "guard/open_match.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "guard/pattern_database.h"

namespace sluice::guard {
namespace {

using Kind = OpenNode::Kind;

constexpr std::size_t most_positions = 400'000;  // of one matcher; 24 bytes each with its edges
constexpr std::size_t largest_count = 6000;      // positions that one counted repeat may need
constexpr std::size_t many_edges = 10;           // a table by byte pays from here on

struct Arrow {
  std::uint32_t to = 0;
  Assertions must = 0;
  auto operator<=>(const Arrow&) const = default;
};

// A part of the automaton while it is built: where it is entered, where it is left, and under which assertions it is
// passed without a byte.
struct Part {
  std::vector<Arrow> first, last;
  std::vector<Assertions> empty;
};

void append(std::vector<Arrow>& to, const std::vector<Arrow>& from, Assertions must) {
  for (Arrow arrow : from) {
    arrow.must |= must;
    to.push_back(arrow);
  }
}

std::size_t size_of(const OpenNode& node) {
  if (node.kind == Kind::set) return 1;
  std::size_t size = 0;
  for (const OpenNode& part : node.parts) size += size_of(part);
  if (node.kind == Kind::repeat) size *= std::max<std::size_t>({1, node.least, node.most});
  return size;
}

// (?:^|[^…]): the character in front of what is found.
bool stands_before(const OpenNode& node) {
  if (node.kind != Kind::choice) return false;
  const bool begins = std::ranges::any_of(node.parts, [](const OpenNode& part) {
    return part.kind == Kind::assertion && (part.must & (assertion::text_begin | assertion::line_begin)) != 0;
  });
  const auto one_character = [](const auto& self, const OpenNode& part) -> bool {
    if (part.kind == Kind::assertion || part.kind == Kind::set) return true;
    if (part.kind == Kind::choice) return std::ranges::all_of(part.parts, [&](const auto& p) { return self(self, p); });
    // A character beyond ASCII: see wide_character() of the parser.
    return part.kind == Kind::sequence && part.parts.size() == 2 && part.parts[0].kind == Kind::set &&
           part.parts[1].kind == Kind::repeat && part.parts[1].most == 3;
  };
  return begins && one_character(one_character, node);
}

}  // namespace

class OpenMatcherBuilder {
 public:
  explicit OpenMatcherBuilder(OpenMatcher& out) : out_(out) {}

  void run(std::vector<OpenNode> trees) {
    const OpenNode all = factored(std::move(trees));
    std::vector<Arrow> starts;
    if (all.kind == Kind::choice)
      for (const OpenNode& branch : all.parts) append(starts, root(branch).first, 0);
    else
      append(starts, root(all).first, 0);
    finish(starts);
  }

 private:
  // At the top a character in front is marked.
  Part root(const OpenNode& node) {
    if (node.kind != Kind::sequence || node.parts.empty() || !stands_before(node.parts.front())) return part(node);
    before_ = true;
    Part first = part(node.parts.front());
    before_ = false;
    for (std::size_t i = 1; i < node.parts.size(); ++i) first = joined(std::move(first), part(node.parts[i]));
    return first;
  }

  Part part(const OpenNode& node) {
    switch (node.kind) {
      case Kind::set:
        return byte(node.set);
      case Kind::assertion:
        return {{}, {}, {node.must}};
      case Kind::sequence: {
        Part all{{}, {}, {0}};
        for (const OpenNode& one : node.parts) all = joined(std::move(all), part(one));
        return all;
      }
      case Kind::choice: {
        Part all;
        for (const OpenNode& one : node.parts) {
          const Part own = part(one);
          append(all.first, own.first, 0);
          append(all.last, own.last, 0);
          all.empty.insert(all.empty.end(), own.empty.begin(), own.empty.end());
        }
        tidy(all);
        return all;
      }
      case Kind::repeat:
        return repeated(node);
    }
    return {};
  }

  Part byte(const ByteSet& set) {
    const auto at = static_cast<std::uint32_t>(arrows_.size());
    arrows_.emplace_back();
    const auto [known, added] = sets_.try_emplace(set, static_cast<std::uint32_t>(out_.sets_.size()));
    if (added) out_.sets_.push_back(set);
    OpenMatcher::Position position;
    position.set = known->second;
    position.before = before_;
    out_.position_.push_back(position);
    return {{{at, 0}}, {{at, 0}}, {}};
  }

  void connect(const std::vector<Arrow>& from, const std::vector<Arrow>& to) {
    for (const Arrow& leave : from) {
      if ((leave.must & assertion::text_end) != 0) continue;  // nothing follows the end
      for (const Arrow& enter : to) {
        const Arrow arrow{enter.to, static_cast<Assertions>(leave.must | enter.must)};
        if ((arrow.must & assertion::text_end) == 0) arrows_[leave.to].push_back(arrow);
      }
    }
  }

  Part joined(Part a, Part b) {
    connect(a.last, b.first);
    Part out;
    out.first = std::move(a.first);
    for (const Assertions must : a.empty) append(out.first, b.first, must);
    out.last = std::move(b.last);
    for (const Assertions must : b.empty) append(out.last, a.last, must);
    for (const Assertions one : a.empty)
      for (const Assertions two : b.empty) out.empty.push_back(one | two);
    tidy(out);
    return out;
  }

  Part repeated(const OpenNode& node) {
    const OpenNode& one = node.parts.front();
    std::uint32_t least = node.least, most = node.most;
    const std::size_t size = size_of(one);
    const std::size_t copies = std::max<std::size_t>({1, least, most});
    if (copies > 1 && (size * copies > largest_count || arrows_.size() + size * copies > most_positions)) {
      out_.rough_ = true;
      least = most = 0;
    }
    Part all = part(one);
    const bool may_be_empty = !all.empty.empty();
    std::vector<Arrow> lasts = all.last, firsts = all.first;  // of the newest copy
    std::vector<Arrow> leaves;                                // of the copies that may be the last
    if (least <= 1 || may_be_empty) leaves = lasts;
    for (std::size_t i = 1; i < std::max<std::size_t>(least, most); ++i) {
      Part next = part(one);
      connect(lasts, next.first);
      if (may_be_empty) append(all.first, next.first, 0);
      lasts = std::move(next.last);
      firsts = std::move(next.first);
      if (i + 1 >= least || may_be_empty) leaves.insert(leaves.end(), lasts.begin(), lasts.end());
    }
    if (most == 0) connect(lasts, firsts);
    all.last = std::move(leaves);
    if (least == 0 || may_be_empty) all.empty = {0};
    tidy(all);
    return all;
  }

  static void tidy(Part& part) {
    const auto unique = [](auto& list) {
      std::ranges::sort(list);
      const auto [from, to] = std::ranges::unique(list);
      list.erase(from, to);
    };
    unique(part.first);
    unique(part.last);
    unique(part.empty);
  }

  void finish(const std::vector<Arrow>& starts) {
    for (std::size_t i = 0; i < arrows_.size(); ++i) {
      std::vector<Arrow>& own = arrows_[i];
      std::ranges::sort(own);
      const auto [from, to] = std::ranges::unique(own);
      own.erase(from, to);
      out_.position_[i].first_edge = static_cast<std::uint32_t>(out_.edges_.size());
      const std::vector<OpenMatcher::Edge> edges = edges_of(own);
      if (edges.size() < many_edges) {
        out_.edges_.insert(out_.edges_.end(), edges.begin(), edges.end());
        continue;
      }
      out_.position_[i].table = static_cast<std::int32_t>(out_.tables_.size());
      out_.tables_.push_back(out_.table_of(edges));
    }
    OpenMatcher::Position end;
    end.first_edge = static_cast<std::uint32_t>(out_.edges_.size());
    out_.position_.push_back(end);
    std::vector<Arrow> anywhere;
    for (const Arrow& arrow : starts)
      if ((arrow.must & (assertion::text_begin | assertion::text_end)) == 0) anywhere.push_back(arrow);
    out_.starts_ = out_.table_of(edges_of(anywhere));
    out_.starts_at_begin_ = out_.table_of(edges_of(starts));
  }

  static std::vector<OpenMatcher::Edge> edges_of(const std::vector<Arrow>& arrows) {
    std::vector<OpenMatcher::Edge> edges;
    for (const Arrow& arrow : arrows)
      if ((arrow.must & assertion::text_end) == 0) edges.push_back({arrow.to, arrow.must});
    return edges;
  }

  OpenMatcher& out_;
  std::vector<std::vector<Arrow>> arrows_;  // by position
  std::map<ByteSet, std::uint32_t> sets_;
  bool before_ = false;
};

OpenMatcher OpenMatcher::make(std::span<const OpenSyntax> expressions) {
  std::vector<OpenNode> trees;
  OpenMatcher out;
  for (const OpenSyntax& expression : expressions) {
    if (Result<OpenNode> tree = parse_open(expression)) {
      trees.push_back(std::move(*tree));
      continue;
    }
    ++out.not_understood_;
    const Result<PatternWidth> width = width_of({std::string(expression.regex), expression.caseless});
    const std::size_t endless = std::numeric_limits<std::size_t>::max();
    out.blind_ = std::max(out.blind_, width && width->most ? *width->most : endless);
  }
  if (!trees.empty()) OpenMatcherBuilder(out).run(std::move(trees));
  return out;
}

OpenMatcher::Table OpenMatcher::table_of(std::span<const Edge> edges) const {
  Table table;
  table.offset.reserve(257);
  for (unsigned byte = 0; byte < 256; ++byte) {
    table.offset.push_back(static_cast<std::uint32_t>(table.edges.size()));
    for (const Edge& edge : edges)
      if (sets_[position_[edge.to].set].has(static_cast<std::uint8_t>(byte))) table.edges.push_back(edge);
  }
  table.offset.push_back(static_cast<std::uint32_t>(table.edges.size()));
  return table;
}

// The positions that the last byte reached, each once, with the earliest start. `stamp` says in which step a position
// was reached and `index` where it then stands in `next`.
struct OpenMatcher::Work {
  struct Live {
    std::uint32_t position = 0;
    std::size_t start = 0;
  };
  std::vector<Live> now, next;
  std::vector<std::uint64_t> stamp;
  std::vector<std::uint32_t> index;
  std::uint64_t steps = 0;  // never comes again: the memory serves all matchers of the thread

  void reach(std::uint32_t position, std::size_t start) {
    if (stamp[position] == steps) {
      std::size_t& known = next[index[position]].start;
      known = std::min(known, start);
      return;
    }
    stamp[position] = steps;
    index[position] = static_cast<std::uint32_t>(next.size());
    next.push_back({position, start});
  }
};

namespace {

bool is_word(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// What holds in front of text[at].
Assertions holding(std::string_view text, std::size_t at) noexcept {
  const bool word_before = at > 0 && is_word(text[at - 1]);
  Assertions holds = word_before != is_word(text[at]) ? assertion::word_edge : assertion::no_word_edge;
  if (at == 0) holds |= assertion::text_begin | assertion::line_begin;
  if (at > 0 && text[at - 1] == '\n') holds |= assertion::line_begin;
  if (text[at] == '\n') holds |= assertion::line_end;
  return holds;
}

}  // namespace

std::size_t OpenMatcher::open_from(std::string_view text, std::size_t from) const {
  if (from >= text.size()) return text.size();
  const std::size_t blind = std::max(from, blind_ < text.size() ? text.size() - blind_ : 0);
  if (position_.empty()) return blind;
  thread_local Work work;
  work.stamp.resize(std::max(work.stamp.size(), position_.size()));
  work.index.resize(work.stamp.size());
  work.now.clear();

  std::size_t at = from;  // back over the one character in front
  if (at > 0) --at;
  while (at > 0 && from - at < 4 && (static_cast<std::uint8_t>(text[at]) & 0xC0U) == 0x80) --at;
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<std::uint8_t>(text[at]);
    const Assertions holds = holding(text, at);
    ++work.steps;
    work.next.clear();
    const auto follow = [&](const Edge& edge, std::size_t start) {
      if ((edge.must & ~holds) != 0) return;
      work.reach(edge.to, position_[edge.to].before ? at + 1 : start);
    };
    for (const Work::Live& live : work.now) {
      const Position& position = position_[live.position];
      if (position.table >= 0) {
        const Table& table = tables_[static_cast<std::size_t>(position.table)];
        for (std::uint32_t i = table.offset[byte]; i < table.offset[byte + 1U]; ++i) follow(table.edges[i], live.start);
        continue;
      }
      const std::uint32_t end = position_[live.position + 1].first_edge;
      for (std::uint32_t i = position.first_edge; i < end; ++i)
        if (sets_[position_[edges_[i].to].set].has(byte)) follow(edges_[i], live.start);
    }
    const Table& starts = at == 0 ? starts_at_begin_ : starts_;
    for (std::uint32_t i = starts.offset[byte]; i < starts.offset[byte + 1U]; ++i)
      if (at >= from || position_[starts.edges[i].to].before) follow(starts.edges[i], at);
    work.now.swap(work.next);
  }
  std::size_t open = blind;
  for (const Work::Live& live : work.now) open = std::min(open, live.start);
  return open;
}

}  // namespace sluice::guard
