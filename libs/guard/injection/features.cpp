#include "guard/injection/features.h"

#include "guard/injection/concepts.h"

namespace sluice::guard {
namespace {

constexpr std::array<bool, 256> may_end = [] {
  std::array<bool, 256> marks{};
  for (const char c : std::string_view("\n.!?;\xE3")) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}();

// White space as a space, digits as a digit.
constexpr std::array<unsigned char, 256> folded = [] {
  std::array<unsigned char, 256> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i);
  for (const char c : std::string_view("\t\n\r")) bytes[static_cast<unsigned char>(c)] = ' ';
  for (char c = '0'; c <= '9'; ++c) bytes[static_cast<unsigned char>(c)] = '0';
  return bytes;
}();

// Bytes after which a segment may end; 0 where none ends at `at`.
std::size_t end_mark(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '\n') return 1;
  const bool stop = c == '.' || c == '!' || c == '?' || c == ';';
  if (stop && at + 1 < text.size() && (text[at + 1] == ' ' || text[at + 1] == '"')) return 1;
  return text.substr(at, 3) == "\xE3\x80\x82" ? 3 : 0;  // the ideographic full stop
}

bool ends_with(std::string_view word, std::string_view ending) {
  return word.size() > ending.size() + 1 && word.ends_with(ending);
}

}  // namespace

void cut_segments(std::string_view text, std::vector<Segment>& segments) {
  segments.clear();
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const bool full = at + 1 - start >= longest_segment;
    if (!full && !may_end[static_cast<unsigned char>(text[at])]) {
      ++at;
      continue;
    }
    const std::size_t mark = may_end[static_cast<unsigned char>(text[at])] ? end_mark(text, at) : 0;
    at += mark == 0 ? 1 : mark;
    if (at - start < (mark == 0 ? longest_segment : shortest_segment)) continue;
    const std::size_t space = mark == 0 ? text.substr(start, at - start).rfind(' ') : std::string_view::npos;
    const std::size_t end = space != std::string_view::npos ? start + space + 1 : at;
    segments.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)});
    start = end;
  }
  if (start < text.size())
    segments.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(text.size())});
}

CleanSegment::CleanSegment(std::string_view segment) noexcept {
  bytes[0] = sentence_space;
  gaps[0] = 0;
  std::size_t end = 1;
  std::size_t count = 1;
  unsigned char last = 0;
  std::size_t repeated = 0;
  for (const char c : segment.substr(0, longest_segment)) {
    const unsigned char byte = folded[static_cast<unsigned char>(c)];
    if (byte != ' ') {
      repeated = byte == last ? repeated + 1 : 0;
      last = byte;
      // A line of a hundred dashes is one dash to a reader; as a hundred features it would outweigh all words.
      const std::size_t kept = repeated < 3 ? 1 : 0;
      bytes[end] = byte;
      gaps[count] = static_cast<std::uint16_t>(end);
      end += kept;
      count += of_words[byte] ? 0 : kept;
      continue;
    }
    tabs += c == '\t' ? 1 : 0;
    if (bytes[end - 1] > ' ') {
      gaps[count++] = static_cast<std::uint16_t>(end);
      bytes[end++] = may_end[last] || last == ':' ? sentence_space : ' ';
    }
    if (c == '\n') bytes[end - 1] = sentence_space;
    repeated = 0;
  }
  if (bytes[end - 1] > ' ') {
    gaps[count++] = static_cast<std::uint16_t>(end);
    bytes[end++] = ' ';
  }
  std::memset(bytes.data() + end, 0, longest_word);
  gap_count = count;
}

namespace {

std::uint32_t skeleton_of(std::string_view word, std::uint32_t hash) noexcept {
  if (all_function_words.of(hash) != WordClass::matter) return hash;
  if (static_cast<unsigned char>(word.front()) >= 0x80) return 1001;
  if (word.front() == '0') return 1002;
  if (word.size() == 1) return 1003;
  if (ends_with(word, "ing")) return 1004;
  if (ends_with(word, "ed")) return 1005;
  if (ends_with(word, "ly")) return 1006;
  if (ends_with(word, "tion") || ends_with(word, "ment")) return 1007;
  if (ends_with(word, "'s")) return 1008;
  if (ends_with(word, "s")) return 1009;
  return 1010;
}

}  // namespace

Word word_of(std::string_view text) noexcept {
  const std::uint32_t hash = hash_of(text);
  return {hash, skeleton_of(text, hash), concept_of(text)};
}

}  // namespace sluice::guard
