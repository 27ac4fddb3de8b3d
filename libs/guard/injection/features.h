// What the classifier sees of a text, summed per segment: the words and their concepts, hashed n-grams of their
// characters (3, 4 and 5; 6 where they are not ASCII), pairs of words, the words that begin a sentence, sequences of
// concepts, and sequences of 2 to 4 of the skeleton (grammar words, punctuation, the shape of other words). What a word
// says by itself does not depend on its neighbours, so the product looks it up once (model.h). The trainer and the
// product share this file: a weight means the same in both.
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

// The same features answer many questions. Some set one kind of text apart from all others, some only from the kind
// that is most like it: a head that need not tell attacks from mail can tell them from harmless prompts better.
enum class Head : std::uint8_t {
  attack,     // hostile to the one who runs the assistant
  request,    // asks an assistant for something, hostile or not
  jailbreak,  // among attacks: changes who speaks, rather than what is done
  document,   // reads like mail, table, article or program, rather than like a prompt
  planted,    // an order to an assistant, among the sentences of documents
  effect,     // a program or deed that harms the one who runs it
  code,       // among documents: program, log or markup, rather than prose
  human,      // a request that one person makes of another
  trick,      // among prompts: hostile or a change of speaker, rather than harmless
  malice,     // among orders: bad intent, rather than an ordinary task
  task,       // an ordinary task for an assistant, rather than a sentence of a document or a person's request
  people,     // among requests: between people, rather than to an assistant
  persona,    // changes who speaks, among all texts
  prompt,     // a harmless prompt, rather than a document
  payload,    // among programs: of harmful effect
  foul,       // hostile, among the sentences of documents
};
inline constexpr std::size_t heads = 16;
inline constexpr std::size_t feature_bits = 17;
inline constexpr std::size_t feature_buckets = std::size_t{1} << feature_bits;
inline constexpr std::size_t longest_segment = 240;  // bytes of normalised text
inline constexpr std::size_t shortest_segment = 24;

// Like the root of the number for a window, so that much evidence counts for more than little; like the number itself
// for long texts, which would else be sure of everything.
inline float feature_norm(float count) noexcept {
  constexpr float doubt = 600;  // features of a hundred bytes
  constexpr float much = 4000;  // of more than a window
  return std::sqrt((count + doubt) * (1 + count / much));
}

struct Segment {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

// Cuts at the end of sentences and lines; what is longer is cut at a space.
void cut_segments(std::string_view text, std::vector<Segment>& segments);

// A word of a sentence, a run of letters in other scripts, or a piece of what is longer.
inline constexpr std::size_t longest_word = 22;  // bytes

// A segment with runs of white space as one space, digits as one digit and nothing more than three times in a row,
// between two spaces. A space after which a sentence or line begins is `sentence_space`.
inline constexpr unsigned char sentence_space = 1;
struct CleanSegment {
  explicit CleanSegment(std::string_view segment) noexcept;

  std::array<unsigned char, longest_segment + 32> bytes;  // followed by zeros: whole words are read eight at a time
  std::array<std::uint16_t, longest_segment + 32> gaps;   // where something stands that is no part of a word
  std::size_t gap_count = 0;
  std::uint32_t tabs = 0;
};

inline constexpr std::uint32_t bucket_of(std::uint32_t hash) noexcept {
  return ((hash ^ (hash >> 15U)) * 0x85EBCA6BU) >> (32U - feature_bits);
}

struct Word {
  std::uint32_t hash = 0;
  std::uint32_t skeleton = 0;  // what the skeleton keeps of it: itself, or its ending
  std::uint32_t notion = 0;    // concepts.h; 0: none
};
Word word_of(std::string_view text) noexcept;

// The word by itself: calls take(bucket, times) for it and its n-grams of characters. A word or a sequence stands for
// `word_times` n-grams of characters, for there are so many of those for every byte of a word.
inline constexpr std::int32_t word_times = 3;
template <class Take>
void each_feature_of_word(std::string_view text, const Word& word, Take&& take) {
  constexpr std::uint64_t factor = 0x9E3779B97F4A7C15ULL;
  std::array<unsigned char, longest_word + 10> bytes{};  // between spaces, with room for reads of eight
  bytes[0] = ' ';
  std::memcpy(bytes.data() + 1, text.data(), text.size());
  const std::size_t size = text.size() + 2;
  bytes[size - 1] = ' ';
  unsigned char high = 0;
  for (const char c : text) high |= static_cast<unsigned char>(c);
  const std::size_t widest = high >= 0x80 ? 6 : 5;
  for (const std::size_t width : {std::size_t{3}, std::size_t{4}, widest}) {
    const std::uint64_t mask = (1ULL << (8U * width)) - 1, mark = static_cast<std::uint64_t>(width) << 56U;
    for (std::size_t at = 0; at + width <= size; ++at) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, bytes.data() + at, sizeof eight);
      take(static_cast<std::uint32_t>((((eight & mask) + mark) * factor) >> (64U - feature_bits)), 1);
    }
  }
  take(bucket_of(word.hash), word_times);
  if (word.notion != 0) take(bucket_of(mix(0x3C6EF372U, word.notion)), word_times);
}

