#include "audit/json_text.h"

#include <array>
#include <charconv>

namespace sluice::audit {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

// The length of the UTF-8 sequence at the start of `text`, 0 when it is none (RFC 3629 §4).
std::size_t utf8_length(std::string_view text) noexcept {
  const auto at = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const auto tail = [at](std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < from + count; ++i)
      if ((at(i) & 0xc0) != 0x80) return false;
    return true;
  };
  const unsigned first = at(0), second = at(1);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1, 1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
    return tail(1, 2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
    return tail(1, 3) ? 4 : 0;
  }
  return 0;
}

void append_escaped(std::string& out, char byte) {
  switch (byte) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out.push_back(digits[static_cast<unsigned char>(byte) >> 4]);
      out.push_back(digits[byte & 15]);
  }
}

bool plain(char byte) noexcept {
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

template <class Number>
void append_any(std::string& out, Number value) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t taken = 0;
  while (taken < text.size() && taken < text_limit) {
    std::size_t run = taken;
    while (run < text.size() && run < text_limit && plain(text[run])) ++run;
    out.append(text.substr(taken, run - taken));
    taken = run;
    if (taken == text.size() || taken >= text_limit) break;
    const char byte = text[taken];
    if (static_cast<unsigned char>(byte) < 0x80 && byte != 0x7f) {
      append_escaped(out, byte);
      ++taken;
      continue;
    }
    const std::size_t length = utf8_length(text.substr(taken));
    if (length == 0) out += "\xef\xbf\xbd";
    out.append(text.substr(taken, length));
    taken += length == 0 ? 1 : length;
  }
  out.push_back('"');
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
