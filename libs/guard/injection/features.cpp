#include "guard/injection/features.h"

namespace sluice::guard {
namespace {

constexpr std::array<bool, 256> may_end = [] {
  std::array<bool, 256> marks{};
  for (const char c : std::string_view("\n.!?;\xE3")) marks[static_cast<unsigned char>(c)] = true;
  return marks;
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
  std::size_t space = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') space = at + 1;
    const std::size_t mark = may_end[static_cast<unsigned char>(text[at])] ? end_mark(text, at) : 0;
    at += mark == 0 ? 1 : mark;
    const bool full = at - start >= longest_segment;
    if (!full && (mark == 0 || at - start < shortest_segment)) continue;
    const std::size_t end = full && mark == 0 && space > start ? space : at;
    segments.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)});
    start = end;
  }
  if (start < text.size())
    segments.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(text.size())});
}

CleanSegment::CleanSegment(std::string_view segment) noexcept {
  bytes[size] = ' ';
  starts[size++] = true;
  char before = ' ';  // the last that was not white space
  for (const char c : segment.substr(0, longest_segment)) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space && bytes[size - 1] == ' ') {
      starts[size - 1] = starts[size - 1] || c == '\n';
      continue;
    }
    bytes[size] = space ? ' ' : c >= '0' && c <= '9' ? '0' : static_cast<unsigned char>(c);
    // A line of a hundred dashes is one dash to a reader; as a hundred features it would outweigh all words.
    if (size >= 3 && bytes[size] == bytes[size - 1] && bytes[size] == bytes[size - 2] && bytes[size] == bytes[size - 3])
      continue;
    starts[size++] =
        space && (c == '\n' || before == '.' || before == '!' || before == '?' || before == ':' || before == ';');
    if (!space) before = c;
  }
  if (bytes[size - 1] != ' ') {
    bytes[size] = ' ';
    starts[size++] = false;
  }
  std::memset(bytes.data() + size, 0, 8);
}

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

}  // namespace sluice::guard
