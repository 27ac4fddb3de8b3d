// Logistic regression over the features of libs/guard/injection/features.h, four heads at once.
//
// Input: one example a line, KIND<tab>WEIGHT<tab>TEXT with \n and \\ escaped. Every text is normalised and cut as the
// product does it; its segments, pairs of neighbours and the whole are examples of its kind. Every tenth text is kept
// out of training first, for the figures on stderr; the weights written come from that run.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "guard/injection/features.h"
#include "guard/normalise.h"

using namespace sluice::guard;

namespace {

// What a kind of text says to each head: 1 yes, 0 no, -1 nothing.
struct Kind {
  const char* name;
  std::array<int, heads> answer;  // attack, request, jailbreak, document
};
constexpr Kind kinds[] = {
    {"attack", {1, 1, 0, -1}},  {"jailbreak", {1, -1, 1, 0}}, {"request", {0, 1, -1, 0}},
    {"prompt", {0, -1, -1, 0}}, {"document", {0, 0, -1, 1}},
};

struct Example {
  std::vector<std::uint32_t> buckets;  // sorted
  const Kind* kind = nullptr;
  float weight = 1;
  bool held_out = false;
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

Example example(const std::string& text, const std::vector<Segment>& segments, std::size_t first, std::size_t last,
                const Kind& kind, float weight) {
  Example made;
  made.kind = &kind;
  made.weight = weight;
  for (std::size_t i = first; i <= last; ++i)
    each_feature(std::string_view(text).substr(segments[i].start, segments[i].end - segments[i].start),
                 [&](std::uint32_t bucket, int times) {
                   made.buckets.insert(made.buckets.end(), static_cast<std::size_t>(times), bucket);
                 });
  std::ranges::sort(made.buckets);
  return made;
}

std::vector<Example> read(const char* path) {
  std::vector<Example> examples;
  std::ifstream file(path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line); ++number) {
    const std::size_t a = line.find('\t');
    const std::size_t b = line.find('\t', a + 1);
    const std::string name = line.substr(0, a);
    const auto* kind = std::ranges::find(kinds, name, &Kind::name);
    if (kind == std::end(kinds)) {
      std::fprintf(stderr, "line %zu: no kind '%s'\n", number + 1, name.c_str());
      std::exit(1);
    }
    const float weight = std::stof(line.substr(a + 1, b - a - 1));
    const std::string text = normalise(unescape(line.substr(b + 1))).front().text;
    std::vector<Segment> segments;
    cut_segments(text, segments);
    const std::size_t count = segments.size();
    if (count == 0) continue;
    const std::size_t before = examples.size();
    examples.push_back(example(text, segments, 0, count - 1, *kind, weight));
    const float each = weight * 1.5F / static_cast<float>(std::max<std::size_t>(count, 3));
    for (std::size_t i = 0; count > 1 && i < count; ++i) {
      examples.push_back(example(text, segments, i, i, *kind, each));
      if (i + 1 < count && count > 2) examples.push_back(example(text, segments, i, i + 1, *kind, each));
    }
    for (std::size_t i = before; i < examples.size(); ++i) examples[i].held_out = number % 10 == 7;
  }
  return examples;
}

using Weights = std::vector<std::array<float, heads>>;

std::array<float, heads> odds(const Example& e, const Weights& weights, const std::array<float, heads>& bias) {
  std::array<float, heads> sum{};
  for (const std::uint32_t bucket : e.buckets)
    for (std::size_t h = 0; h < heads; ++h) sum[h] += weights[bucket][h];
  const float norm = 1.0F / feature_norm(e.buckets.size());
  for (std::size_t h = 0; h < heads; ++h) sum[h] = bias[h] + sum[h] * norm;
  return sum;
}

void train(const std::vector<Example>& examples, Weights& weights, std::array<float, heads>& bias) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < examples.size(); ++i)
    if (!examples[i].held_out) order.push_back(i);
  std::uint64_t state = 20240229;
  constexpr int epochs = 12;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t i = order.size(); i > 1; --i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      std::swap(order[i - 1], order[(state >> 33U) % i]);
    }
    const float rate = 0.5F / (1.0F + 0.3F * static_cast<float>(epoch));
    const float decay = 1.0F - rate * 2e-6F * static_cast<float>(order.size());
    for (auto& weight : weights)
      for (float& w : weight) w *= decay;
    for (const std::uint32_t index : order) {
      const Example& e = examples[index];
      const auto score = odds(e, weights, bias);
      std::array<float, heads> step{};
      for (std::size_t h = 0; h < heads; ++h) {
        if (e.kind->answer[h] < 0) continue;
        const float p = 1.0F / (1.0F + std::exp(-score[h]));
        step[h] = rate * e.weight * (static_cast<float>(e.kind->answer[h]) - p);
        bias[h] += 0.02F * step[h];
      }
      const float norm = 1.0F / feature_norm(e.buckets.size());
      for (const std::uint32_t bucket : e.buckets)
        for (std::size_t h = 0; h < heads; ++h) weights[bucket][h] += step[h] * norm;
    }
  }
}

void report(const std::vector<Example>& examples, const Weights& weights, const std::array<float, heads>& bias) {
  for (const Kind& kind : kinds) {
    std::array<std::size_t, heads> yes{};
    std::size_t all = 0;
    for (const Example& e : examples) {
      if (!e.held_out || e.kind != &kind) continue;
      ++all;
      const auto score = odds(e, weights, bias);
      for (std::size_t h = 0; h < heads; ++h) yes[h] += score[h] > 0 ? 1 : 0;
    }
    std::fprintf(stderr, "%-10s %6zu held out; yes to attack %zu request %zu jailbreak %zu document %zu\n", kind.name,
                 all, yes[0], yes[1], yes[2], yes[3]);
  }
}

}  // namespace

int main(int, char** arguments) {
  const auto examples = read(arguments[1]);
  Weights weights(feature_buckets);
  std::array<float, heads> bias{};
  train(examples, weights, bias);
  report(examples, weights, bias);
  float largest = 0;
  for (const auto& weight : weights)
    for (const float w : weight) largest = std::max(largest, std::fabs(w));
  // The few weights beyond are cut off, so that the many small ones keep their steps.
  const float unit = largest * 0.5F / 127.0F;
  std::printf("// Written by tools/train-injection; not edited.\nconstexpr float weight_unit = %.9gF;\n",
              static_cast<double>(unit));
  std::printf("constexpr float biases[heads] = {%.6fF, %.6fF, %.6fF, %.6fF};\n", static_cast<double>(bias[0]),
              static_cast<double>(bias[1]), static_cast<double>(bias[2]), static_cast<double>(bias[3]));
  std::printf("constexpr std::int8_t weights[feature_buckets * heads] = {\n");
  for (std::size_t i = 0; i < feature_buckets; ++i)
    for (std::size_t h = 0; h < heads; ++h) {
      const int w = static_cast<int>(std::lround(std::clamp(weights[i][h] / unit, -127.0F, 127.0F)));
      std::printf("%d,%s", w, (i % 32 == 31 && h == heads - 1) ? "\n" : "");
    }
  std::printf("};\n");
}
