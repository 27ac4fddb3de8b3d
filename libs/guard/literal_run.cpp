#include "guard/literal_run.h"

#include <algorithm>
#include <optional>

namespace sluice::guard {
namespace {

using Kind = OpenNode::Kind;
using Texts = std::vector<std::string>;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
}
std::optional<Texts> texts_of_set(const ByteSet& set, const LiteralEffort& effort, bool& caseless) {
  Texts texts;
  bool both = false, one = false;  // cases of letters
  for (unsigned b = 0; b < 256; ++b) {
    if (!set.has(static_cast<std::uint8_t>(b))) continue;
    const auto c = static_cast<char>(b);
    const bool letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
    if (letter) (set.has(static_cast<std::uint8_t>(b ^ 32U)) ? both : one) = true;
    if (texts.empty() || std::ranges::find(texts, std::string(1, lower(c))) == texts.end())
      texts.emplace_back(1, letter && set.has(static_cast<std::uint8_t>(b ^ 32U)) ? lower(c) : c);
    if (texts.size() > effort.members) return std::nullopt;
  }
  caseless = caseless || both;
  return texts;
}

bool append(Texts& texts, const Texts& more, const LiteralEffort& effort) {
  if (texts.size() * more.size() > effort.literals) return false;
  Texts out;
  for (const std::string& text : texts)
    for (const std::string& end : more) out.push_back(text + end);
  texts = std::move(out);
  return true;
}

// All texts of a node, if they are few.
std::optional<Texts> texts_of(const OpenNode& node, const LiteralEffort& effort, bool& caseless) {
  Texts texts;
  switch (node.kind) {
    case Kind::set:
      return texts_of_set(node.set, effort, caseless);
    case Kind::assertion:
      return Texts{""};
    case Kind::sequence:
      texts = {""};
      for (const OpenNode& part : node.parts) {
        const std::optional<Texts> own = texts_of(part, effort, caseless);
        if (!own || !append(texts, *own, effort)) return std::nullopt;
      }
      return texts;
    case Kind::choice:
      for (const OpenNode& part : node.parts) {
        const std::optional<Texts> own = texts_of(part, effort, caseless);
        if (!own || texts.size() + own->size() > effort.literals) return std::nullopt;
        texts.insert(texts.end(), own->begin(), own->end());
      }
      return texts;
    case Kind::repeat: {
      const std::optional<Texts> own = texts_of(node.parts.front(), effort, caseless);
      if (!own || node.most == 0 || node.most > effort.literals) return std::nullopt;
      Texts so_far = {""};
      for (std::uint32_t i = 0; i <= node.most; ++i) {
        if (i >= node.least) texts.insert(texts.end(), so_far.begin(), so_far.end());
        if (texts.size() > effort.literals || (i < node.most && !append(so_far, *own, effort))) return std::nullopt;
      }
      return texts;
    }
  }
  return std::nullopt;
}

}  // namespace

std::size_t shortest(const Texts& texts) {
  std::size_t length = good_length;
  for (const std::string& text : texts) length = std::min(length, text.size());
  return length;
}
LiteralRun literal_run(OpenParts parts, std::size_t from, const LiteralEffort& effort) {
  LiteralRun best, run{.from = from, .to = from, .texts = {""}};
  for (std::size_t i = from; i < parts.size() && parts[i].kind != Kind::assertion; ++i) {
    if (std::optional<Texts> own = texts_of(parts[i], effort, run.caseless)) {
      if (!append(run.texts, *own, effort)) break;
      run.to = i + 1;
    } else {
      const OpenNode& repeat = parts[i];
      if (repeat.kind != Kind::repeat || repeat.least == 0) break;
      own = texts_of(repeat.parts.front(), effort, run.caseless);
      if (!own || !append(run.texts, *own, effort)) break;
      run.to = i + 1;
      run.goes_on = true;
    }
    if (best.texts.empty() || shortest(run.texts) > shortest(best.texts)) best = run;
    if (run.goes_on) break;
  }
  return best;
}

}  // namespace sluice::guard
