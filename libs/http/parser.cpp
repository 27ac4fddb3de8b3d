#include "http/parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <limits>
#include <variant>

#include "http/chunked.h"

namespace sluice::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using Text = boost::beast::string_view;

constexpr std::size_t most_fields = 200;

std::string_view view(Text text) {
  return {text.data(), text.size()};
}

// Beast reads the head; bodies are counted by Parser::State or read by ChunkDecoder.
template <bool is_request>
class HeadReader final : public beast::basic_parser<is_request> {
 public:
  explicit HeadReader(std::size_t head_limit, bool no_body) {
    this->header_limit(static_cast<std::uint32_t>(head_limit));
    this->body_limit(boost::none);
    this->eager(false);
    if (no_body) this->skip(true);
  }

  RequestHead request;
  ResponseHead response;
  bool too_many_fields = false;
  std::size_t content_lengths = 0;
  std::size_t transfer_encodings = 0;

 private:
  Fields& fields() { return is_request ? request.fields : response.fields; }

  void on_request_impl(beast::verb, Text method, Text target, int version, error_code&) override {
    request.method = method;
    request.target = target;
    request.minor_version = version % 10;
    request.fields.reserve(24, 1024);
  }
  void on_response_impl(int status, Text reason, int version, error_code&) override {
    response.status = status;
    response.reason = reason;
    response.minor_version = version % 10;
    response.fields.reserve(24, 1024);
  }
  void on_field_impl(beast::field kind, Text name, Text value, error_code& error) override {
    if (fields().size() == most_fields) {
      too_many_fields = true;
      error = beast::make_error_code(beast::error::header_limit);
      return;
    }
    if (kind == beast::field::content_length) ++content_lengths;
    if (kind == beast::field::transfer_encoding) ++transfer_encodings;
    fields().add(view(name), view(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(Text body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, error_code&) override { return body.size(); }
  void on_finish_impl(error_code&) override {}
};

std::unexpected<Error> parse_error(const error_code& error, bool too_many) {
  if (too_many) return fail(ErrorCode::too_large, "the head has more than " + std::to_string(most_fields) + " fields");
  if (error == beast::error::header_limit) return fail(ErrorCode::too_large, "the head is larger than the limit");
  return fail(ErrorCode::malformed, "HTTP/1.1: " + error.message());
}

// RFC 9112 §5.2: a line folding is to be refused or replaced; Beast replaces, we refuse. A bare CR or LF inside a head
// is how requests are smuggled past a peer that splits there.
Result<void> check_lines(std::string_view head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (head[i] == '\n' && (i == 0 || head[i - 1] != '\r')) return fail(ErrorCode::malformed, "a bare LF in the head");
    if (head[i] == '\r' && (i + 1 == head.size() || head[i + 1] != '\n'))
      return fail(ErrorCode::malformed, "a bare CR in the head");
    if (head[i] == '\n' && i + 1 < head.size() && (head[i + 1] == ' ' || head[i + 1] == '\t'))
      return fail(ErrorCode::malformed, "a folded field in the head");
    if (head[i] == '\0') return fail(ErrorCode::malformed, "a NUL in the head");
  }
  return {};
}

}  // namespace

struct Parser::State {
  Role role = Role::request;
  std::size_t head_limit = default_head_limit;
  std::optional<std::variant<HeadReader<true>, HeadReader<false>>> reader;
  std::size_t looked_at = 0;  // bytes already searched for the end of the head
  bool head_done = false;
  Framing framing;
  std::uint64_t left = 0;  // of a body with a length
  ChunkDecoder chunks;
  bool done = false;

