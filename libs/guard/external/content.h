// What of the texts goes into one call, and the way back: from the places a vendor names in what it was sent to bytes
// of the texts. Vendors count in bytes, Unicode characters or UTF-16 units; a place that is not there is told apart
// from one that is, since a finding in the wrong place would redact the wrong bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::guard::external {

enum class Unit : std::uint8_t { bytes, code_points, utf16 };

// A stretch of one text and where it stands in what is sent.
struct Part {
  std::uint32_t text = 0;            // index in the texts
  std::uint32_t start = 0, end = 0;  // bytes of that text
  std::uint32_t at = 0;              // first byte in Content::text
  [[nodiscard]] std::uint32_t size() const noexcept { return end - start; }
};

// The texts of one call, one after the other with an empty line between. Vendors that take a list get the parts.
struct Content {
  std::string text;  // valid UTF-8
  std::vector<Part> parts;
  [[nodiscard]] std::string_view of(const Part& part) const noexcept {
    return std::string_view(text).substr(part.at, part.size());
  }
};

inline constexpr std::size_t most_calls = 16;      // of one check: what needs more is too large
inline constexpr std::size_t overlap_units = 200;  // of the pieces of a text that is longer than a call may be

// The texts, packed into as few contents as hold `most_units` UTF-16 units and `most_parts` parts each. Longer texts
// are cut between characters, each piece beginning with the end of the one before. Bytes that are no UTF-8 become '?',
// one for one, so that every offset stays. too_large for more than `most_calls`.
Result<std::vector<Content>> pack(std::span<const std::string_view> texts, std::size_t most_units,
                                  std::size_t most_parts);

// Byte offsets in a text (valid UTF-8) from offsets in a unit; built once, asked often.
class Offsets {
 public:
  Offsets(std::string_view text, Unit unit);
  // nullopt beyond the end, and in the middle of a character.
  [[nodiscard]] std::optional<std::size_t> byte_of(std::int64_t offset) const;

 private:
  static constexpr std::size_t stride = 64;  // units between two marks
  std::string_view text_;
  Unit unit_;
  std::size_t units_ = 0;              // of the whole text
  std::vector<std::size_t> marks_;     // marks_[i]: the first character at or after unit i * stride …
  std::vector<std::size_t> units_at_;  // … and its unit
};

}  // namespace sluice::guard::external
