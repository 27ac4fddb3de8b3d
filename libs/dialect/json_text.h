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
  // `raw`: the bytes between the quotes, less than 4 GiB; must outlive the use of this object. Escapes that are not
  // valid, lone surrogates and invalid UTF-8 are taken as they stand: this never fails. With Nesting::json the text's
  // own JSON escapes are resolved as well (a backslash outside of a string cannot stand in JSON).
  void read(std::string_view raw, Nesting nesting);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  // The bytes of `raw` that gave text()[begin, end): whole escape sequences, those included that are not valid.
  [[nodiscard]] ByteSpan raw_span(std::size_t begin, std::size_t end) const;
  // `raw` with the edits made; bytes outside of them stay as they were. An edit that begins or ends inside of the text
  // of one escape takes all of it.
  [[nodiscard]] std::string edited(std::span<const TextEdit> edits) const;

 private:
  // Where text and raw do not run in step: one entry for each escape, ascending, none over another.
  struct Escape {
    std::uint32_t text = 0, raw = 0;
    std::uint8_t text_size = 0, raw_size = 0;  // at most 12 of plain, 72 of nested escapes
  };
  static void decode(std::string_view raw, std::string& text, std::vector<Escape>& escapes);
  void join_layers();
  [[nodiscard]] const Escape* last_before(std::size_t text_offset) const;

  std::string_view raw_;
  std::string text_;
  std::vector<Escape> escapes_;
  Nesting nesting_ = Nesting::plain;
  std::string layer_;  // nested: the text between the two layers of escapes, and the outer layer's escapes
  std::vector<Escape> outer_, joined_;
};

// `text` as it must stand between the quotes of a JSON string, nested as told.
std::string json_escaped(std::string_view text, Nesting nesting);

}  // namespace sluice::dialect
