#include "guard/injection/features.h"

namespace sluice::guard {
namespace {

// Bytes after which a segment may end; 0 where none ends at `at`.
std::size_t end_mark(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '\n') return 1;
  const bool stop = c == '.' || c == '!' || c == '?' || c == ';';
  if (stop && at + 1 < text.size() && (text[at + 1] == ' ' || text[at + 1] == '"')) return 1;
  return text.substr(at, 3) == "\xE3\x80\x82" ? 3 : 0;  // the ideographic full stop
}

}  // namespace

void cut_segments(std::string_view text, std::vector<Segment>& segments) {
  segments.clear();
  std::size_t start = 0;
  std::size_t space = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') space = at + 1;
    const std::size_t mark = end_mark(text, at);
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

}  // namespace sluice::guard
