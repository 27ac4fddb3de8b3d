// The events of a text/event-stream with their own bytes (WHATWG HTML §9.2.6), so that what is not changed goes on as
// it came: names, ids, comments, line ends, data in several lines. Private to libs/guard. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::guard {

struct SseFrame {
  enum class Kind : std::uint8_t {
    event,      // an event with data, its blank line included
    passing,    // comments, blank lines, an event without data: nothing that a client reads as text
    foreign,    // lines that no event stream has
    too_large,  // the beginning of an event beyond the limit; what follows of it comes as `rest`
    rest,
  };
  Kind kind = Kind::passing;
  std::string raw = {};   // its bytes
  std::string name = {};  // of the event
  std::string data = {};  // the lines of data, joined by LF
  // Where the data's lines stand: data offset → raw offset, ascending.
  struct Line {
    std::size_t data = 0, raw = 0;
  };
  std::vector<Line> lines = {};
  [[nodiscard]] std::size_t raw_offset(std::size_t data_offset) const noexcept;
};

// The raw bytes of all frames together are the bytes that were fed, however they were cut.
class SseFrames {
 public:
  explicit SseFrames(std::size_t largest_event) : largest_event_(largest_event) {}
  void feed(std::string_view bytes);
  std::optional<SseFrame> next();
  // The stream has ended: what is left of it, an event that lacks its blank line perhaps.
  std::optional<SseFrame> rest();
  [[nodiscard]] std::size_t buffered() const noexcept { return buffer_.size() - taken_ + frame_.raw.size(); }

 private:
  std::optional<std::size_t> line_end() const;
  void take_line(std::string_view line, std::size_t raw_begin);
  SseFrame handed_over(SseFrame::Kind kind);

  std::size_t largest_event_;
  std::string buffer_;
  std::size_t taken_ = 0;    // of buffer_
  std::size_t scanned_ = 0;  // behind taken_: known to hold no line end
  SseFrame frame_;           // of the event that is being read
  bool has_data_ = false, has_field_ = false, foreign_ = false, after_cr_ = false, at_start_ = true;
  bool skipping_ = false, in_line_ = false;  // of an event that is too large, and within a line of it
};

}  // namespace sluice::guard
