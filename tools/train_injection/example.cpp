#include "example.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "guard/normalise.h"

namespace trainer {
namespace {

using namespace sluice::guard;

// What a kind of text says to each head.
struct Kind {
  std::string_view name;
  std::string_view answers;  // of the heads in their order: + yes, - no, . nothing
};
constexpr Kind kinds[] = {
    {"attack", "++--+..-+...--.+"}, {"jailbreak", "+.+-+..-+...+..+"}, {"request", "-+.-+-.---..-+.."},
    {"prompt", "-..-....-...-+.."}, {"document", "--.+---...-.--.-"},  {"code", "--.+--+-..-.----"},
    {"order", ".+.-+..-.-+-.+.."},  {"hostile", "++--+..-.+.-...+"},   {"effect", "++..++.-.+.-..++"},
    {"human", "--.+---+.--+--.-"},
};

std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      const char c = text[++i];
      out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Collector {
  Example& made;
  Word word(std::string_view text) {
    const Word met = word_of(text);
    each_feature_of_word(text, met, [&](std::uint32_t bucket, std::int32_t times) {
      (times == 1 ? made.characters : made.words).push_back(bucket);
    });
    return met;
  }
  void sequence(std::uint32_t bucket) { made.words.push_back(bucket); }
  void mark(unsigned char /*c*/) {}
};

Example example(const std::string& text, const std::vector<Segment>& segments, std::size_t first, std::size_t last) {
  Example made;
  for (std::size_t i = first; i <= last; ++i) {
    const CleanSegment clean(std::string_view(text).substr(segments[i].start, segments[i].end - segments[i].start));
    Collector collector{made};
    walk(clean, collector);
  }
  return made;
}

}  // namespace

std::vector<Line> read_lines(const char* path) {
  std::vector<Line> lines;
  std::ifstream file(path);
  for (std::string text; std::getline(file, text);) {
    const std::size_t a = text.find('\t'), b = text.find('\t', a + 1), c = text.find('\t', b + 1);
    if (c == std::string::npos) {
      std::fprintf(stderr, "line %zu has too few fields\n", lines.size() + 1);
      std::exit(1);
    }
    Line line{text.substr(0, a), std::stof(text.substr(a + 1, b - a - 1)), std::stoi(text.substr(b + 1, c - b - 1)),
              unescape(text.substr(c + 1))};
    line.order_start = std::min(line.text.find('\x01'), line.text.size());
    if (line.order_start < line.text.size()) line.text.erase(line.order_start, 1);
    line.order_end = std::min(line.text.find('\x02'), line.text.size());
    if (line.order_end < line.text.size()) line.text.erase(line.order_end, 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<Example> examples_of(const std::vector<Line>& lines) {
  std::vector<Example> examples;
  std::vector<Segment> segments;
  for (const Line& line : lines) {
    if (line.kind.starts_with("clean") || line.kind.starts_with("dirty")) continue;
    const auto* kind = std::ranges::find(kinds, line.kind, &Kind::name);
    if (kind == std::end(kinds)) {
      std::fprintf(stderr, "no kind '%s'\n", line.kind.c_str());
      std::exit(1);
    }
    const std::string text = normalise(line.text).front().text;
    cut_segments(text, segments);
    const std::size_t count = segments.size();
    const auto add = [&](std::size_t first, std::size_t last, float weight) {
      Example& made = examples.emplace_back(example(text, segments, first, last));
      made.answers = kind->answers;
      made.weight = weight;
      made.fold = line.fold;
      made.source = static_cast<std::uint32_t>(&line - lines.data());
    };
    if (count == 0) continue;
    if (count <= 40) add(0, count - 1, line.weight);
    const float each = line.weight * 1.5F / static_cast<float>(std::clamp<std::size_t>(count, 3, 12));
    for (std::size_t i = 0; count > 1 && i < count; ++i) {
      add(i, i, each);
      if (i + 1 < count && count > 2) add(i, i + 1, each);
    }
  }
  return examples;
}

}  // namespace trainer
