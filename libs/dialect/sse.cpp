#include <cstring>

#include "dialect/usage.h"

namespace sluice::dialect {

void SseSplitter::feed(std::string_view bytes) {
  if (read_ == buffer_.size()) {
    buffer_.clear();
  } else if (read_ > 0) {
    buffer_.erase(0, read_);
  }
  read_ = 0;
  buffer_.append(bytes);
}

// The next line end at or after the bytes that were already looked at; npos when the line goes on.
std::size_t SseSplitter::line_end() const {
  const auto rest = std::string_view(buffer_).substr(read_ + scanned_);
  const auto line_feed = rest.find('\n');
  const auto carriage_return = rest.substr(0, line_feed).find('\r');
  const auto end = std::min(line_feed, carriage_return);
  return end == std::string_view::npos ? end : read_ + scanned_ + end;
}

std::optional<SseSplitter::Event> SseSplitter::next() {
  for (;;) {
    if (after_cr_ && read_ < buffer_.size()) {
      if (buffer_[read_] == '\n') ++read_;
      after_cr_ = false;
    }
    const auto end = line_end();
    if (end == std::string::npos) {
      keep_open_line();
      return std::nullopt;
    }
    const auto line = std::string_view(buffer_).substr(read_, end - read_);
    after_cr_ = buffer_[end] == '\r';
    read_ = end + 1;
    scanned_ = 0;
    if (discarding_line_) {
      discarding_line_ = false;
      continue;
    }
    if (take_line(line)) return Event{ready_name_, ready_data_};
  }
}

// A line beyond the limit belongs to an event beyond the limit: its bytes need not be kept.
void SseSplitter::keep_open_line() {
  scanned_ = buffer_.size() - read_;
  if (scanned_ <= largest_event_ && !discarding_line_) return;
  too_long_ = discarding_line_ = true;
  buffer_.clear();
  read_ = scanned_ = 0;
}

// True when the line ended an event, which is then in ready_name_ and ready_data_.
bool SseSplitter::take_line(std::string_view line) {
  if (at_start_ && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  at_start_ = false;
  if (line.empty()) return end_event();
  const auto colon = line.find(':');
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") {
    name_ = value.substr(0, 256);
  } else if (field == "data") {
    if (data_.size() + value.size() > largest_event_) {
      too_long_ = true;
    } else {
      if (has_data_) data_ += '\n';
      data_ += value;
    }
    has_data_ = true;
  }
  return false;
}

bool SseSplitter::end_event() {
  const bool whole = has_data_ && !too_long_;
  if (too_long_) ++skipped_;
  ready_name_.swap(name_);
  ready_data_.swap(data_);
  name_.clear();
  data_.clear();
  has_data_ = too_long_ = false;
  return whole;
}

}  // namespace sluice::dialect
