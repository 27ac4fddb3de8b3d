#include "guard/sse_frames.h"

#include <algorithm>
#include <utility>

namespace sluice::guard {

std::size_t SseFrame::raw_offset(std::size_t data_offset) const noexcept {
  auto line = std::ranges::upper_bound(lines, data_offset, {}, &Line::data);
  if (line == lines.begin()) return data_offset;
  --line;
  return line->raw + (data_offset - line->data);
}

void SseFrames::feed(std::string_view bytes) {
  buffer_.erase(0, taken_);
  taken_ = 0;
  buffer_.append(bytes);
}

// Behind the line's last character: at CR or LF.
std::optional<std::size_t> SseFrames::line_end() const {
  const std::size_t at = std::string_view(buffer_).find_first_of("\r\n", taken_ + scanned_);
  if (at == std::string_view::npos) return std::nullopt;
  return at;
}

SseFrame SseFrames::handed_over(SseFrame::Kind kind) {
  SseFrame out = std::exchange(frame_, {});
  out.kind = kind;
  has_data_ = has_field_ = foreign_ = false;
  return out;
}

std::optional<SseFrame> SseFrames::next() {
  while (taken_ < buffer_.size()) {
    // The LF of a CRLF belongs to the bytes of what comes next: the event has ended with the CR.
    if (after_cr_) {
      after_cr_ = false;
      if (buffer_[taken_] == '\n') {
        frame_.raw.push_back('\n');
        ++taken_;
        continue;
      }
    }
    const std::optional<std::size_t> end = line_end();
    if (!end) {
      scanned_ = buffer_.size() - taken_;
      if (!skipping_ && frame_.raw.size() + scanned_ <= largest_event_) return std::nullopt;
      frame_.raw.append(buffer_, taken_);
      taken_ = buffer_.size();
      scanned_ = 0;
      in_line_ = true;
      const SseFrame::Kind kind = std::exchange(skipping_, true) ? SseFrame::Kind::rest : SseFrame::Kind::too_large;
      return handed_over(kind);
    }
    const std::size_t begin = taken_;
    const std::string_view line = std::string_view(buffer_).substr(begin, *end - begin);
    const std::size_t raw_begin = frame_.raw.size();
    frame_.raw.append(buffer_, begin, *end + 1 - begin);
    after_cr_ = buffer_[*end] == '\r';
    taken_ = *end + 1;
    scanned_ = 0;
    if (skipping_) {
      const bool blank = !std::exchange(in_line_, false) && line.empty();
      if (blank) skipping_ = false;
      return handed_over(SseFrame::Kind::rest);
    }
    if (line.empty())
      return handed_over(foreign_    ? SseFrame::Kind::foreign
                         : has_data_ ? SseFrame::Kind::event
                                     : SseFrame::Kind::passing);
    take_line(line, raw_begin);
    // A comment in front of an event's first field goes on by itself: it may be a ping.
    if (!has_field_ && !foreign_) return handed_over(SseFrame::Kind::passing);
    if (frame_.raw.size() > largest_event_) {
      skipping_ = true;
      return handed_over(SseFrame::Kind::too_large);
    }
  }
  return std::nullopt;
}

void SseFrames::take_line(std::string_view line, std::size_t raw_begin) {
  std::size_t skip = 0;
  if (std::exchange(at_start_, false) && line.starts_with("\xEF\xBB\xBF")) skip = 3;
  line.remove_prefix(skip);
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  if (field.empty()) return;  // a comment, or the byte order mark alone
  std::size_t value = colon == std::string_view::npos ? line.size() : colon + 1;
  if (value < line.size() && line[value] == ' ') ++value;
  has_field_ = true;
  if (field == "event") {
    frame_.name = line.substr(value);
  } else if (field == "data") {
    if (has_data_) frame_.data.push_back('\n');
    frame_.lines.push_back({frame_.data.size(), raw_begin + skip + value});
    frame_.data.append(line.substr(value));
    has_data_ = true;
  } else if (field != "id" && field != "retry") {
    foreign_ = true;
  }
}

std::optional<SseFrame> SseFrames::rest() {
  if (taken_ == buffer_.size() && frame_.raw.empty()) return std::nullopt;
  const std::string line = buffer_.substr(taken_);
  const std::size_t raw_begin = frame_.raw.size();
  frame_.raw.append(line);
  taken_ = buffer_.size();
  if (skipping_) return handed_over(SseFrame::Kind::rest);
  if (!line.empty()) take_line(line, raw_begin);
  return handed_over(foreign_ ? SseFrame::Kind::foreign : has_data_ ? SseFrame::Kind::event : SseFrame::Kind::passing);
}

}  // namespace sluice::guard
