#include "guard/external/content.h"

#include <algorithm>

namespace sluice::guard::external {
namespace {

constexpr std::string_view separator = "\n\n";

unsigned byte_at(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

// Bytes of the character that begins at `at`; 0 when none does (Unicode 15, table 3-7).
std::size_t character_at(std::string_view text, std::size_t at) noexcept {
  const unsigned first = byte_at(text, at);
  const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
    return byte_at(text, at + i) >= low && byte_at(text, at + i) <= high;
  };
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF)
    return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2, 0x80, 0xBF) ? 3 : 0;
  if (first >= 0xF0 && first <= 0xF4)
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2, 0x80, 0xBF) &&
                   follows(3, 0x80, 0xBF)
               ? 4
               : 0;
  return 0;
}

std::size_t units_of(std::size_t bytes, Unit unit) noexcept {
  if (unit == Unit::bytes) return bytes;
  return unit == Unit::utf16 && bytes == 4 ? 2 : 1;
}

struct Stretch {
  std::size_t end = 0, units = 0;  // bytes; UTF-16 units
};

// As much of the text from `start` as fits.
Stretch stretch(std::string_view text, std::size_t start, std::size_t most_units) noexcept {
  Stretch out{.end = start};
  while (out.end < text.size()) {
    const std::size_t bytes = std::max<std::size_t>(character_at(text, out.end), 1);
    const std::size_t units = units_of(bytes, Unit::utf16);
    if (out.units + units > most_units) break;
    out.end += bytes;
    out.units += units;
  }
  return out;
}

void append_valid(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = character_at(text, at);
    if (bytes == 0)
      out.push_back('?');
    else
      out.append(text.substr(at, bytes));
    at += std::max<std::size_t>(bytes, 1);
  }
}

// About `overlap_units` characters before `end`, at the start of a character.
std::size_t step_back(std::string_view text, std::size_t start, std::size_t end, std::size_t most_units) noexcept {
  std::size_t characters = std::min(overlap_units, most_units / 4);
  std::size_t at = end;
  while (characters > 0 && at > start) {
    --at;
    if ((byte_at(text, at) & 0xC0U) != 0x80U) --characters;
  }
  return at > start ? at : end;
}

}  // namespace

Result<std::vector<Content>> pack(std::span<const std::string_view> texts, std::size_t most_units,
                                  std::size_t most_parts) {
  std::vector<Content> contents;
  std::size_t used = most_units;  // of the last content; full, so that the first part opens one
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = texts[i];
    for (std::size_t start = 0; start < text.size();) {
      const Stretch whole = stretch(text, start, most_units);
      if (contents.empty() || used + separator.size() + whole.units > most_units ||
          contents.back().parts.size() >= most_parts) {
        if (contents.size() == most_calls)
          return fail(ErrorCode::too_large, "the texts need more than " + std::to_string(most_calls) + " calls");
        contents.emplace_back();
        used = 0;
      }
      Content& content = contents.back();
      if (!content.parts.empty()) {
        content.text.append(separator);
        used += separator.size();
      }
      content.parts.push_back({.text = static_cast<std::uint32_t>(i),
                               .start = static_cast<std::uint32_t>(start),
                               .end = static_cast<std::uint32_t>(whole.end),
                               .at = static_cast<std::uint32_t>(content.text.size())});
      append_valid(content.text, text.substr(start, whole.end - start));
      used += whole.units;
      start = whole.end < text.size() ? step_back(text, start, whole.end, most_units) : text.size();
    }
  }
  return contents;
}

Offsets::Offsets(std::string_view text, Unit unit) : text_(text), unit_(unit) {
  for (std::size_t at = 0; at < text.size();) {
    while (marks_.size() * stride <= units_) {
      marks_.push_back(at);
      units_at_.push_back(units_);
    }
    const std::size_t bytes = std::max<std::size_t>(character_at(text, at), 1);
    at += bytes;
    units_ += units_of(bytes, unit);
  }
}

std::optional<std::size_t> Offsets::byte_of(std::int64_t offset) const {
  if (offset < 0 || static_cast<std::uint64_t>(offset) > units_) return std::nullopt;
  const auto wanted = static_cast<std::size_t>(offset);
  if (wanted == units_) return text_.size();
  std::size_t mark = std::min(wanted / stride, marks_.size() - 1);
  while (mark > 0 && units_at_[mark] > wanted) --mark;
  std::size_t at = marks_[mark], units = units_at_[mark];
  while (units < wanted) {
    const std::size_t bytes = std::max<std::size_t>(character_at(text_, at), 1);
    at += bytes;
    units += units_of(bytes, unit_);
  }
  return units == wanted ? std::optional(at) : std::nullopt;
}

}  // namespace sluice::guard::external
