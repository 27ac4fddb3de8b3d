// What the classifier sees of a text: hashed n-grams of characters (2 to 5) and of words (1 and 2), summed per segment.
// The trainer and the product share this file, so that a weight means the same in both.
//
// A score is bias + unit * (sum of weights) / norm(number of features); little text has little to say. Sums of
// neighbouring segments add up, so a window of any size costs one addition.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice::guard {

// Four questions are answered by the same features.
enum class Head : std::uint8_t {
  attack,     // hostile to the one who runs the assistant
  request,    // asks an assistant for something, hostile or not
  jailbreak,  // among attacks: changes who speaks, rather than what is done
  document,   // reads like mail, table, article or program, rather than like a prompt
};
inline constexpr std::size_t heads = 4;
inline constexpr std::size_t feature_bits = 16;
inline constexpr std::size_t feature_buckets = std::size_t{1} << feature_bits;
inline constexpr std::size_t longest_segment = 240;  // bytes of normalised text
inline constexpr std::size_t shortest_segment = 24;

inline float feature_norm(std::size_t features) noexcept {
  constexpr float doubt = 600;  // features of some hundred bytes
  return std::sqrt(static_cast<float>(features) + doubt);
}

struct Segment {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

// Cuts at the end of sentences and lines; what is longer is cut at a space.
void cut_segments(std::string_view text, std::vector<Segment>& segments);

// Calls take(bucket, times) for every feature of the segment and returns their number.
template <class Take>
std::uint32_t each_feature(std::string_view segment, Take&& take) {
  constexpr std::uint32_t prime = 0x9E3779B1U;
  const auto mix = [](std::uint32_t h, std::uint32_t c) { return (h ^ (c + 1)) * prime; };
  const auto bucket = [](std::uint32_t h) { return (h ^ (h >> 15U)) * 0x85EBCA6BU >> (32U - feature_bits); };

  // Runs of white space are one space, digits are one digit.
  std::array<unsigned char, longest_segment + 2> clean;
  std::size_t size = 0;
  clean[size++] = ' ';
  for (const char c : segment.substr(0, longest_segment)) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space && clean[size - 1] == ' ') continue;
    clean[size++] = space ? ' ' : c >= '0' && c <= '9' ? '0' : static_cast<unsigned char>(c);
  }
  if (clean[size - 1] != ' ') clean[size++] = ' ';

  std::uint32_t count = 0;
  for (std::size_t at = 0; at + 1 < size; ++at) {
    const std::size_t last = at + 5 < size ? at + 5 : size;
    std::uint32_t h = mix(0x1234567U, clean[at]);
    for (std::size_t next = at + 1; next < last; ++next) {
      h = mix(h, clean[next]);
      take(bucket(h), 1);
      ++count;
    }
  }
  constexpr int word_weight = 4;  // there are four n-grams for every byte of a word
  std::uint32_t before = 0;
  std::uint32_t word = 0;
  for (std::size_t at = 0; at < size; ++at) {
    const unsigned char c = clean[at];
    const bool part = (c >= 'a' && c <= 'z') || c == '0' || c == '\'' || c >= 0x80;
    if (part) {
      word = mix(word == 0 ? 0x7654321U : word, c);
      continue;
    }
    if (word == 0) continue;
    take(bucket(word), word_weight);
    count += word_weight;
    if (before != 0) {
      take(bucket(mix(before, word)), word_weight);
      count += word_weight;
    }
    before = word;
    word = 0;
  }
  return count;
}

}  // namespace sluice::guard
