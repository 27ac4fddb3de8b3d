#include "http/chunked.h"

#include <algorithm>

namespace sluice::http {
namespace {

constexpr std::size_t overhead_limit = 8 * 1024;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::unexpected<Error> broken(const char* what) {
  return fail(ErrorCode::malformed, std::string("chunked body: ") + what);
}

}  // namespace

Result<void> ChunkDecoder::take_size_digit(char c) {
  const int digit = hex_digit(c);
  if (digit >= 0) {
    if (left_ >> 59 != 0) return broken("a chunk size that is too large");
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    state_ = State::size;
  } else if (state_ == State::size_first) {
    return broken("no chunk size where one must stand");
  } else if (c == '\r') {
    state_ = State::size_lf;
  } else if (c == ';') {
    state_ = State::extension;
  } else {
    return broken("a chunk size that is not hexadecimal");
  }
  return {};
}

// One byte of everything but data.
Result<void> ChunkDecoder::take_control(char c) {
  switch (state_) {
    case State::size_first:
    case State::size:
      return take_size_digit(c);
    case State::extension:
    case State::trailer:
      if (++overhead_ > overhead_limit) return fail(ErrorCode::too_large, "chunk extensions or trailers over 8 KiB");
      if (c == '\n' || c == '\0') return broken("a bare LF or NUL");
      if (c == '\r') state_ = state_ == State::extension ? State::size_lf : State::trailer_lf;
      return {};
    case State::size_lf:
      if (c != '\n') return broken("CR without LF after a chunk size");
      state_ = left_ == 0 ? State::trailer_start : State::data;
      return {};
    case State::data_cr:
      if (c != '\r') return broken("a chunk that is longer than its size");
      state_ = State::data_lf;
      return {};
    case State::data_lf:
      if (c != '\n') return broken("CR without LF after a chunk");
      state_ = State::size_first;
      return {};
    case State::trailer_start:
      if (c == '\n' || c == '\0') return broken("a bare LF or NUL");
      if (++overhead_ > overhead_limit) return fail(ErrorCode::too_large, "chunk extensions or trailers over 8 KiB");
      state_ = c == '\r' ? State::end_lf : State::trailer;
      return {};
    case State::trailer_lf:
      if (c != '\n') return broken("CR without LF after a trailer");
      state_ = State::trailer_start;
      return {};
    case State::end_lf:
      if (c != '\n') return broken("CR without LF at the end");
      state_ = State::done;
      return {};
    case State::data:
    case State::done:
      break;
  }
  return {};
}

Result<ChunkDecoder::Step> ChunkDecoder::feed(std::string_view input) {
  Step step;
  while (step.consumed < input.size() && state_ != State::done) {
    if (state_ == State::data) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - step.consumed));
      step.data = input.substr(step.consumed, count);
      step.consumed += count;
      left_ -= count;
      if (left_ == 0) state_ = State::data_cr;
      // The CRLF after the data and the next head are left for the next call.
      return step;
    }
    Result<void> taken = take_control(input[step.consumed]);
    if (!taken) return fail(taken.error());
    ++step.consumed;
  }
  return step;
}

}  // namespace sluice::http
