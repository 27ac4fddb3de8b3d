#include "guard/sse_frames.h"

#include <algorithm>

namespace sluice::guard {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

dialect::ByteSpan SseFrame::raw_span(dialect::ByteSpan in_data) const {
  const auto after = std::ranges::upper_bound(lines, in_data.begin, {}, &Line::data);
  const Line& line = after == lines.begin() ? lines.front() : *(after - 1);
  return {in_data.begin - line.data + line.raw, in_data.end - line.data + line.raw};
}

// Where the next line begins; a CR at the very end may be half of a CRLF.
std::optional<std::size_t> SseFrames::line_end(std::size_t from) const {
  const std::size_t end = buffer_.find_first_of("\r\n", from);
  if (end == std::string::npos || (buffer_[end] == '\r' && end + 1 == buffer_.size())) return std::nullopt;
  return end + (buffer_[end] == '\r' && buffer_[end + 1] == '\n' ? 2 : 1);
}

std::optional<SseFrame> SseFrames::next() {
  for (;;) {
    const auto end = line_end(std::max(line_, scanned_));
    if (!end) {
      scanned_ = buffer_.empty() ? 0 : buffer_.size() - (buffer_.back() == '\r' ? 1 : 0);
      return std::nullopt;
    }
    const bool empty = buffer_[line_] == '\r' || buffer_[line_] == '\n';
    line_ = scanned_ = *end;
    if (empty) return frame(*end);
  }
}

std::optional<SseFrame> SseFrames::rest() {
  if (buffer_.empty()) return std::nullopt;
  return frame(buffer_.size());
}

std::string SseFrames::take() {
  line_ = scanned_ = 0;
  return std::exchange(buffer_, {});
}

SseFrame SseFrames::frame(std::size_t size) {
  SseFrame made;
  made.raw = buffer_.substr(0, size);
  buffer_.erase(0, size);
  line_ = scanned_ = 0;
  std::string_view raw = made.raw;
  std::size_t at = std::exchange(at_start_, false) && raw.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (at < raw.size()) {
    const std::size_t end = std::min(raw.find_first_of("\r\n", at), raw.size());
    const std::string_view line = raw.substr(at, end - at);
    const std::size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::size_t value = colon == std::string_view::npos ? line.size() : colon + 1;
    if (value < line.size() && line[value] == ' ') ++value;
    if (field == "event") made.name = line.substr(value);
    if (field == "data") {
      if (!made.lines.empty()) made.data.push_back('\n');
      made.lines.push_back({made.data.size(), at + value});
      made.data.append(line.substr(value));
    }
    at = end + (raw.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  return made;
}

}  // namespace sluice::guard
