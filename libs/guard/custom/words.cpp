#include "guard/custom/words.h"

#include <algorithm>

#include "guard/utf8.h"

namespace sluice::guard {
namespace {

constexpr std::size_t most_blanks = 16;  // bytes between two parts
constexpr std::string_view no_break_space = "\xc2\xa0";

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void append(std::string& out, char32_t c) {
  const auto byte = [&](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
  if (c < 0x10000) return byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
}

// `first` for the first character, `rest` for the others.
template <class First, class Rest>
std::string mapped(std::string_view text, First first, Rest rest) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_at(text, at);
    if (point.size == 0)
      out.push_back(text[at]);
    else
      append(out, at == 0 ? first(point.value) : rest(point.value));
    at += std::max<std::size_t>(1, point.size);
  }
  return out;
}

// Whether text[at, at + part.size()) is the part, folded already.
bool same_folded(std::string_view text, std::size_t at, std::string_view part) noexcept {
  if (at + part.size() > text.size()) return false;
  for (std::size_t i = 0; i < part.size();) {
    const CodePoint theirs = decode_at(text, at + i), ours = decode_at(part, i);
    if (ours.size == 0 || theirs.size != ours.size) {
      if (text[at + i] != part[i]) return false;
      ++i;
      continue;
    }
    if (folded(theirs.value) != ours.value) return false;
    i += ours.size;
  }
  return true;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  const std::size_t limit = std::min(text.size(), at + most_blanks);
  while (at < limit) {
    if (is_blank(text[at]))
      ++at;
    else if (text.substr(at, 2) == no_break_space)
      at += 2;
    else
      break;
  }
  return at;
}

std::size_t skip_blanks_before(std::string_view text, std::size_t at) noexcept {
  const std::size_t limit = at > most_blanks ? at - most_blanks : 0;
  while (at > limit) {
    if (is_blank(text[at - 1]))
      --at;
    else if (at >= 2 && text.substr(at - 2, 2) == no_break_space)
      at -= 2;
    else
      break;
  }
  return at;
}

// Whether a word goes on across `at`.
bool within_word(std::string_view text, std::size_t at) noexcept {
  const CodePoint before = decode_before(text, at), after = decode_at(text, at);
  return before.size > 0 && after.size > 0 && is_word_point(before.value) && is_word_point(after.value);
}

}  // namespace

Word::Word(std::string_view text, LetterCase letter_case, WordEnds ends) : letter_case_(letter_case), ends_(ends) {
  for (std::size_t at = skip_blanks(text, 0); at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && skip_blanks(text, end) == end) ++end;
    const std::string_view part = text.substr(at, end - at);
    parts_.push_back(letter_case == LetterCase::any ? mapped(part, folded, folded) : std::string(part));
    if (parts_.back().size() > parts_[anchor_].size()) anchor_ = parts_.size() - 1;
    if (anchor_ == parts_.size() - 1) anchor_as_written_ = part;
    at = end;
    while (at < text.size() && skip_blanks(text, at) > at) at = skip_blanks(text, at);
  }
}

std::vector<std::string> Word::spellings() const {
  if (parts_.empty()) return {};
  const std::string& anchor = parts_[anchor_];
  const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (letter_case_ == LetterCase::exact || std::ranges::all_of(anchor, ascii)) return {anchor};
  // The pass ignores the case of ASCII letters only.
  const auto lower_ascii = [](char32_t c) { return c < 0x80 ? folded(c) : c; };
  std::vector<std::string> out{anchor, mapped(anchor, raised, raised), mapped(anchor, raised, folded),
                               anchor_as_written_};
  for (std::string& spelling : out) spelling = mapped(spelling, lower_ascii, lower_ascii);
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::size_t Word::width() const noexcept {
  std::size_t width = parts_.empty() ? 0 : (parts_.size() - 1) * most_blanks;
  for (const std::string& part : parts_) width += part.size();
  return width;
}

std::string Word::expression() const {
  std::string out;
  for (const std::string& part : parts_) {
    if (!out.empty()) out.append("[ \\t\\r\\n\\x{a0}]{1," + std::to_string(most_blanks) + "}");
    if (out.empty() && ends_ == WordEnds::whole && static_cast<unsigned char>(part.front()) < 0x80 &&
        is_word_point(static_cast<unsigned char>(part.front())))
      out.append("\\b");
    out.append("\\Q");
    for (const char c : part) out.append(c == '\\' ? "\\E\\\\\\Q" : std::string(1, c));
    out.append("\\E");
  }
  return out;
}

std::optional<Word::Span> Word::around(std::string_view text, std::size_t end) const {
  if (parts_.empty() || end < parts_[anchor_].size()) return std::nullopt;
  const auto is = [&](std::size_t part, std::size_t at) {
    const std::string& wanted = parts_[part];
    return letter_case_ == LetterCase::any ? same_folded(text, at, wanted) : text.substr(at).starts_with(wanted);
  };
  Span span{end - parts_[anchor_].size(), end};
  if (!is(anchor_, span.start)) return std::nullopt;
  for (std::size_t i = anchor_; i-- > 0;) {
    const std::size_t stop = skip_blanks_before(text, span.start);
    if (stop == span.start || stop < parts_[i].size() || !is(i, stop - parts_[i].size())) return std::nullopt;
    span.start = stop - parts_[i].size();
  }
  for (std::size_t i = anchor_ + 1; i < parts_.size(); ++i) {
    const std::size_t start = skip_blanks(text, span.end);
    if (start == span.end || !is(i, start)) return std::nullopt;
    span.end = start + parts_[i].size();
  }
  if (ends_ == WordEnds::whole && (within_word(text, span.start) || within_word(text, span.end))) return std::nullopt;
  return span;
}

}  // namespace sluice::guard
