// A text/event-stream cut into its events, each with the very bytes it came in (WHATWG HTML §9.2.6): what is not
// changed goes on as it was, line ends, comments and unknown fields included. Pure; threads: one at a time.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/request.h"

namespace sluice::guard {

struct SseFrame {
  std::string raw;   // up to and including the empty line that ends it
  std::string name;  // of the event, empty when there is none
  std::string data;  // its data lines, joined by LF; empty for comments
  // Where in `raw` a part of `data` stands. JSON strings hold no line ends, so a string lies within one data line.
  [[nodiscard]] dialect::ByteSpan raw_span(dialect::ByteSpan in_data) const;

  struct Line {
    std::size_t data = 0, raw = 0;  // where a data line's value begins
  };
  std::vector<Line> lines;
};

class SseFrames {
 public:
  static constexpr std::size_t largest_frame = 8 * 1024 * 1024;

  void feed(std::string_view bytes) { buffer_.append(bytes); }
  // The next whole event.
  std::optional<SseFrame> next();
  // What is left when the stream is over: an event without its empty line.
  std::optional<SseFrame> rest();
  // More than largest_frame bytes without an end of an event: this is no event stream. take() gives them back.
  [[nodiscard]] bool too_long() const noexcept { return buffer_.size() > largest_frame; }
  [[nodiscard]] std::string take();
  [[nodiscard]] std::size_t waiting_bytes() const noexcept { return buffer_.size(); }

 private:
  [[nodiscard]] std::optional<std::size_t> line_end(std::size_t from) const;
  SseFrame frame(std::size_t size);
  std::string buffer_;
  std::size_t line_ = 0;     // where the line begins that is looked at
  std::size_t scanned_ = 0;  // how far it holds no line end
  bool at_start_ = true;
};

}  // namespace sluice::guard
