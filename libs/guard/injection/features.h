// What the classifier sees of a text, summed per segment: hashed n-grams of characters (3, 4 and 6), of words (1 to 3,
// and those that begin a sentence) and of the skeleton (2 to 4 of: grammar words, punctuation, the shape of other
// words). The trainer and the product share this file, so that a weight means the same in both.
//
// A score is bias + unit * (sum of weights) / norm(number of features); little text has little to say. Sums of
// neighbouring segments add up, so a window of any size costs one addition.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "guard/injection/function_words.h"

namespace sluice::guard {

// Eight questions are answered by the same features.
enum class Head : std::uint8_t {
  attack,     // hostile to the one who runs the assistant
  request,    // asks an assistant for something, hostile or not
  jailbreak,  // among attacks: changes who speaks, rather than what is done
  document,   // reads like mail, table, article or program, rather than like a prompt
  planted,    // an order to an assistant, among the sentences of documents
  effect,     // a program or deed that harms the one who runs it
  code,       // among documents: program, log or markup, rather than prose
  human,      // a request that one person makes of another
};
inline constexpr std::size_t heads = 8;
inline constexpr std::size_t feature_bits = 18;
inline constexpr std::size_t feature_buckets = std::size_t{1} << feature_bits;
inline constexpr std::size_t longest_segment = 240;  // bytes of normalised text
inline constexpr std::size_t shortest_segment = 24;

// Like the root of the number for a window, so that much evidence counts for more than little; like the number itself
// for long texts, which would else be sure of everything.
inline float feature_norm(std::size_t features) noexcept {
  constexpr float doubt = 600;  // features of a hundred bytes
  constexpr float much = 4000;  // of more than a window
  const auto count = static_cast<float>(features);
  return std::sqrt((count + doubt) * (1 + count / much));
}

struct Segment {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

// Cuts at the end of sentences and lines; what is longer is cut at a space.
void cut_segments(std::string_view text, std::vector<Segment>& segments);

// A segment with runs of white space as one space, digits as one digit and nothing more than three times in a row,
// between two spaces.
struct CleanSegment {
  explicit CleanSegment(std::string_view segment) noexcept;

  std::array<unsigned char, longest_segment + 16> bytes;  // room for reads of eight
  std::array<bool, longest_segment + 16> starts;          // a sentence or line begins after this space
  std::size_t size = 0;
};

inline constexpr std::uint32_t bucket_of(std::uint32_t hash) noexcept {
  return ((hash ^ (hash >> 15U)) * 0x85EBCA6BU) >> (32U - feature_bits);
}

// Characters: calls take(bucket) for each; returns their number.
template <class Take>
std::uint32_t each_character_feature(const CleanSegment& clean, Take&& take) {
  constexpr std::uint64_t factor = 0x9E3779B97F4A7C15ULL;
  constexpr std::uint64_t three = 0xFFFFFFULL, four = 0xFFFFFFFFULL, six = 0xFFFFFFFFFFFFULL;
  const auto bucket = [](std::uint64_t bytes) {
    return static_cast<std::uint32_t>((bytes * factor) >> (64U - feature_bits));
  };
  std::uint32_t count = 0;
  for (std::size_t at = 0; at + 3 <= clean.size; ++at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, clean.bytes.data() + at, sizeof eight);
    take(bucket((eight & three) + (3ULL << 56U)));
    ++count;
    if (at + 4 > clean.size) continue;
    take(bucket((eight & four) + (4ULL << 56U)));
    ++count;
    if (at + 6 > clean.size) continue;
    take(bucket((eight & six) + (6ULL << 56U)));
    ++count;
  }
  return count;
}

// What the skeleton keeps of a word: itself, or its ending.
std::uint32_t skeleton_of(std::string_view word, std::uint32_t hash) noexcept;

// Words and skeleton: calls take(bucket) for each; every one stands for `word_times` features of characters, for
// there are so many of those for every byte of a word. Returns their number, not multiplied.
inline constexpr std::uint32_t word_times = 3;
template <class Take>
std::uint32_t each_word_feature(const CleanSegment& clean, Take&& take) {
  std::uint32_t count = 0;
  const auto give = [&](std::uint32_t hash) {
    take(bucket_of(hash));
    ++count;
  };
  constexpr std::uint32_t skeleton_mark = 0x51ED270BU, start_mark = 0x2545F491U;
  std::array<std::uint32_t, 2> words{};     // the two before
  std::array<std::uint32_t, 3> skeleton{};  // the three before
  std::uint32_t in_sentence = 9;            // words since a sentence began
  std::uint32_t begin = 0;                  // hash of the beginning
  const auto bone = [&](std::uint32_t token) {
    std::uint32_t hash = mix(skeleton_mark, token);
    for (const std::uint32_t before : skeleton) {
      if (before == 0) break;
      hash = mix(hash, before);
      give(hash);
    }
    skeleton = {token, skeleton[0], skeleton[1]};
  };
  const auto word = [&](std::string_view text) {
    const std::uint32_t hash = hash_of(text);
    give(hash);
    if (words[0] != 0) give(mix(words[0], hash));
    if (words[1] != 0) give(mix(mix(words[1], words[0]), hash));
    words = {hash, words[0]};
    if (in_sentence < 3) {
      begin = mix(begin, hash);
      give(begin);
    }
    ++in_sentence;
    bone(skeleton_of(text, hash));
  };
  std::size_t start = 0;
  for (std::size_t at = 0; at < clean.size; ++at) {
    const unsigned char c = clean.bytes[at];
    if ((c >= 'a' && c <= 'z') || c == '0' || c == '\'' || c >= 0x80) continue;
    if (at > start) word({reinterpret_cast<const char*>(clean.bytes.data()) + start, at - start});
    start = at + 1;
    if (c != ' ') bone(c);
    if (clean.starts[at]) {
      in_sentence = 0;
      begin = start_mark;
    }
  }
  return count;
}

}  // namespace sluice::guard
