// Token usage, observed in responses that are forwarded as they came. Nothing here changes or delays a byte.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dialect/dialect.h"

namespace sluice::dialect {

// Tokens by category. `input` excludes what was read from or written to the provider's cache, in every dialect
// (OpenAI counts cached tokens inside its input number: they are taken out here).
struct Usage {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  bool reported = false;  // false: the provider did not say; the zeros then mean "unknown"
  bool operator==(const Usage&) const = default;
};

// Usage of a whole, decoded JSON response body. A body without usage is not an error: `reported` stays false.
Usage usage_of_body(Operation operation, std::string_view body);

// Splits a text/event-stream into events (WHATWG HTML §9.2.6): LF, CRLF and CR line ends, multi-line data joined by
// LF, comments and unknown fields skipped, a byte order mark at the start skipped. Bytes may arrive in any pieces.
// An event longer than the limit is skipped whole and counted.
class SseSplitter {
 public:
  struct Event {
    std::string_view name;  // empty when the stream gave none
    std::string_view data;
  };
  explicit SseSplitter(std::size_t largest_event = 8 * 1024 * 1024) : largest_event_(largest_event) {}

  // Feeds bytes; `next()` then yields the events they completed. Views are valid until the next call of either.
  void feed(std::string_view bytes);
  std::optional<Event> next();
  [[nodiscard]] std::uint64_t skipped_events() const noexcept { return skipped_; }

 private:
  [[nodiscard]] std::size_t line_end() const;
  void keep_open_line();
  bool take_line(std::string_view line);
  bool end_event();
  std::size_t largest_event_;
  std::string buffer_;       // bytes not yet taken as lines; an open line is bounded by largest_event_
  std::size_t read_ = 0;     // how much of buffer_ was taken
  std::size_t scanned_ = 0;  // how much of the open line holds no line end
  std::string name_, data_;  // of the event that is being read; data_ is bounded by largest_event_
  std::string ready_name_, ready_data_;
  bool has_data_ = false, too_long_ = false, discarding_line_ = false, after_cr_ = false, at_start_ = true;
  std::uint64_t skipped_ = 0;
};

enum class StreamEnd : std::uint8_t {
  open,    // no end event yet: the stream was cut if the connection closes now
  clean,   // [DONE], message_stop, response.completed or response.incomplete, a Gemini finishReason
  failed,  // the provider reported an error inside the stream
};

// Watches a streamed response. Events that cannot hold usage or an end are not parsed. Threads: one.
class StreamWatcher {
 public:
  explicit StreamWatcher(Operation operation);
  ~StreamWatcher();
  StreamWatcher(StreamWatcher&&) noexcept;
  StreamWatcher& operator=(StreamWatcher&&) noexcept;

  void feed(std::string_view bytes);  // decoded body bytes, in any pieces
  [[nodiscard]] const Usage& usage() const noexcept;
  [[nodiscard]] StreamEnd end() const noexcept;
  [[nodiscard]] std::uint64_t events() const noexcept;
  [[nodiscard]] const std::string& error_text() const noexcept;  // the provider's words when end() is failed

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::dialect
