#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "base/json.h"

namespace sluice {
namespace {

// Bytes of the valid UTF-8 character that begins here, or 0 (Unicode 15, table 3-7).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

void append_escaped(std::string& out, unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;  // start of the run that needs no change
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {  // nearly every byte there is
      ++i;
      continue;
    }
    const auto length = character_length(text.substr(i));
    if (length > 0 && byte >= 0x20 && byte != '"' && byte != '\\') {
      i += length;
      continue;
    }
    out.append(text.substr(plain, i - plain));
    if (length == 0)
      out += "\xEF\xBF\xBD";
    else
      append_escaped(out, byte);
    plain = ++i;
  }
  out.append(text.substr(plain)) += '"';
}

void JsonWriter::separate() {
  if (!fresh_) text_ += ',';
  fresh_ = false;
}
JsonWriter& JsonWriter::begin_object() {
  separate();
  text_ += '{';
  fresh_ = true;
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  text_ += '}';
  fresh_ = false;
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  separate();
  text_ += '[';
  fresh_ = true;
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  text_ += ']';
  fresh_ = false;
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(text_, name);
  text_ += ':';
  fresh_ = true;
  return *this;
}
JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_json_string(text_, value);
  return *this;
}
JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  text_ += std::to_string(value);
  return *this;
}
JsonWriter& JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  text_.append(digits.data(), end.ptr);
  return *this;
}
JsonWriter& JsonWriter::boolean(bool value) {
  return raw(value ? "true" : "false");
}
JsonWriter& JsonWriter::null() {
  return raw("null");
}
JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

JsonWriter& JsonWriter::field(std::string_view name, const std::vector<std::string>& values) {
  key(name).begin_array();
  for (const auto& item : values) text(item);
  return end_array();
}

JsonWriter& JsonWriter::value(const JsonValue& value) {
  struct Visitor {
    JsonWriter& out;
    void operator()(std::nullptr_t) const { out.null(); }
    void operator()(bool flag) const { out.boolean(flag); }
    void operator()(std::int64_t number) const { out.integer(number); }
    void operator()(double number) const { out.number(number); }
    void operator()(const std::string& text) const { out.text(text); }
    void operator()(const JsonArray& array) const {
      out.begin_array();
      for (const auto& item : array) out.value(item);
      out.end_array();
    }
    void operator()(const JsonObject& object) const {
      out.begin_object();
      for (const auto& member : object) out.key(member.key).value(member.value);
      out.end_object();
    }
  };
  std::visit(Visitor{*this}, value.data);
  return *this;
}

}  // namespace sluice
