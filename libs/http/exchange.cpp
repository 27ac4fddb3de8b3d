#include "http/exchange.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace sluice::http {
namespace {

std::string_view chunk_head(std::array<char, 24>& space, std::size_t size) {
  auto end = std::to_chars(space.data(), space.data() + 18, size, 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  return {space.data(), static_cast<std::size_t>(end - space.data())};
}

}  // namespace

ServerExchange::ServerExchange(net::ByteStream& stream, ConnectionInput& input, const Limits& limits)
    : stream_(stream),
      input_(input),
      limits_(limits),
      head_(std::move(input.parser.request())),
      read_at_(steady_now()) {
  keep_ = head_.keep_alive();
  expects_continue_ = head_.minor_version >= 1 && head_.fields.has_token("expect", "100-continue");
}

void ServerExchange::note_end_of_request() noexcept {
  if (input_.parser.done()) read_at_ = steady_now();
}

Task<Result<void>> ServerExchange::send_continue() {
  expects_continue_ = false;
  Result<void> sent = co_await stream_.write_text("HTTP/1.1 100 Continue\r\n\r\n", in(limits_.body_time));
  co_return sent;
}

Task<Result<std::string_view>> ServerExchange::read_body() {
  if (expects_continue_ && !input_.parser.done() && !input_.has_bytes()) {
    Result<void> sent = co_await send_continue();
    if (!sent) co_return fail(sent.error());
  }
  const bool open = !input_.parser.done();
  Result<std::string_view> piece = co_await input_.read_piece(in(limits_.body_time));
  if (open) note_end_of_request();
  co_return piece;
}

Task<Result<std::string>> ServerExchange::read_whole_body(std::size_t limit) {
  std::string body;
  const Framing framing = input_.parser.framing();
  if (framing.kind == Framing::Kind::length && framing.length > limit)
    co_return fail(ErrorCode::too_large, "the body is larger than " + std::to_string(limit) + " bytes");
  if (input_.parser.done()) co_return body;
  if (expects_continue_ && !input_.has_bytes()) {
    Result<void> sent = co_await send_continue();
    if (!sent) co_return fail(sent.error());
  }
  Result<void> read = co_await input_.read_rest(body, limit, limits_.body_time);
  if (!read) co_return fail(read.error());
  note_end_of_request();
  co_return body;
}

Task<Result<void>> ServerExchange::drain_body(std::size_t limit) {
  // A client that still waits for "100 Continue" has sent nothing and need not.
  if (expects_continue_ && !input_.has_bytes()) {
    keep_ = false;
    co_return Result<void>();
  }
  std::size_t dropped = 0;
  while (!input_.parser.done()) {
    Result<std::string_view> piece = co_await input_.read_piece(in(limits_.body_time));
    if (!piece) co_return fail(piece.error());
    dropped += piece->size();
    if (dropped > limit) co_return fail(ErrorCode::too_large, "the body is larger than what is drained");
  }
  co_return Result<void>();
}

Result<std::string> ServerExchange::prepare(ResponseHead& head) {
  if (!input_.parser.done()) keep_ = false;  // an unread body cannot be told from the next request
  if (!keep_ && !head.fields.has_token("connection", "close")) head.fields.set("connection", "close");
  return serialise(head);
}

Task<Result<void>> ServerExchange::respond(ResponseHead head, std::string_view body) {
  if (stage_ != Stage::before) co_return fail(ErrorCode::internal, "the answer was already sent");
  const bool no_content = head.status == 204 || head.status == 304 || head.status < 200;
  head.fields.remove("transfer-encoding");
  if (no_content)
    head.fields.remove("content-length");
  else if (head_.method != "HEAD" || !head.fields.get("content-length"))
    head.fields.set("content-length", std::to_string(body.size()));
  Result<std::string> text = prepare(head);
  if (!text) co_return fail(text.error());
  stage_ = Stage::finished;
  if (no_content || head_.method == "HEAD") body = {};
  const std::array<std::string_view, 2> pieces{*text, body};
  Result<void> sent = co_await stream_.write(pieces, in(limits_.body_time));
  if (!sent) keep_ = false;
  co_return sent;
}

Task<Result<void>> ServerExchange::start_response(ResponseHead head, std::string_view first) {
  if (stage_ != Stage::before) co_return fail(ErrorCode::internal, "the answer was already started");
  bodyless_ = head_.method == "HEAD" || head.status == 204 || head.status == 304;
  chunked_ = head.fields.has_token("transfer-encoding", "chunked");
  const std::optional<std::string_view> length = head.fields.get("content-length");
  if (!chunked_ && length) {
    std::uint64_t value = 0;
    std::from_chars(length->data(), length->data() + length->size(), value);
    left_ = value;
  }
  if (chunked_ && head_.minor_version == 0) {
    head.fields.remove("transfer-encoding");
    chunked_ = false;
    keep_ = false;
  } else if (!chunked_ && !length && !bodyless_) {
    chunked_ = head_.minor_version >= 1;
    if (chunked_)
      head.fields.add("transfer-encoding", "chunked");
    else
      keep_ = false;
  }
  if (bodyless_) chunked_ = false;
  Result<std::string> text = prepare(head);
  if (!text) co_return fail(text.error());
  stage_ = Stage::streaming;
  if (bodyless_ || first.empty()) {
    Result<void> sent = co_await stream_.write_text(*text, in(limits_.body_time));
    if (!sent) keep_ = false;
    co_return sent;
  }
  std::array<char, 24> space{};
  if (left_) *left_ -= std::min<std::uint64_t>(*left_, first.size());
  const std::array<std::string_view, 4> pieces{*text, chunked_ ? chunk_head(space, first.size()) : std::string_view(),
                                               first, chunked_ ? std::string_view("\r\n") : std::string_view()};
  Result<void> sent = co_await stream_.write(pieces, in(limits_.body_time));
  if (!sent) keep_ = false;
  co_return sent;
}

Task<Result<void>> ServerExchange::write_body(std::string_view piece) {
  if (stage_ != Stage::streaming) co_return fail(ErrorCode::internal, "no answer is being sent");
  if (piece.empty() || bodyless_) co_return Result<void>();
  if (left_) {
    if (piece.size() > *left_) co_return fail(ErrorCode::internal, "the body is longer than its Content-Length");
    *left_ -= piece.size();
  }
  std::array<char, 24> space{};
  Result<void> sent;
  if (chunked_) {
    const std::array<std::string_view, 3> pieces{chunk_head(space, piece.size()), piece, "\r\n"};
    sent = co_await stream_.write(pieces, in(limits_.body_time));
  } else {
    sent = co_await stream_.write_text(piece, in(limits_.body_time));
  }
  if (!sent) keep_ = false;
  co_return sent;
}

Task<Result<void>> ServerExchange::finish_response(std::string_view last) {
  if (stage_ != Stage::streaming) co_return fail(ErrorCode::internal, "no answer is being sent");
  if (!last.empty() && (!chunked_ || bodyless_)) {
    Result<void> written = co_await write_body(last);
    if (!written) co_return written;
    last = {};
  }
  if (left_ && *left_ != 0 && !bodyless_) {
    abort();
    co_return fail(ErrorCode::internal, "the body is shorter than its Content-Length");
  }
  stage_ = Stage::finished;
  if (!chunked_) co_return Result<void>();
  std::array<char, 24> space{};
  const bool some = !last.empty();
  const std::array<std::string_view, 3> pieces{some ? chunk_head(space, last.size()) : std::string_view(), last,
                                               some ? "\r\n0\r\n\r\n" : "0\r\n\r\n"};
  Result<void> sent = co_await stream_.write(pieces, in(limits_.body_time));
  if (!sent) keep_ = false;
  co_return sent;
}

void ServerExchange::abort() noexcept {
  keep_ = false;
  aborted_ = true;
  stage_ = Stage::finished;
  stream_.close();
}

bool ServerExchange::reusable() const noexcept {
  return keep_ && stage_ == Stage::finished && input_.parser.done();
}

}  // namespace sluice::http
