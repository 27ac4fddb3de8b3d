#include "guard/open_tree.h"

#include <algorithm>
#include <cstdio>

namespace sluice::guard {
namespace {

using Kind = OpenNode::Kind;

constexpr std::size_t wide_gap = 100;

// The bytes of ASCII that a class takes; one with characters beyond is a choice.
ByteSet ascii_of(const OpenNode& node) {
  ByteSet all;
  const auto add = [&all](const OpenNode& part) {
    for (unsigned b = 0; b < 128; ++b)
      if (part.kind == Kind::set && part.set.has(static_cast<std::uint8_t>(b))) all.add(b, b);
  };
  add(node);
  for (const OpenNode& part : node.parts) add(part);
  return all;
}

bool is_wide(const ByteSet& set) {
  std::size_t members = 0;
  for (unsigned b = 0; b < 128; ++b) members += set.has(static_cast<std::uint8_t>(b)) ? 1 : 0;
  return members > 80;
}

void print_set(const ByteSet& set, std::string& out) {
  const auto byte = [&out](unsigned b) {
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", b);
    out += text;
  };
  out += '[';
  for (unsigned b = 0; b < 256; ++b) {
    if (!set.has(static_cast<std::uint8_t>(b))) continue;
    unsigned last = b;
    while (last < 255 && set.has(static_cast<std::uint8_t>(last + 1))) ++last;
    byte(b);
    if (last > b) out += '-', byte(last);
    b = last;
  }
  out += ']';
}

void print_repeat(const OpenNode& node, std::string& out) {
  std::string one = "(?:";
  print_for_bytes(node.parts.front(), one);
  one += ')';
  if (node.most != 0 && node.most <= 3) {  // RE2 multiplies counts inside counts, up to a thousand
    for (std::uint32_t i = 0; i < node.most; ++i) out.append(one).append(i < node.least ? "" : "?");
    return;
  }
  out += one;
  if (node.most == 0 && node.least <= 1)
    out += node.least == 0 ? "*" : "+";
  else
    out += "{" + std::to_string(node.least) + "," + (node.most == 0 ? "" : std::to_string(node.most)) + "}";
}

void print_assertion(Assertions must, std::string& out) {
  if ((must & assertion::text_begin) != 0) out += "\\A";
  if ((must & assertion::line_begin) != 0) out += "(?m:^)";
  if ((must & assertion::word_edge) != 0) out += "\\b";
  if ((must & assertion::no_word_edge) != 0) out += "\\B";
  if ((must & assertion::line_end) != 0) out += "(?m:$)";
  if ((must & assertion::text_end) != 0) out += "\\z";
}

}  // namespace

std::size_t positions_of(const OpenNode& node) {
  if (node.kind == Kind::set) return 1;
  std::size_t size = 0;
  for (const OpenNode& part : node.parts) size += positions_of(part);
  if (node.kind == Kind::repeat) size *= std::max<std::size_t>({1, node.least, node.most});
  return size;
}
ByteWidth width_of(const OpenNode& node) {
  ByteWidth width{.least = 0, .most = 0};
  switch (node.kind) {
    case Kind::set:
      return {.least = 1, .most = 1};
    case Kind::assertion:
      return width;
    case Kind::sequence:
      for (const OpenNode& part : node.parts) {
        const ByteWidth own = width_of(part);
        width.least += own.least;
        width.most = width.most && own.most ? std::optional(*width.most + *own.most) : std::nullopt;
      }
      return width;
    case Kind::choice:
      for (std::size_t i = 0; i < node.parts.size(); ++i) {
        const ByteWidth own = width_of(node.parts[i]);
        width.least = i == 0 ? own.least : std::min(width.least, own.least);
        width.most = width.most && own.most ? std::optional(std::max(*width.most, *own.most)) : std::nullopt;
      }
      return width;
    case Kind::repeat: {
      const ByteWidth own = width_of(node.parts.front());
      const bool bounded = own.most && (node.most != 0 || *own.most == 0);
      return {.least = own.least * node.least, .most = bounded ? std::optional(*own.most * node.most) : std::nullopt};
    }
  }
  return width;
}
bool opens_a_gap(const OpenNode& node) {
  if (node.kind != Kind::repeat || (node.most != 0 && node.most <= wide_gap)) return false;
  return node.parts.front().kind != Kind::set || is_wide(node.parts.front().set);
}
bool goes_over_lines_without_end(const OpenNode& node) {
  if (node.kind != Kind::repeat || node.most != 0) return false;
  const ByteSet set = ascii_of(node.parts.front());
  return is_wide(set) && set.has('\n');
}

ByteWidth width_of(OpenParts parts) {
  OpenNode all;
  all.parts.assign(parts.begin(), parts.end());
  return width_of(all);
}

std::optional<std::size_t> reach_of_shortest(OpenParts parts) {
  while (!parts.empty() && parts.back().kind == Kind::repeat && parts.back().least == 0)
    parts = parts.first(parts.size() - 1);
  if (parts.empty()) return 0;
  std::size_t last = 0;
  if (const OpenNode& end = parts.back(); end.kind == Kind::repeat) {
    const ByteWidth one = width_of(end.parts.front());
    if (!one.most) return std::nullopt;
    last = *one.most * end.least;
    parts = parts.first(parts.size() - 1);
  }
  const ByteWidth rest = width_of(parts);
  if (!rest.most) return std::nullopt;
  return *rest.most + last;
}
bool add_first(const OpenNode& node, ByteSet& set) {
  switch (node.kind) {
    case Kind::set:
      for (unsigned b = 0; b < 256; ++b)
        if (node.set.has(static_cast<std::uint8_t>(b))) set.add(b, b);
      return false;
    case Kind::assertion:
      return true;
    case Kind::repeat:
      return add_first(node.parts.front(), set) || node.least == 0;
    case Kind::sequence:
      return std::ranges::all_of(node.parts, [&set](const OpenNode& part) { return add_first(part, set); });
    case Kind::choice: {
      bool empty = false;
      for (const OpenNode& part : node.parts) empty = add_first(part, set) || empty;
      return empty;
    }
  }
  return true;
}
void print_for_bytes(const OpenNode& node, std::string& out) {
  switch (node.kind) {
    case Kind::set:
      return print_set(node.set, out);
    case Kind::assertion:
      return print_assertion(node.must, out);
    case Kind::repeat:
      return print_repeat(node, out);
    case Kind::sequence:
      for (const OpenNode& part : node.parts) print_for_bytes(part, out);
      return;
    case Kind::choice:
      out += "(?:";
      for (std::size_t i = 0; i < node.parts.size(); ++i) {
        if (i > 0) out += '|';
        print_for_bytes(node.parts[i], out);
      }
      out += ')';
  }
}

}  // namespace sluice::guard
