#include "audit/json_text.h"

#include <array>
#include <charconv>

#include "base/json.h"

namespace sluice::audit {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

template <class Number>
void append_any(std::string& out, Number value) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  if (text.size() > text_limit) {
    std::size_t end = text_limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
  }
  append_json_string(out, text);
}

void append_number(std::string& out, std::int64_t value) {
  append_any(out, value);
}

void append_number(std::string& out, std::uint64_t value) {
  append_any(out, value);
}

void append_hex(std::string& out, std::string_view bytes) {
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out.push_back(digits[value >> 4]);
    out.push_back(digits[value & 15]);
  }
}

}  // namespace sluice::audit
