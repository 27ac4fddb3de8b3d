#include "guard/injection/model.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace sluice::guard {
namespace {

// Written by tools/train-injection: `weight_unit` and `weights`, one per head for every bucket.
#include "guard/injection/weights.inc"

static_assert(sizeof(weights) == feature_buckets * heads);

static_assert(heads == 8 && std::endian::native == std::endian::little);

// Sums of rows of eight signed bytes, four in each of two registers of 16-bit lanes: a row is one load and six
// operations. Bytes are made positive on the way in, so that no lane borrows from the next.
class Sums {
 public:
  void add(std::uint32_t bucket) noexcept {
    std::uint64_t row = 0;
    std::memcpy(&row, weights + std::size_t{bucket} * heads, sizeof row);
    row ^= 0x8080808080808080ULL;
    even_ += row & lanes;
    odd_ += row >> 8U & lanes;
    if (++pending_ == most_pending) flush();
  }
  std::array<std::int32_t, heads> take() noexcept {
    flush();
    return sum_;
  }

 private:
  void flush() noexcept {
    const auto positive = static_cast<std::int32_t>(pending_ * 128);
    for (std::size_t i = 0; i < heads / 2; ++i) {
      sum_[2 * i] += static_cast<std::int32_t>(even_ >> (16 * i) & 0xFFFFU) - positive;
      sum_[2 * i + 1] += static_cast<std::int32_t>(odd_ >> (16 * i) & 0xFFFFU) - positive;
    }
    even_ = odd_ = 0;
    pending_ = 0;
  }

  static constexpr std::uint64_t lanes = 0x00FF00FF00FF00FFULL;
  static constexpr std::uint32_t most_pending = 256;  // times 255 is under 65,536
  std::uint64_t even_ = 0;
  std::uint64_t odd_ = 0;
  std::uint32_t pending_ = 0;
  std::array<std::int32_t, heads> sum_{};
};

}  // namespace

Evidence evidence_of(std::string_view segment) noexcept {
  const CleanSegment clean(segment);
  Sums characters;
  Sums words;
  const std::uint32_t count = each_character_feature(clean, [&](std::uint32_t bucket) { characters.add(bucket); });
  const std::uint32_t more = each_word_feature(clean, [&](std::uint32_t bucket) { words.add(bucket); });
  const auto of_characters = characters.take();
  const auto of_words = words.take();
  Evidence evidence;
  evidence.features = static_cast<float>(count + more * word_times);
  for (std::size_t i = 0; i < heads; ++i)
    evidence.sum[i] =
        weight_unit * static_cast<float>(of_characters[i] + of_words[i] * static_cast<std::int32_t>(word_times));
  return evidence;
}

}  // namespace sluice::guard
