// A text as a reader would take it: tricks of writing undone, with a way back to where each byte stood.
//
// The plain view is lower case, free of accents and of characters without width; letters that only look Latin
// (fullwidth, mathematical, circled; Cyrillic and Greek inside Latin words) are Latin; letters set apart by single
// spaces are joined; Unicode tag characters, which no screen shows, are read as the ASCII they carry. Further views
// undo digits for letters ("1gn0re"), rot13, and long runs of base64 or hex that hold text.
//
// Pure; threads: any. Time and memory are linear: views together hold at most `largest_growth` times the source.
// Unicode 15 names the ranges; UTS 39 §4 describes the confusion of scripts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::guard {

inline constexpr std::size_t largest_growth = 4;              // bytes of all views per byte of source
inline constexpr unsigned deepest_decoding = 2;               // base64 within hex is read, a third wrapping is not
inline constexpr std::size_t shortest_encoded_run = 24;       // characters of base64 or digits of hex
inline constexpr std::size_t most_decoded_runs = 256;         // per text
inline constexpr std::size_t longest_normalised = 4U << 20U;  // bytes of source that are looked at; the rest is not

enum class Writing : std::uint8_t { plain, leet, rot13, base64, hex };

struct SourceRange {
  std::uint32_t start = 0;
  std::uint32_t end = 0;  // exclusive
};

struct NormalisedView {
  Writing writing = Writing::plain;
  std::string text{};
  // Where byte i of `text` begins in the source; one more entry than `text` has bytes. Empty for decoded runs, which
  // stand for `whole` as one.
  std::vector<std::uint32_t> origin{};
  SourceRange whole{};

  // The part of the source that text[from, to) came from.
  [[nodiscard]] SourceRange source(std::size_t from, std::size_t to) const noexcept;
};

// The first view is the plain one; others follow only where they differ from it.
std::vector<NormalisedView> normalise(std::string_view source);

}  // namespace sluice::guard
