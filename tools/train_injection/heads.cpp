// Logistic regression over the features of libs/guard/injection/features.h, all heads at once.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "example.h"

namespace trainer {
namespace {

using namespace sluice::guard;

constexpr float word_weight = static_cast<float>(word_times);

struct alignas(32) Row {
  std::array<float, heads> of{};
};
using Weights = std::vector<Row>;

float norm_of(const Example& e) {
  return 1.0F /
         feature_norm(static_cast<float>(e.characters.size()) + static_cast<float>(e.words.size()) * word_weight);
}

Row odds(const Example& e, const Weights& weights) {
  Row characters, words;
  for (const std::uint32_t bucket : e.characters)
    for (std::size_t h = 0; h < heads; ++h) characters.of[h] += weights[bucket].of[h];
  for (const std::uint32_t bucket : e.words)
    for (std::size_t h = 0; h < heads; ++h) words.of[h] += weights[bucket].of[h];
  const float norm = norm_of(e);
  for (std::size_t h = 0; h < heads; ++h) characters.of[h] = (characters.of[h] + words.of[h] * word_weight) * norm;
  return characters;
}

void learn(const Example& e, Weights& weights, float rate) {
  const Row score = odds(e, weights);
  Row step;
  for (std::size_t h = 0; h < heads; ++h) {
    if (e.answers[h] == '.') continue;
    const float p = 1.0F / (1.0F + std::exp(-score.of[h]));
    step.of[h] = rate * e.weight * ((e.answers[h] == '+' ? 1.0F : 0.0F) - p) * norm_of(e);
  }
  for (const std::uint32_t bucket : e.characters)
    for (std::size_t h = 0; h < heads; ++h) weights[bucket].of[h] += step.of[h];
  for (float& s : step.of) s *= word_weight;
  for (const std::uint32_t bucket : e.words)
    for (std::size_t h = 0; h < heads; ++h) weights[bucket].of[h] += step.of[h];
}

// The few weights beyond the largest step are cut off, so that the many small ones keep their steps.
float unit_of(const Weights& weights) {
  float largest = 0;
  for (const Row& row : weights)
    for (const float w : row.of) largest = std::max(largest, std::fabs(w));
  return largest * 0.4F / 127.0F;
}

// Buckets that few texts of a fold's complement touch say more about those texts than about the question.
std::vector<bool> common_buckets(const std::vector<Example>& examples, int left_out) {
  std::vector<std::uint32_t> last(feature_buckets, ~0U);
  std::vector<std::uint8_t> count(feature_buckets);
  for (const Example& e : examples) {
    if (e.fold == left_out) continue;
    for (const auto* buckets : {&e.characters, &e.words})
      for (const std::uint32_t bucket : *buckets) {
        if (last[bucket] == e.source) continue;
        last[bucket] = e.source;
        if (count[bucket] < 255) ++count[bucket];
      }
  }
  std::vector<bool> common(feature_buckets);
  constexpr int fewest = 3;
  for (std::size_t i = 0; i < feature_buckets; ++i) common[i] = count[i] >= fewest;
  return common;
}

}  // namespace

Heads train_heads(const std::vector<Example>& examples, int left_out) {
  Weights weights(feature_buckets);
  Weights mean(feature_buckets);
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < examples.size(); ++i)
    if (examples[i].fold != left_out) order.push_back(i);
  Random random;
  constexpr int epochs = 8;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    const float rate = 0.5F / (1.0F + 0.4F * static_cast<float>(epoch));
    const float decay = 1.0F - rate * 0.12F;
    for (Row& row : weights)
      for (float& w : row.of) w *= decay;
    for (const std::uint32_t index : order) learn(examples[index], weights, rate);
    if (epoch < epochs / 2) continue;
    for (std::size_t i = 0; i < feature_buckets; ++i)
      for (std::size_t h = 0; h < heads; ++h) mean[i].of[h] += weights[i].of[h] / (epochs - epochs / 2);
  }
  const auto common = common_buckets(examples, left_out);
  for (std::size_t i = 0; i < feature_buckets; ++i) weights[i] = common[i] ? mean[i] : Row();
  Heads made{{}, unit_of(weights)};
  made.rows.reserve(feature_buckets * heads);
  for (const Row& row : weights)
    for (const float w : row.of)
      made.rows.push_back(static_cast<std::int8_t>(std::lround(std::clamp(w / made.unit, -127.0F, 127.0F))));
  return made;
}

void report_heads(const std::vector<Example>& examples, const Heads& trained, int fold) {
  Weights weights(feature_buckets);
  for (std::size_t i = 0; i < trained.rows.size(); ++i)
    weights[i / heads].of[i % heads] = trained.unit * static_cast<float>(trained.rows[i]);
  static constexpr const char* names[heads] = {"attack",  "request", "jailbreak", "document", "planted", "effect",
                                               "code",    "human",   "trick",     "malice",   "task",    "people",
                                               "persona", "prompt",  "payload",   "foul"};
  for (std::size_t h = 0; h < heads; ++h) {
    std::size_t all[2] = {}, right[2] = {};
    for (const Example& e : examples) {
      if (e.fold != fold || e.answers[h] == '.') continue;
      const std::size_t answer = e.answers[h] == '+' ? 1 : 0;
      ++all[answer];
      right[answer] += (odds(e, weights).of[h] > 0) == (answer == 1) ? 1 : 0;
    }
    std::fprintf(stderr, "  %-10s yes %.3f of %zu, no %.3f of %zu\n", names[h],
                 static_cast<double>(right[1]) / static_cast<double>(std::max<std::size_t>(all[1], 1)), all[1],
                 static_cast<double>(right[0]) / static_cast<double>(std::max<std::size_t>(all[0], 1)), all[0]);
  }
}

void write_heads(const Heads& trained, const char* path) {
  std::FILE* file = std::fopen(path, "w");
  std::fprintf(file, "// Written by tools/train-injection; not edited.\nconstexpr float weight_unit = %.9gF;\n",
               static_cast<double>(trained.unit));
  std::fprintf(file, "constexpr std::int8_t weights[feature_buckets * heads] = {\n");
  for (std::size_t i = 0; i < trained.rows.size(); ++i)
    std::fprintf(file, "%d,%s", trained.rows[i], i % (32 * heads) == 32 * heads - 1 ? "\n" : "");
  std::fprintf(file, "};\n");
  std::fclose(file);
}

}  // namespace trainer