inline constexpr std::array<bool, 256> of_words = [] {
  std::array<bool, 256> letters{};
  for (std::size_t c = 0; c < letters.size(); ++c)
    letters[c] = (c >= 'a' && c <= 'z') || c == '0' || c == '\'' || c >= 0x80;
  return letters;
}();

// Calls visitor.word(text), which returns its Word; visitor.sequence(bucket) for what words and marks make together;
// visitor.mark(c) for what is neither word nor space.
template <class Visitor>
void walk(const CleanSegment& clean, Visitor& visitor) {
  constexpr std::uint32_t skeleton_mark = 0x51ED270BU, start_mark = 0x2545F491U, notion_mark = 0x68E31DA4U;
  constexpr std::uint32_t sentence_start = 255;             // no concept
  std::array<std::uint32_t, 2> notions{sentence_start, 0};  // the two before
  std::uint32_t before = 0;                                 // the word before
  std::array<std::uint32_t, 3> skeleton{};                  // the three before
  std::uint32_t in_sentence = 9;                            // words since a sentence began
  std::uint32_t begin = 0;                                  // hash of the beginning
  const auto give = [&](std::uint32_t hash) { visitor.sequence(bucket_of(hash)); };
  const auto bone = [&](std::uint32_t token) {
    std::uint32_t hash = mix(skeleton_mark, token);
    for (const std::uint32_t before : skeleton) {
      if (before == 0) break;
      hash = mix(hash, before);
      give(hash);
    }
    skeleton = {token, skeleton[0], skeleton[1]};
  };
  const auto meant = [&](std::uint32_t notion) {
    const std::uint32_t pair = mix(mix(notion_mark, notions[0]), notion);
    give(pair);
    if (notions[1] != 0) give(mix(pair, notions[1]));
    notions = {notion, notions[0]};
  };
  const auto word = [&](std::string_view text) {
    const Word met = visitor.word(text);
    if (before != 0) give(mix(before, met.hash));
    before = met.hash;
    if (in_sentence < 3) {
      begin = mix(begin, met.hash);
      give(begin);
    }
    ++in_sentence;
    bone(met.skeleton);
    if (met.notion != 0) meant(met.notion);
  };
  const char* text = reinterpret_cast<const char*>(clean.bytes.data());
  constexpr std::size_t shortest_cut = longest_word - 3;
  std::size_t start = 0;
  for (std::size_t i = 0; i < clean.gap_count; ++i) {
    const std::size_t gap = clean.gaps[i];
    while (gap - start > shortest_cut) {  // what is too long is cut between characters of up to four bytes
      std::size_t cut = start + shortest_cut;
      while (cut < gap && cut - start < longest_word && (clean.bytes[cut] & 0xC0U) == 0x80U) ++cut;
      if (cut == gap) break;
      word({text + start, cut - start});
      start = cut;
    }
    if (gap > start) word({text + start, gap - start});
    start = gap + 1;
    const unsigned char c = clean.bytes[gap];
    if (c == sentence_space) {
      in_sentence = 0;
      begin = start_mark;
      notions = {sentence_start, 0};
    } else if (c != ' ') {
      visitor.mark(c);
      bone(c);
    }
  }
}

}  // namespace sluice::guard
