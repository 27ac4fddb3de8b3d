#include "guard/open_syntax.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace sluice::guard {
namespace {

using Kind = OpenNode::Kind;

constexpr int deepest = 200;
constexpr std::uint32_t largest_repeat = 1000;  // RE2's own

OpenNode set_node(ByteSet set) {
  OpenNode node;
  node.kind = Kind::set;
  node.set = set;
  return node;
}
OpenNode byte_node(unsigned byte) {
  ByteSet set;
  set.add(byte, byte);
  return set_node(set);
}
OpenNode assertion_node(Assertions must) {
  OpenNode node;
  node.kind = Kind::assertion;
  node.must = must;
  return node;
}
OpenNode sequence(std::vector<OpenNode> parts) {
  if (parts.size() == 1) return std::move(parts[0]);
  OpenNode node;
  for (OpenNode& part : parts) {
    if (part.kind == Kind::sequence)
      std::ranges::move(part.parts, std::back_inserter(node.parts));
    else
      node.parts.push_back(std::move(part));
  }
  if (node.parts.size() == 1) return OpenNode(std::move(node.parts[0]));
  return node;
}
OpenNode repeated(OpenNode part, std::uint32_t least, std::uint32_t most) {
  OpenNode node;
  node.kind = Kind::repeat;
  node.least = least;
  node.most = most;
  node.parts.push_back(std::move(part));
  return node;
}

// A character beyond ASCII: RFC 3629 §4, one lead byte and one to three that follow.
OpenNode wide_character() {
  ByteSet lead, rest;
  lead.add(0xC2, 0xF4);
  rest.add(0x80, 0xBF);
  return sequence({set_node(lead), repeated(set_node(rest), 1, 3)});
}

struct Flags {
  bool caseless = false, multi_line = false, dot_all = false;
};

// A class while it is read: bytes, and whether it takes characters beyond ASCII (TextUnit::utf8 only).
struct Class {
  ByteSet bytes;
  bool wide = false;
  void add(unsigned first, unsigned last) {
    if (first > last) return;
    if (first < 0x80) bytes.add(first, std::min(last, 0x7FU));
    if (last >= 0x80) wide = true;
  }
};

void add_named(Class& out, std::string_view name, TextUnit unit) {
  Class own;
  const auto range = [&](std::string_view pairs) {
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
      own.add(static_cast<std::uint8_t>(pairs[i]), static_cast<std::uint8_t>(pairs[i + 1]));
  };
  const bool negated = name.starts_with('^');
  if (negated) name.remove_prefix(1);
  if (name == "digit" || name == "d") range("09");
  if (name == "word" || name == "w") range("09AZaz__");
  if (name == "s") range("\t\n\f\r  ");
  if (name == "space") range("\t\r  ");
  if (name == "alnum") range("09AZaz");
  if (name == "alpha") range("AZaz");
  if (name == "lower") range("az");
  if (name == "upper") range("AZ");
  if (name == "xdigit") range("09AFaf");
  if (name == "blank") range("\t\t  ");
  if (name == "punct") range("!/:@[`{~");
  if (name == "cntrl") own.add(0, 0x1F), own.add(0x7F, 0x7F);
  if (name == "print") range(" ~");
  if (name == "graph") range("!~");
  if (name == "ascii") own.add(0, 0x7F);
  if (negated) {
    own.bytes.invert(unit == TextUnit::bytes ? 256 : 128);
    own.wide = unit == TextUnit::utf8;
  }
  for (unsigned b = 0; b < 256; ++b)
    if (own.bytes.has(static_cast<std::uint8_t>(b))) out.bytes.add(b, b);
  out.wide = out.wide || own.wide;
}

class Parser {
 public:
  explicit Parser(const OpenSyntax& syntax) : text_(syntax.regex), unit_(syntax.unit) {
    flags_.caseless = syntax.caseless;
  }

  Result<OpenNode> run() {
    OpenNode node = choice(0);
    if (!problem_.empty()) return fail(ErrorCode::malformed, problem_ + " at offset " + std::to_string(at_));
    if (at_ != text_.size()) return fail(ErrorCode::malformed, "unexpected ) at offset " + std::to_string(at_));
    return node;
  }

