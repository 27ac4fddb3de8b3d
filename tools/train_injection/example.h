// What the trainer reads: lines KIND<tab>WEIGHT<tab>FOLD<tab>TEXT with \n, \t and \\ escaped. An order inside a text of
// kind `dirty` stands between the characters 1 and 2.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "guard/injection/model.h"

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
  std::string_view answers{};  // of the heads: + yes, - no, . nothing
  float weight = 1;
  int fold = 0;
  std::uint32_t source = 0;  // number of the line
};
std::vector<Example> examples_of(const std::vector<Line>& lines);

// As the product stores them: `heads` bytes a bucket.
struct Heads {
  std::vector<std::int8_t> rows{};
  float unit = 0;

  [[nodiscard]] sluice::guard::WeightTable table() const { return {rows.data(), unit}; }
};

// Learns from every fold but `left_out`; -1 leaves none out.
Heads train_heads(const std::vector<Example>& examples, int left_out);
void report_heads(const std::vector<Example>& examples, const Heads& heads, int fold);
void write_heads(const Heads& heads, const char* path);

// The network on top, from the lines of the kinds `clean` and `dirty`; heads[fold] has not seen that fold.
void train_verdict(const std::vector<Line>& lines, const std::array<Heads, folds>& heads, const char* path);

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