  template <bool is_request>
  HeadReader<is_request>& as() {
    return std::get<HeadReader<is_request>>(*reader);
  }
  template <class Function>
  auto with_reader(Function function) {
    return std::visit(function, *reader);
  }
  Result<void> settle_framing();
};

Result<void> Parser::State::settle_framing() {
  const Fields& fields = role == Role::request ? as<true>().request.fields : as<false>().response.fields;
  const auto lengths = with_reader([](auto& r) { return r.content_lengths; });
  const auto codings = with_reader([](auto& r) { return r.transfer_encodings; });
  const bool chunked = with_reader([](auto& r) { return r.chunked(); });
  const auto length = with_reader([](auto& r) { return r.content_length(); });
  if (lengths > 0 && codings > 0)
    return fail(ErrorCode::malformed, "both Content-Length and Transfer-Encoding (RFC 9112 §6.1)");
  if (lengths > 1) return fail(ErrorCode::malformed, "more than one Content-Length");
  if (codings > 0 && role == Role::request && !chunked)
    return fail(ErrorCode::malformed, "the last transfer coding of a request must be chunked (RFC 9112 §6.3)");
  if (codings > 1 || (chunked && !equal_ignoring_case(*fields.get("transfer-encoding"), "chunked")))
    return fail(ErrorCode::malformed, "transfer codings other than chunked are not supported");
  if (with_reader([](auto& r) { return r.is_done(); })) {
    framing = {};
    done = true;
  } else if (chunked) {
    framing.kind = Framing::Kind::chunked;
  } else if (length) {
    framing = {Framing::Kind::length, *length};
    left = *length;
    done = left == 0;
  } else {
    framing.kind = Framing::Kind::until_close;
  }
  return {};
}

Parser::Parser(Role role, std::size_t head_limit) : state_(std::make_unique<State>()) {
  state_->role = role;
  state_->head_limit = head_limit;
  reset();
}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

void Parser::reset(Body body) {
  State& state = *state_;
  const bool no_body = body == Body::none;
  state.reader.reset();
  if (state.role == Role::request)
    state.reader.emplace(std::in_place_type<HeadReader<true>>, state.head_limit, no_body);
  else
    state.reader.emplace(std::in_place_type<HeadReader<false>>, state.head_limit, no_body);
  state.looked_at = 0;
  state.head_done = state.done = false;
  state.framing = {};
  state.left = 0;
  state.chunks = {};
}

Result<std::size_t> Parser::feed_head(std::string_view input) {
  State& state = *state_;
  // RFC 9112 §2.2: a server ignores an empty line before the request line.
  std::size_t skipped = 0;
  while (state.role == Role::request && input.substr(skipped).starts_with("\r\n")) skipped += 2;
  if (skipped > 64) return fail(ErrorCode::malformed, "empty lines instead of a request");
  input.remove_prefix(skipped);

  const std::size_t from = state.looked_at > 3 ? state.looked_at - 3 : 0;
  const auto end = input.find("\r\n\r\n", from);
  if (end == std::string_view::npos) {
    state.looked_at = input.size();
    if (input.size() >= state.head_limit)
      return fail(ErrorCode::too_large, "the head is larger than " + std::to_string(state.head_limit) + " bytes");
    return std::size_t{0};
  }
  const std::string_view head = input.substr(0, end + 4);
  if (head.size() > state.head_limit)
    return fail(ErrorCode::too_large, "the head is larger than " + std::to_string(state.head_limit) + " bytes");
  Result<void> lines = check_lines(head);
  if (!lines) return fail(lines.error());

  error_code error;
  const std::size_t consumed = state.with_reader(
      [&](auto& reader) { return reader.put(boost::asio::const_buffer(head.data(), head.size()), error); });
  if (error) return parse_error(error, state.with_reader([](auto& r) { return r.too_many_fields; }));
  if (consumed != head.size() || !state.with_reader([](auto& r) { return r.is_header_done(); }))
    return fail(ErrorCode::malformed, "HTTP/1.1: the head does not end where it should");
  Result<void> settled = state.settle_framing();
  if (!settled) return fail(settled.error());
  state.head_done = true;
  return skipped + consumed;
}

RequestHead& Parser::request() noexcept {
  return state_->as<true>().request;
}
ResponseHead& Parser::response() noexcept {
  return state_->as<false>().response;
}
Framing Parser::framing() const noexcept {
  return state_->framing;
}
bool Parser::done() const noexcept {
  return state_->done;
}

Result<Parser::Piece> Parser::feed_body(std::string_view input) {
  State& state = *state_;
  if (state.done || input.empty()) return Piece{};
  switch (state.framing.kind) {
    case Framing::Kind::none:
      return Piece{};
    case Framing::Kind::length: {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), state.left));
      state.left -= count;
      state.done = state.left == 0;
      return Piece{count, input.substr(0, count)};
    }
    case Framing::Kind::until_close:
      return Piece{input.size(), input};
    case Framing::Kind::chunked:
      break;
  }
  Result<ChunkDecoder::Step> step = state.chunks.feed(input);
  if (!step) return fail(step.error());
  state.done = state.chunks.done();
  return Piece{step->consumed, step->data};
}

Result<void> Parser::end_of_input() {
  State& state = *state_;
  if (state.done) return {};
  if (state.head_done && state.framing.kind == Framing::Kind::until_close) {
    state.done = true;
    return {};
  }
  return fail(ErrorCode::connection_closed, "the connection ended in the middle of a message");
}

}  // namespace sluice::http
