// Texts that an expression matches, by chance: for tests that compare two ways of finding them.
#pragma once
#include <algorithm>
#include <random>
#include <string>

#include "guard/open_syntax.h"

namespace sluice::guard::testing_support {

class ExpressionSampler {
 public:
  explicit ExpressionSampler(unsigned seed) : random_(seed) {}

  std::string text(const OpenNode& node) {
    std::string out;
    add(node, out);
    return out;
  }
  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  void add(const OpenNode& node, std::string& out) {
    switch (node.kind) {
      case OpenNode::Kind::set:
        return add_byte(node.set, out);
      case OpenNode::Kind::assertion:
        return;
      case OpenNode::Kind::sequence:
        if (!node.parts.empty() && is_lead(node.parts.front())) {
          out += "é";
          return;
        }
        for (const OpenNode& part : node.parts) add(part, out);
        return;
      case OpenNode::Kind::choice:
        return add(node.parts[below(node.parts.size())], out);
      case OpenNode::Kind::repeat: {
        const std::size_t least = node.least, most = node.most == 0 ? least + 30 : node.most;
        const std::size_t more = std::min<std::size_t>(most - least, below(3) == 0 ? 40 : 3);
        for (std::size_t i = least + below(more + 1); i > 0; --i) add(node.parts.front(), out);
      }
    }
  }
  static bool is_lead(const OpenNode& node) {
    return node.kind == OpenNode::Kind::set && node.set.has(0xC3) && node.set.has(0xE4) && !node.set.has('a');
  }
  void add_byte(const ByteSet& set, std::string& out) {
    std::string printable, others;
    for (unsigned b = 0; b < 256; ++b)
      if (set.has(static_cast<std::uint8_t>(b))) (b >= 32 && b < 127 ? printable : others) += static_cast<char>(b);
    const std::string& from = printable.empty() ? others : printable;
    out += from[below(from.size())];
  }
  std::mt19937 random_;
};

}  // namespace sluice::guard::testing_support