 private:
  [[nodiscard]] bool more() const { return problem_.empty() && at_ < text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  OpenNode failed(std::string_view problem) {
    if (problem_.empty()) problem_ = problem;
    return {};
  }

  OpenNode choice(int depth) {
    if (depth > deepest) return failed("too deep");
    const Flags outer = flags_;  // (?i) inside a group ends with it
    std::vector<OpenNode> branches;
    do branches.push_back(branch(depth));
    while (more() && take("|"));
    flags_ = outer;
    if (branches.size() == 1) return std::move(branches[0]);
    return factored(std::move(branches));
  }

  OpenNode branch(int depth) {
    std::vector<OpenNode> parts;
    while (more() && peek() != '|' && peek() != ')') {
      std::optional<OpenNode> atom = this->atom(depth);
      if (!atom) continue;  // flags alone
      OpenNode node = std::move(*atom);
      while (more() && repeats(node)) {
      }
      parts.push_back(std::move(node));
    }
    return sequence(std::move(parts));
  }

  bool repeats(OpenNode& node) {
    std::uint32_t least = 0, most = 0;
    const char c = peek();
    if (c == '*' || c == '+' || c == '?') {
      ++at_;
      least = c == '+' ? 1 : 0;
      most = c == '?' ? 1 : 0;
    } else if (c != '{' || !counts(least, most)) {
      return false;
    }
    (void)take("?");
    node = most == 0 || least <= most ? repeated(std::move(node), least, most) : failed("a repeat that ends early");
    if (c == '{' && zero_) node = OpenNode{};
    return true;
  }

  bool number(std::uint32_t& value) {
    const std::size_t begin = at_;
    value = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && at_ < begin + 5)
      value = value * 10 + static_cast<std::uint32_t>(text_[at_++] - '0');
    return at_ > begin;
  }

  // {n}, {n,} and {n,m}; anything else is a literal brace.
  bool counts(std::uint32_t& least, std::uint32_t& most) {
    const std::size_t begin = at_++;
    bool good = number(least);
    most = least;
    zero_ = good && least == 0;
    if (good && take(",")) {
      if (!number(most))
        most = 0, zero_ = false;
      else
        zero_ = most == 0;
    }
    good = good && take("}");
    if (!good) {
      at_ = begin;
      return false;
    }
    if (least > largest_repeat || most > largest_repeat) (void)failed("a repeat of more than 1000");
    return true;
  }

  std::optional<OpenNode> atom(int depth) {
    const char c = peek();
    if (c == '(') return group(depth);
    if (c == '[') return bracket();
    if (c == '\\') return escape();
    if (c == '.') {
      ++at_;
      Class any;
      any.bytes.add(0, unit_ == TextUnit::bytes ? 255 : 127);
      any.wide = unit_ == TextUnit::utf8;
      if (!flags_.dot_all) {
        ByteSet but;
        but.add('\n', '\n');
        but.invert(unit_ == TextUnit::bytes ? 256 : 128);
        any.bytes = but;
      }
      return class_node(any);
    }
    if (c == '^') return ++at_, assertion_node(flags_.multi_line ? assertion::line_begin : assertion::text_begin);
    if (c == '$') return ++at_, assertion_node(flags_.multi_line ? assertion::line_end : assertion::text_end);
    if (c == '*' || c == '+' || c == '?') return failed("a repeat of nothing");
    return literal(code_point());
  }

  std::optional<OpenNode> group(int depth) {
    ++at_;
    const Flags outer = flags_;
    if (take("?")) {
      if (take("P<") || take("<")) {
        const std::size_t close = text_.find('>', at_);
        if (close == std::string_view::npos || text_[at_] == '=' || text_[at_] == '!') return failed("a group");
        at_ = close + 1;
      } else {
        bool on = true;
        while (more() && peek() != ':' && peek() != ')') {
          const char flag = text_[at_++];
          if (flag == '-')
            on = false;
          else if (flag == 'i')
            flags_.caseless = on;
          else if (flag == 'm')
            flags_.multi_line = on;
          else if (flag == 's')
            flags_.dot_all = on;
          else if (flag != 'U')
            return failed("a flag");
        }
        if (take(")")) return std::nullopt;  // for the rest of the enclosing group
        if (!take(":")) return failed("a group");
      }
    }
    OpenNode node = choice(depth + 1);
    flags_ = outer;
    if (!take(")")) return failed("a group without its end");
    return node;
  }

  // The next character of the expression as a code point, or its byte.
  unsigned code_point() {
    const auto byte = static_cast<std::uint8_t>(text_[at_++]);
    if (byte < 0xC2 || unit_ == TextUnit::bytes) return byte;
    const int rest = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    unsigned value = byte & (0x3FU >> rest);
    for (int i = 0; i < rest && at_ < text_.size(); ++i)
      value = value << 6 | (static_cast<std::uint8_t>(text_[at_++]) & 0x3FU);
    return value;
  }

