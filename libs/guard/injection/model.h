// What the linear heads say of a segment, and what is counted in it.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "guard/injection/features.h"

namespace sluice::guard {

// Sums over a stretch of text; sums of neighbours add.
struct Evidence {
  std::array<float, heads> sum{};
  float features = 0;

  void add(const Evidence& other) noexcept {
    for (std::size_t i = 0; i < heads; ++i) sum[i] += other.sum[i];
    features += other.features;
  }
  void subtract(const Evidence& other) noexcept {
    for (std::size_t i = 0; i < heads; ++i) sum[i] -= other.sum[i];
    features -= other.features;
  }
  // Log-odds of the heads' questions; 0 for no text.
  [[nodiscard]] std::array<float, heads> odds() const noexcept {
    std::array<float, heads> odds{};
    const float norm = 1.0F / feature_norm(features);
    for (std::size_t i = 0; i < heads; ++i) odds[i] = sum[i] * norm;
    return odds;
  }
};

// Counts over a stretch of text; counts of neighbours add.
struct Counts {
  float bytes = 0;
  float words = 0;
  float first_person = 0;
  float second_person = 0;
  float symbols = 0;     // braces, operators: programs and logs are full of them
  float separators = 0;  // of the cells of a table
  float questions = 0;

  void add(const Counts& other) noexcept;
  void subtract(const Counts& other) noexcept;
};

// A row of `heads` bytes for every bucket, in steps of `unit`. The program's own is immutable data written by
// tools/train-injection; the trainer has others.
struct WeightTable {
  const std::int8_t* rows = nullptr;
  float unit = 0;
};
const WeightTable& trained_weights() noexcept;

// Reads segments, for one thread. Remembers what common words say, so that text costs a few looks at the table for
// every word instead of one for every character; what it says does not depend on what was read before.
class SegmentReader {
 public:
  explicit SegmentReader(const WeightTable& table) : table_(table), rows_(remembered) {}

  // Adds a number below `topics` for every word that has a matter to `topics_met`.
  void read(std::string_view segment, Evidence& evidence, Counts& counts, std::vector<std::uint16_t>& topics_met);

  static constexpr std::uint32_t topics = 4096;

 private:
  struct Row {
    std::array<std::uint64_t, 3> text{};  // the word, and its length in the last byte; 0: none
    std::array<std::int16_t, heads> sum{};
    Word word{};
    std::uint16_t features = 0;
    std::uint16_t topic = topics;  // none
    WordClass kind = WordClass::matter;
  };
  static_assert(sizeof(Row) <= 80);
  static constexpr std::size_t remembered = 8192;
  class Visitor;

  const Row& row_of(std::string_view word);
  void learn(Row& row, std::string_view word) const;

  WeightTable table_;
  std::vector<Row> rows_;
};

}  // namespace sluice::guard
