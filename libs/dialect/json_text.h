// The text of a JSON string, and the way back to its bytes, so that an edit changes the matched bytes only.
// RFC 8259 §7. Pure; buffers are kept between uses.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/segments.h"

namespace sluice::dialect {

struct TextEdit {
  std::size_t begin = 0;  // offsets in the text, ascending, not overlapping
  std::size_t end = 0;
  std::string replacement = {};  // plain text; escaped as deep as the string is nested
};

class JsonText {
 public:
  // `raw`: the bytes between the quotes; must outlive the use of this object. Escapes that are not valid, lone
  // surrogates and invalid UTF-8 are taken as they stand: this never fails. With Nesting::json the text's own JSON
  // escapes are resolved as well (a backslash outside of a string cannot stand in JSON).
  void read(std::string_view raw, Nesting nesting);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  // The bytes of `raw` that gave text()[begin, end): whole escape sequences.
  [[nodiscard]] ByteSpan raw_span(std::size_t begin, std::size_t end) const;
  // `raw` with the edits made; bytes outside of them stay as they were.
  [[nodiscard]] std::string edited(std::span<const TextEdit> edits) const;

 private:
  std::string_view raw_;
  Nesting nesting_ = Nesting::plain;
  std::string text_;
  // Where text and raw stop running in step: text offset → raw offset, one entry for each escape.
  struct Step {
    std::uint32_t text = 0, raw = 0;
  };
  std::vector<Step> steps_;
};

// `text` as it must stand between the quotes of a JSON string, nested as told.
std::string json_escaped(std::string_view text, Nesting nesting);

}  // namespace sluice::dialect