  OpenNode literal(unsigned character) const {
    if (character < 0x80 || unit_ == TextUnit::bytes) {
      Class one;
      one.bytes.add(character & 0xFF, character & 0xFF);
      return class_node(one);
    }
    if (flags_.caseless) return wide_character();
    std::vector<OpenNode> bytes;
    if (character < 0x800) {
      bytes = {byte_node(0xC0 | character >> 6)};
    } else if (character < 0x10000) {
      bytes = {byte_node(0xE0 | character >> 12), byte_node(0x80 | (character >> 6 & 0x3F))};
    } else {
      bytes = {byte_node(0xF0 | (character >> 18 & 7)), byte_node(0x80 | (character >> 12 & 0x3F)),
               byte_node(0x80 | (character >> 6 & 0x3F))};
    }
    bytes.push_back(byte_node(0x80 | (character & 0x3F)));
    return sequence(std::move(bytes));
  }

  OpenNode class_node(Class given) const {
    if (flags_.caseless)
      for (unsigned letter = 'a'; letter <= 'z'; ++letter)
        if (given.bytes.has(static_cast<std::uint8_t>(letter)) ||
            given.bytes.has(static_cast<std::uint8_t>(letter - 32)))
          given.bytes.add(letter, letter), given.bytes.add(letter - 32, letter - 32);
    if (!given.wide) return set_node(given.bytes);
    OpenNode node;
    node.kind = Kind::choice;
    node.parts.push_back(set_node(given.bytes));
    node.parts.push_back(wide_character());
    return node;
  }

  // The value of \n, \x41, \x{1F600}, \101 and of punctuation; nullopt for what is no character.
  std::optional<unsigned> escaped_character() {
    if (at_ >= text_.size()) return std::nullopt;
    const char c = text_[at_];
    const auto hex = [](char d) -> int {
      return d >= '0' && d <= '9' ? d - '0' : (d | 32) >= 'a' && (d | 32) <= 'f' ? (d | 32) - 'a' + 10 : -1;
    };
    if (c == 'x') {
      ++at_;
      const bool braces = take("{");
      unsigned value = 0;
      int digits = 0;
      for (; at_ < text_.size() && hex(text_[at_]) >= 0 && (braces ? digits < 8 : digits < 2); ++at_, ++digits)
        value = value * 16 + static_cast<unsigned>(hex(text_[at_]));
      if (digits == 0 || (braces && !take("}"))) return std::nullopt;
      return value;
    }
    constexpr std::string_view names = "afnrtv", values = "\a\f\n\r\t\v";
    if (const std::size_t known = names.find(c); known != std::string_view::npos)
      return ++at_, static_cast<unsigned>(values[known]);
    if (c >= '0' && c <= '7') {
      unsigned value = 0;
      for (int i = 0; i < 3 && at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '7'; ++i)
        value = value * 8 + static_cast<unsigned>(text_[at_++] - '0');
      return value;
    }
    const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (word) return std::nullopt;
    return code_point();
  }

  // \d \w \s and their opposites, \pL and \p{Greek}; false when the escape is something else.
  bool escaped_class(Class& out) {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == 'p' || c == 'P') {
      ++at_;
      if (take("{")) {
        const std::size_t close = text_.find('}', at_);
        if (close == std::string_view::npos) return false;
        at_ = close;
      }
      ++at_;
      out.bytes.add(0, 0x7F);  // wider than it is: what is held too long is only late
      out.wide = true;
      return true;
    }
    if (!std::string_view("dDwWsS").contains(c)) return false;
    ++at_;
    const char lower = static_cast<char>(c | 32);
    const std::string name = (c == lower ? "" : "^") + std::string(1, lower);
    add_named(out, name, unit_);
    return true;
  }

  OpenNode escape() {
    ++at_;
    if (take("b")) return assertion_node(assertion::word_edge);
    if (take("B")) return assertion_node(assertion::no_word_edge);
    if (take("A")) return assertion_node(assertion::text_begin);
    if (take("z")) return assertion_node(assertion::text_end);
    if (take("C")) {
      ByteSet any;
      any.add(0, 255);
      return set_node(any);
    }
    if (take("Q")) {
      std::vector<OpenNode> parts;
      while (more() && !take("\\E")) parts.push_back(literal(code_point()));
      return sequence(std::move(parts));
    }
    Class named;
    if (escaped_class(named)) return class_node(named);
    if (const std::optional<unsigned> character = escaped_character()) return literal(*character);
    return failed("an escape");
  }

