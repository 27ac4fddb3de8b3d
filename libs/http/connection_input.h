// Private to libs/http: the input buffer of one connection and the parser over it, for both roles.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "async/task.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/parser.h"
#include "net/stream.h"

namespace sluice::http {

class ConnectionInput {
 public:
  ConnectionInput(net::ByteStream& stream, Role role, std::size_t head_limit)
      : parser(role, head_limit), stream_(stream) {}

  // True when a head is complete; false at an orderly end before the first byte of one. `idle` bounds the wait for the
  // first byte, `head_time` the rest.
  Task<Result<bool>> read_head(Deadline idle, std::chrono::milliseconds head_time);
  // The next piece of the body, in the buffer until the next call; empty at the end.
  Task<Result<std::string_view>> read_piece(Deadline deadline);
  // A further piece that is in the buffer already, without waiting; empty when there is none. Earlier pieces stay
  // valid.
  std::string_view ready_piece();
  // Appends the rest of the body to `body`. Bodies with a length are received in place.
  Task<Result<void>> read_rest(std::string& body, std::size_t limit, std::chrono::milliseconds pause);

  [[nodiscard]] bool has_bytes() const noexcept { return begin_ != end_; }
  Parser parser;

 private:
  Task<Result<std::size_t>> receive(Deadline deadline);  // 0: end of stream
  [[nodiscard]] std::string_view bytes() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }
  void take(std::size_t count) noexcept;

  net::ByteStream& stream_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sluice::http
