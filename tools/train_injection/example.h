// What the trainer reads: lines KIND<tab>WEIGHT<tab>FOLD<tab>TEXT with \n, \t and \\ escaped. An order inside a text of
// kind `dirty` stands between the characters 1 and 2.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "guard/injection/features.h"

namespace trainer {

inline constexpr int folds = 5;  // what is judged by the network was not seen by the heads that judge its words

struct Line {
  std::string kind{};
  float weight = 1;
  int fold = 0;
  std::string text{};
  std::size_t order_start = 0;  // in text, marks taken out
  std::size_t order_end = 0;    // equal to the start: there is none
};
std::vector<Line> read_lines(const char* path);

// One segment, pair of segments or whole text, for the heads.
struct Example {
  std::vector<std::uint32_t> characters{};
  std::vector<std::uint32_t> words{};
  const std::array<int, sluice::guard::heads>* answer = nullptr;
  float weight = 1;
  int fold = 0;
  std::uint32_t source = 0;  // number of the line
};
std::vector<Example> examples_of(const std::vector<Line>& lines);

struct alignas(32) Row {
  std::array<float, sluice::guard::heads> of{};
};
using HeadWeights = std::vector<Row>;

// Learns from every fold but `left_out`; -1 leaves none out. Weights are rounded to what the product stores.
HeadWeights train_heads(const std::vector<Example>& examples, int left_out);
void report_heads(const std::vector<Example>& examples, const HeadWeights& weights, int fold);
void write_heads(const HeadWeights& weights, const char* path);

// The network on top, from the lines of the kinds `clean` and `dirty`; heads[fold] has not seen that fold.
void train_verdict(const std::vector<Line>& lines, const std::array<HeadWeights, folds>& heads, const char* path);

class Random {
 public:
  std::uint32_t below(std::size_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>((state_ >> 33U) % n);
  }

 private:
  std::uint64_t state_ = 20240229;
};

}  // namespace trainer