  OpenNode bracket() {
    ++at_;
    Class out;
    const bool negated = take("^");
    for (bool first = true; more() && (first || peek() != ']'); first = false)
      if (!bracket_item(out)) return failed("a class");
    if (!take("]")) return failed("a class without its end");
    // Before the negation, so that (?i)[^a] leaves out A as well.
    if (flags_.caseless)
      for (unsigned letter = 'a'; letter <= 'z'; ++letter)
        if (out.bytes.has(static_cast<std::uint8_t>(letter)) || out.bytes.has(static_cast<std::uint8_t>(letter - 32)))
          out.bytes.add(letter, letter), out.bytes.add(letter - 32, letter - 32);
    if (negated) {
      out.bytes.invert(unit_ == TextUnit::bytes ? 256 : 128);
      out.wide = unit_ == TextUnit::utf8;
    }
    return class_node(out);
  }

  bool bracket_item(Class& out) {
    if (take("[:")) {
      const std::size_t close = text_.find(":]", at_);
      if (close == std::string_view::npos) return false;
      add_named(out, text_.substr(at_, close - at_), unit_);
      at_ = close + 2;
      return true;
    }
    const std::optional<unsigned> low = bracket_character(out);
    if (!low) return problem_.empty();  // a named class
    unsigned high = *low;
    if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
      ++at_;
      const std::optional<unsigned> last = bracket_character(out);
      if (!last) return false;
      high = *last;
    }
    if (unit_ == TextUnit::bytes)
      out.bytes.add(*low & 0xFF, high & 0xFF);
    else
      out.add(*low, high);
    return true;
  }

  std::optional<unsigned> bracket_character(Class& out) {
    if (!take("\\")) return code_point();
    if (escaped_class(out)) return std::nullopt;
    const std::optional<unsigned> character = escaped_character();
    if (!character) (void)failed("an escape in a class");
    return character;
  }

  std::string_view text_;
  TextUnit unit_;
  Flags flags_;
  std::size_t at_ = 0;
  std::string problem_;
  bool zero_ = false;  // the last counts were {0} or {0,0}
};

// Equal trees have equal keys.
void write_key(const OpenNode& node, std::string& out) {
  out += static_cast<char>('A' + static_cast<int>(node.kind));
  if (node.kind == Kind::set) out.append(reinterpret_cast<const char*>(&node.set), sizeof node.set);
  if (node.kind == Kind::assertion) out += static_cast<char>(node.must);
  if (node.kind == Kind::repeat) out += std::to_string(node.least) + ',' + std::to_string(node.most);
  for (const OpenNode& part : node.parts) write_key(part, out);
  out += '.';
}

}  // namespace

Result<OpenNode> parse_open(const OpenSyntax& syntax) {
  return Parser(syntax).run();
}

OpenNode factored(std::vector<OpenNode> branches) {
  OpenNode out;
  out.kind = Kind::choice;
  std::map<std::string, std::size_t> by_first;
  struct Group {
    OpenNode first;
    std::vector<OpenNode> rests;
  };
  std::vector<Group> groups;
  for (OpenNode& branch : branches) {
    if (branch.kind == Kind::choice) {  // (a|b)|c
      std::ranges::move(branch.parts, std::back_inserter(out.parts));
      continue;
    }
    OpenNode first, rest;
    if (branch.kind != Kind::sequence) {
      first = std::move(branch);
    } else if (branch.parts.empty()) {
      out.parts.emplace_back();
      continue;
    } else {
      first = std::move(branch.parts.front());
      branch.parts.erase(branch.parts.begin());
      rest = sequence(std::move(branch.parts));
    }
    std::string key;
    write_key(first, key);
    const auto [known, added] = by_first.try_emplace(std::move(key), groups.size());
    if (added) groups.push_back({std::move(first), {}});
    groups[known->second].rests.push_back(std::move(rest));
  }
  for (Group& group : groups) {
    OpenNode rest = group.rests.size() == 1 ? std::move(group.rests[0]) : factored(std::move(group.rests));
    std::vector<OpenNode> parts;
    parts.push_back(std::move(group.first));
    parts.push_back(std::move(rest));
    out.parts.push_back(sequence(std::move(parts)));
  }
  if (out.parts.size() == 1) return std::move(out.parts[0]);
  return out;
}

}  // namespace sluice::guard
