#include "guard/injection/model.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace sluice::guard {
namespace {

static_assert(heads == 16 && std::endian::native == std::endian::little);

using Bytes = std::int8_t __attribute__((vector_size(heads)));
using Shorts = std::int16_t __attribute__((vector_size(2 * heads)));
using Ints = std::int32_t __attribute__((vector_size(4 * heads)));

// Sums of rows of signed bytes, all heads at once.
class Sums {
 public:
  explicit Sums(const std::int8_t* rows) : rows_(rows) {}
  void add(std::uint32_t bucket) noexcept {
    Bytes row;
    std::memcpy(&row, rows_ + std::size_t{bucket} * heads, sizeof row);
    pending_ += __builtin_convertvector(row, Shorts);
    if (++count_ % most_pending == 0) flush();
  }
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  const Ints& take() noexcept {
    flush();
    return sum_;
  }

 private:
  void flush() noexcept {
    sum_ += __builtin_convertvector(pending_, Ints);
    pending_ = Shorts{};
  }

  static constexpr std::uint32_t most_pending = 256;  // times 127 is under 32,768
  const std::int8_t* rows_;
  Shorts pending_{};
  std::uint32_t count_ = 0;
  Ints sum_{};
};

enum class Mark : std::uint8_t { other, symbol, separator, question };

constexpr std::array<Mark, 256> marks = [] {
  std::array<Mark, 256> kinds{};
  for (const char c : std::string_view("{}()[];=<>\\/_#$&*+~^`@%")) kinds[static_cast<unsigned char>(c)] = Mark::symbol;
  kinds['|'] = kinds[','] = Mark::separator;
  kinds['?'] = Mark::question;
  return kinds;
}();

// Masks that keep the first bytes of 24.
constexpr auto kept_bytes = [] {
  std::array<std::array<std::uint64_t, 3>, longest_word + 1> masks{};
  for (std::size_t size = 0; size < masks.size(); ++size)
    for (std::size_t at = 0; at < size; ++at) masks[size][at / 8] |= 0xFFULL << (at % 8 * 8);
  return masks;
}();

}  // namespace

void Counts::add(const Counts& other) noexcept {
  bytes += other.bytes, words += other.words, first_person += other.first_person, second_person += other.second_person;
  symbols += other.symbols, separators += other.separators, questions += other.questions;
}

void Counts::subtract(const Counts& other) noexcept {
  bytes -= other.bytes, words -= other.words, first_person -= other.first_person, second_person -= other.second_person;
  symbols -= other.symbols, separators -= other.separators, questions -= other.questions;
}

class SegmentReader::Visitor {
 public:
  Visitor(SegmentReader& reader, std::vector<std::uint16_t>& topics_met)
      : sequences(reader.table_.rows), reader_(reader), topics_(topics_met) {}

  Word word(std::string_view text) {
    const Row& row = reader_.row_of(text);
    Shorts of_word;
    std::memcpy(&of_word, row.sum.data(), sizeof of_word);
    sum += __builtin_convertvector(of_word, Ints);
    features += row.features;
    ++words;
    ++kinds[static_cast<std::size_t>(row.kind)];
    if (row.topic < topics) topics_.push_back(row.topic);
    return row.word;
  }
  void sequence(std::uint32_t bucket) { sequences.add(bucket); }
  void mark(unsigned char c) { ++marks_met[static_cast<std::size_t>(marks[c])]; }

  Sums sequences;
  Ints sum{};
  std::uint32_t features = 0;
  std::uint32_t words = 0;
  std::array<std::uint32_t, 4> kinds{};
  std::array<std::uint32_t, 4> marks_met{};

 private:
  SegmentReader& reader_;
  std::vector<std::uint16_t>& topics_;
};

void SegmentReader::read(std::string_view segment, Evidence& evidence, Counts& counts,
                         std::vector<std::uint16_t>& topics_met) {
  const CleanSegment clean(segment);
  Visitor met(*this, topics_met);
  walk(clean, met);
  const Ints all = met.sum + met.sequences.take() * word_times;
  for (std::size_t i = 0; i < heads; ++i) evidence.sum[i] = table_.unit * static_cast<float>(all[i]);
  evidence.features = static_cast<float>(met.features + met.sequences.count() * word_times);
  const auto count = [](std::uint32_t number) { return static_cast<float>(number); };
  counts = {static_cast<float>(segment.size()),
            count(met.words),
            count(met.kinds[static_cast<std::size_t>(WordClass::first_person)]),
            count(met.kinds[static_cast<std::size_t>(WordClass::second_person)]),
            count(met.marks_met[static_cast<std::size_t>(Mark::symbol)]),
            count(met.marks_met[static_cast<std::size_t>(Mark::separator)] + clean.tabs),
            count(met.marks_met[static_cast<std::size_t>(Mark::question)])};
}

const SegmentReader::Row& SegmentReader::row_of(std::string_view word) {
  std::array<std::uint64_t, 3> text{};
  static_assert(longest_word < sizeof text);
  std::memcpy(text.data(), word.data(), sizeof text);  // CleanSegment has room behind its end
  const auto& kept = kept_bytes[word.size()];
  text = {text[0] & kept[0], text[1] & kept[1], (text[2] & kept[2]) | std::uint64_t{word.size()} << 56U};
  const std::uint64_t hash =
      (text[0] * 0x9E3779B97F4A7C15ULL) ^ (text[1] * 0xC2B2AE3D27D4EB4FULL) ^ (text[2] * 0x165667B19E3779F9ULL);
  Row& row = rows_[(hash ^ (hash >> 32U)) * 0x9E3779B1U >> 16U & (remembered - 1)];
  if (row.text != text) {
    row.text = text;
    learn(row, word);
  }
  return row;
}

void SegmentReader::learn(Row& row, std::string_view word) const {
  row.word = word_of(word);
  row.kind = all_function_words.of(row.word.hash);
  const bool topic = row.kind == WordClass::matter && word.size() >= 4 && word.front() != '0';
  // "print" and "printing" are one topic.
  row.topic =
      topic ? static_cast<std::uint16_t>(hash_of(word.substr(0, 5)) % topics) : static_cast<std::uint16_t>(topics);
  std::array<std::int32_t, heads> sum{};
  row.features = 0;
  each_feature_of_word(word, row.word, [&](std::uint32_t bucket, std::int32_t times) {
    row.features = static_cast<std::uint16_t>(row.features + times);
    for (std::size_t i = 0; i < heads; ++i) sum[i] += table_.rows[std::size_t{bucket} * heads + i] * times;
  });
  // A word counts for at most 69 features (63 n-grams, itself and its concept) of at most 127 steps, so the sums fit.
  for (std::size_t i = 0; i < heads; ++i) row.sum[i] = static_cast<std::int16_t>(sum[i]);
}

}  // namespace sluice::guard
