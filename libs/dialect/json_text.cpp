#include "dialect/json_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/json.h"

namespace sluice::dialect {
namespace {

// The four hexadecimal digits behind "\u" at `at`.
std::optional<std::uint32_t> unicode_escape(std::string_view raw, std::size_t at) {
  if (raw.size() - at < 6 || raw[at] != '\\' || raw[at + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  for (const char digit : raw.substr(at + 2, 4)) {
    unit <<= 4U;
    if (digit >= '0' && digit <= '9')
      unit |= static_cast<std::uint32_t>(digit - '0');
    else if (const char low = static_cast<char>(digit | 0x20); low >= 'a' && low <= 'f')
      unit |= static_cast<std::uint32_t>(low - 'a' + 10);
    else
      return std::nullopt;
  }
  return unit;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xC0U | point >> 6U);
  } else {
    if (point < 0x10000) {
      byte(0xE0U | point >> 12U);
    } else {
      byte(0xF0U | point >> 18U);
      byte(0x80U | (point >> 12U & 0x3FU));
    }
    byte(0x80U | (point >> 6U & 0x3FU));
  }
  byte(0x80U | (point & 0x3FU));
}

constexpr std::string_view short_names = "\"\\/bfnrt";
constexpr std::string_view short_values = "\"\\/\b\f\n\r\t";

// A backslash with the character behind it.
std::size_t invalid_escape(std::string_view raw, std::size_t at) {
  std::size_t size = 2;
  if (static_cast<unsigned char>(raw[at + 1]) >= 0xC0)
    while (size < 5 && at + size < raw.size() && (static_cast<unsigned char>(raw[at + size]) & 0xC0U) == 0x80U) ++size;
  return size;
}

// Appends the text of the escape at `at` and gives its size in `raw`. What is not valid is taken as it stands, but as
// one escape: an edit may not leave its backslash behind, where it would escape the next byte.
std::size_t take_escape(std::string_view raw, std::size_t at, std::string& text) {
  if (at + 1 == raw.size()) {
    text += '\\';
    return 1;
  }
  if (const auto name = short_names.find(raw[at + 1]); name != std::string_view::npos) {
    text += short_values[name];
    return 2;
  }
  const auto unit = unicode_escape(raw, at);
  if (!unit) {
    const auto size = invalid_escape(raw, at);
    text.append(raw, at, size);
    return size;
  }
  if (*unit < 0xD800 || *unit > 0xDFFF) {
    append_utf8(text, *unit);
    return 6;
  }
  const auto low = *unit < 0xDC00 ? unicode_escape(raw, at + 6) : std::nullopt;
  if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
    append_utf8(text, 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00));
    return 12;
  }
  text.append(raw, at, 6);
  return 6;
}

std::string escaped_once(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void JsonText::decode(std::string_view raw, std::string& text, std::vector<Escape>& escapes) {
  text.clear();
  escapes.clear();
  std::size_t at = 0;
  while (at < raw.size()) {
    const auto* found = static_cast<const char*>(std::memchr(raw.data() + at, '\\', raw.size() - at));
    const auto next = found == nullptr ? raw.size() : static_cast<std::size_t>(found - raw.data());
    text.append(raw, at, next - at);
    at = next;
    if (at == raw.size()) break;
    const auto begin = text.size();
    const auto size = take_escape(raw, at, text);
    escapes.push_back({.text = static_cast<std::uint32_t>(begin),
                       .raw = static_cast<std::uint32_t>(at),
                       .text_size = static_cast<std::uint8_t>(text.size() - begin),
                       .raw_size = static_cast<std::uint8_t>(size)});
    at += size;
  }
}

void JsonText::read(std::string_view raw, Nesting nesting) {
  raw_ = raw;
  nesting_ = nesting;
  if (nesting == Nesting::plain) return decode(raw, text_, escapes_);
  decode(raw, layer_, outer_);
  decode(layer_, text_, escapes_);
  join_layers();
}

// Text → layer → raw becomes text → raw. Each escape of the inner layer is made of whole characters of the outer one,
// but where the outer layer holds an escape that is not valid, which then grows the inner one.
void JsonText::join_layers() {
  joined_.clear();
  std::size_t outer = 0;
  std::size_t ahead = 0;  // of the layer's offset over the text's, here
  std::size_t raw_ahead = 0;
  const auto pass_outer = [&](std::size_t layer_end) {
    for (; outer < outer_.size() && outer_[outer].text < layer_end; ++outer) {
      auto escape = outer_[outer];
      raw_ahead = escape.raw + escape.raw_size - (escape.text + escape.text_size);
      escape.text = static_cast<std::uint32_t>(escape.text - ahead);
      joined_.push_back(escape);
    }
  };
  for (auto inner : escapes_) {
    pass_outer(inner.raw);
    auto layer_end = std::size_t{inner.raw} + inner.raw_size;
    const auto raw_begin = inner.raw + raw_ahead;
    for (; outer < outer_.size() && outer_[outer].text < layer_end; ++outer) {
      const auto& escape = outer_[outer];
      raw_ahead = escape.raw + escape.raw_size - (escape.text + escape.text_size);
      if (const auto end = std::size_t{escape.text} + escape.text_size; end > layer_end) {
        inner.text_size = static_cast<std::uint8_t>(inner.text_size + end - layer_end);
        layer_end = end;
      }
    }
    ahead = layer_end - (inner.text + inner.text_size);
    inner.raw = static_cast<std::uint32_t>(raw_begin);
    inner.raw_size = static_cast<std::uint8_t>(layer_end + raw_ahead - raw_begin);
    joined_.push_back(inner);
  }
  pass_outer(layer_.size());
  escapes_.swap(joined_);
}

// The last escape whose text begins before the offset.
const JsonText::Escape* JsonText::last_before(std::size_t text_offset) const {
  const auto after = std::ranges::lower_bound(escapes_, text_offset, {}, &Escape::text);
  return after == escapes_.begin() ? nullptr : &*std::prev(after);
}

ByteSpan JsonText::raw_span(std::size_t begin, std::size_t end) const {
  end = std::min(end, text_.size());
  begin = std::min(begin, end);
  ByteSpan span{begin, end};
  if (const auto* escape = last_before(begin); escape != nullptr) {
    const auto text_end = std::size_t{escape->text} + escape->text_size;
    span.begin = begin < text_end ? escape->raw : escape->raw + escape->raw_size + (begin - text_end);
  }
  if (const auto* escape = last_before(end); escape != nullptr) {
    const auto text_end = std::size_t{escape->text} + escape->text_size;
    span.end = escape->raw + escape->raw_size + (end < text_end ? 0 : end - text_end);
  }
  return span;
}

std::string JsonText::edited(std::span<const TextEdit> edits) const {
  std::string out;
  out.reserve(raw_.size() + 16 * edits.size());
  std::size_t kept = 0;
  for (const auto& edit : edits) {
    const auto span = raw_span(edit.begin, edit.end);
    if (span.begin > kept) out.append(raw_, kept, span.begin - kept);
    out += json_escaped(edit.replacement, nesting_);
    kept = std::max(kept, span.end);
  }
  return out.append(raw_, kept);
}

std::string json_escaped(std::string_view text, Nesting nesting) {
  auto once = escaped_once(text);
  return nesting == Nesting::json ? escaped_once(once) : once;
}

}  // namespace sluice::dialect
