#include <array>
#include <charconv>

#include "http/connection.h"
#include "http/connection_input.h"

namespace sluice::http {

struct ClientConnection::State {
  State(net::StreamPtr owned, Limits bounds)
      : stream(std::move(owned)), limits(bounds), input(*stream, Role::response, bounds.head) {}
  net::StreamPtr stream;
  Limits limits;
  ConnectionInput input;
  bool chunked = false;
  bool sent = false;  // the request went out whole
  bool failed = false;
  bool keep = false;  // as the response says
};

ClientConnection::ClientConnection(net::StreamPtr stream, Limits limits)
    : state_(std::make_unique<State>(std::move(stream), limits)) {}
ClientConnection::~ClientConnection() = default;
ClientConnection::ClientConnection(ClientConnection&&) noexcept = default;

namespace {

std::string chunk_line(std::size_t size) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  return std::string(digits.data(), end) + "\r\n";
}

}  // namespace

Task<Result<void>> ClientConnection::send(const RequestHead& head, std::string_view body, Deadline deadline) {
  State& state = *state_;
  state.input.parser.reset(head.method == "HEAD" ? Parser::Body::none : Parser::Body::as_framed);
  state.sent = state.keep = false;
  state.failed = true;
  Result<std::string> text = serialise(head);
  if (!text) co_return fail(text.error());
  Result<void> done;
  if (head.fields.has_token("transfer-encoding", "chunked")) {
    const std::string line = chunk_line(body.size());
    const bool some = !body.empty();
    const std::array<std::string_view, 4> pieces{
        *text, some ? std::string_view(line) : std::string_view(), body,
        some ? std::string_view("\r\n0\r\n\r\n") : std::string_view("0\r\n\r\n")};
    done = co_await state.stream->write(pieces, deadline);
  } else {
    if (!body.empty() && !head.fields.get("content-length")) {
      text->resize(text->size() - 2);
      text->append("content-length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    }
    const std::array<std::string_view, 2> pieces{*text, body};
    done = co_await state.stream->write(pieces, deadline);
  }
  state.failed = !done;
  state.sent = done.has_value();
  co_return done;
}

Task<Result<void>> ClientConnection::send_head(const RequestHead& head, Deadline deadline) {
  State& state = *state_;
  state.input.parser.reset(head.method == "HEAD" ? Parser::Body::none : Parser::Body::as_framed);
  state.sent = state.keep = false;
  state.failed = true;
  state.chunked = head.fields.has_token("transfer-encoding", "chunked");
  Result<std::string> text = serialise(head);
  if (!text) co_return fail(text.error());
  Result<void> done = co_await state.stream->write_text(*text, deadline);
  state.failed = !done;
  co_return done;
}

Task<Result<void>> ClientConnection::send_body(std::string_view piece, Deadline deadline) {
  State& state = *state_;
  if (piece.empty()) co_return Result<void>();
  Result<void> done;
  if (state.chunked) {
    const std::string line = chunk_line(piece.size());
    const std::array<std::string_view, 3> pieces{line, piece, "\r\n"};
    done = co_await state.stream->write(pieces, deadline);
  } else {
    done = co_await state.stream->write_text(piece, deadline);
  }
  if (!done) state.failed = true;
  co_return done;
}

Task<Result<void>> ClientConnection::finish_body(Deadline deadline) {
  State& state = *state_;
  Result<void> done;
  if (state.chunked) done = co_await state.stream->write_text("0\r\n\r\n", deadline);
  if (!done) state.failed = true;
  state.sent = done.has_value();
  co_return done;
}

Task<Result<ResponseHead>> ClientConnection::read_head(Deadline deadline) {
  State& state = *state_;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline == no_deadline ? std::chrono::hours(24) : deadline - steady_now());
    Result<bool> got = co_await state.input.read_head(deadline, left);
    if (!got || !*got) {
      state.failed = true;
      if (!got) co_return fail(got.error());
      co_return fail(ErrorCode::connection_closed, "the upstream closed the connection without an answer");
    }
    ResponseHead head = std::move(state.input.parser.response());
    if (head.status >= 200 || head.status == 101) {
      const Framing::Kind kind = state.input.parser.framing().kind;
      state.keep = head.minor_version >= 1 && !head.fields.has_token("connection", "close") &&
                   kind != Framing::Kind::until_close && head.status != 101;
      co_return head;
    }
    state.input.parser.reset();
  }
}

Task<Result<std::string_view>> ClientConnection::read_body(Deadline deadline) {
  Result<std::string_view> piece = co_await state_->input.read_piece(deadline);
  if (!piece) state_->failed = true;
  co_return piece;
}

std::string_view ClientConnection::ready_body() {
  return state_->input.ready_piece();
}

bool ClientConnection::body_done() const noexcept {
  return state_->input.parser.done();
}

Task<Result<std::string>> ClientConnection::read_whole_body(std::size_t limit, Deadline deadline) {
  std::string body;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline == no_deadline ? std::chrono::hours(24) : deadline - steady_now());
  Result<void> done = co_await state_->input.read_rest(body, limit, left);
  if (!done) {
    state_->failed = true;
    co_return fail(done.error());
  }
  co_return body;
}

Framing ClientConnection::framing() const noexcept {
  return state_->input.parser.framing();
}

bool ClientConnection::reusable() const noexcept {
  return state_ && state_->sent && !state_->failed && state_->keep && state_->input.parser.done() &&
         !state_->input.has_bytes();
}

bool ClientConnection::stale() noexcept {
  return state_->stream->stale();
}

void ClientConnection::close() noexcept {
  state_->failed = true;
  state_->stream->close();
}

net::ByteStream& ClientConnection::stream() noexcept {
  return *state_->stream;
}

}  // namespace sluice::http
