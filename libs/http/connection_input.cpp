#include "http/connection_input.h"

#include <algorithm>
#include <cstring>

namespace sluice::http {
namespace {

constexpr std::size_t first_capacity = 16 * 1024;

}  // namespace

void ConnectionInput::take(std::size_t count) noexcept {
  begin_ += count;
  if (begin_ == end_) begin_ = end_ = 0;
}

Task<Result<std::size_t>> ConnectionInput::receive(Deadline deadline) {
  if (!buffer_) {
    buffer_ = std::make_unique<char[]>(first_capacity);
    capacity_ = first_capacity;
  }
  if (end_ == capacity_) {
    if (begin_ > 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    } else {
      auto larger = std::make_unique<char[]>(capacity_ * 2);
      std::memcpy(larger.get(), buffer_.get(), end_);
      buffer_ = std::move(larger);
      capacity_ *= 2;
    }
  }
  Result<std::size_t> got = co_await stream_.read_some({buffer_.get() + end_, capacity_ - end_}, deadline);
  if (got) end_ += *got;
  co_return got;
}

Task<Result<bool>> ConnectionInput::read_head(Deadline idle, std::chrono::milliseconds head_time) {
  Deadline deadline = idle;
  bool begun = false;
  for (;;) {
    if (has_bytes()) {
      Result<std::size_t> taken = parser.feed_head(bytes());
      if (!taken) co_return fail(taken.error());
      if (*taken > 0) {
        take(*taken);
        co_return true;
      }
      if (!begun) deadline = in(head_time);
      begun = true;
    }
    Result<std::size_t> got = co_await receive(deadline);
    if (!got) co_return fail(got.error());
    if (*got == 0 && !begun) co_return false;
    if (*got == 0) co_return fail(ErrorCode::connection_closed, "the connection ended in the middle of a head");
  }
}

Task<Result<std::string_view>> ConnectionInput::read_piece(Deadline deadline) {
  while (!parser.done()) {
    if (has_bytes()) {
      const std::string_view input = bytes();
      Result<Parser::Piece> piece = parser.feed_body(input);
      if (!piece) co_return fail(piece.error());
      // Views into the buffer stay valid: nothing is moved before the next receive().
      begin_ += piece->consumed;
      if (!piece->data.empty()) co_return piece->data;
      if (piece->consumed > 0) continue;
    }
    if (begin_ == end_) begin_ = end_ = 0;
    Result<std::size_t> got = co_await receive(deadline);
    if (!got) co_return fail(got.error());
    if (*got == 0) {
      Result<void> ended = parser.end_of_input();
      if (!ended) co_return fail(ended.error());
    }
  }
  if (begin_ == end_) begin_ = end_ = 0;
  co_return std::string_view();
}

std::string_view ConnectionInput::ready_piece() {
  while (!parser.done() && has_bytes()) {
    const Result<Parser::Piece> piece = parser.feed_body(bytes());
    if (!piece || piece->consumed == 0) break;  // read_piece() meets the error again, or receives more
    begin_ += piece->consumed;
    if (!piece->data.empty()) return piece->data;
  }
  return {};
}

Task<Result<void>> ConnectionInput::read_rest(std::string& body, std::size_t limit, std::chrono::milliseconds pause) {
  const Framing framing = parser.framing();
  if (framing.kind == Framing::Kind::length) {
    if (framing.length > limit)
      co_return fail(ErrorCode::too_large, "the body is larger than " + std::to_string(limit) + " bytes");
    if (body.empty()) body.reserve(framing.length);
  }
  while (!parser.done()) {
    if (framing.kind == Framing::Kind::length && !has_bytes()) {
      // Straight into the body: no copy for large ones. Grown by what came, so that a length alone costs no memory.
      const std::size_t have = body.size();
      const std::size_t room = std::min<std::size_t>(framing.length - have, 256 * 1024);
      body.resize(have + room);
      Result<std::size_t> got = co_await stream_.read_some({body.data() + have, room}, in(pause));
      body.resize(have + (got ? *got : 0));
      if (!got) co_return fail(got.error());
      if (*got == 0) co_return fail(ErrorCode::connection_closed, "the connection ended in the middle of a body");
      Result<Parser::Piece> counted = parser.feed_body(std::string_view(body).substr(have));
      if (!counted) co_return fail(counted.error());
      continue;
    }
    Result<std::string_view> piece = co_await read_piece(in(pause));
    if (!piece) co_return fail(piece.error());
    if (body.size() + piece->size() > limit)
      co_return fail(ErrorCode::too_large, "the body is larger than " + std::to_string(limit) + " bytes");
    body.append(*piece);
  }
  co_return Result<void>();
}

}  // namespace sluice::http
