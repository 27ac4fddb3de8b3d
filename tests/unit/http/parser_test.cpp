#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/parser.h"

namespace sluice::http {
namespace {

using testing::HasSubstr;

constexpr std::string_view get =
    "GET /v1/models?limit=2 HTTP/1.1\r\nHost: a.example\r\nX-Two:  b  \r\nx-two: c\r\n\r\n";

Result<std::size_t> feed(std::string_view text) {
  Parser parser(Role::request);
  return parser.feed_head(text);
}

ErrorCode refused(std::string_view text) {
  const auto outcome = feed(text);
  return outcome ? ErrorCode::internal : outcome.error().code;
}

// The body of a whole message, given in pieces of `step` bytes.
Result<std::string> body_in_pieces(Role role, std::string_view text, std::size_t step) {
  Parser parser(role);
  std::string buffer;
  std::string body;
  bool head = false;
  for (std::size_t at = 0; at < text.size(); at += step) {
    buffer.append(text.substr(at, step));
    if (!head) {
      auto taken = parser.feed_head(buffer);
      if (!taken) return fail(taken.error());
      if (*taken == 0) continue;
      buffer.erase(0, *taken);
      head = true;
    }
    while (!parser.done() && !buffer.empty()) {
      auto piece = parser.feed_body(buffer);
      if (!piece) return fail(piece.error());
      if (piece->consumed == 0) break;
      body.append(piece->data);
      buffer.erase(0, piece->consumed);
    }
  }
  if (!parser.done()) return fail(ErrorCode::connection_closed, "not done");
  return body;
}

TEST(Parser, KeepsOrderCaseAndValuesOfFields) {
  Parser parser(Role::request);
  ASSERT_EQ(parser.feed_head(get).value(), get.size());
  const RequestHead& head = parser.request();
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.target, "/v1/models?limit=2");
  EXPECT_EQ(head.path(), "/v1/models");
  EXPECT_EQ(head.query(), "limit=2");
  ASSERT_EQ(head.fields.size(), 3u);
  EXPECT_EQ(head.fields.at(1).name, "X-Two");
  EXPECT_EQ(head.fields.at(1).value, "b");
  EXPECT_EQ(head.fields.at(2).name, "x-two");
  EXPECT_TRUE(parser.done());
}

TEST(Parser, FindsTheHeadAtEveryCut) {
  for (std::size_t cut = 1; cut < get.size(); ++cut) {
    Parser parser(Role::request);
    ASSERT_EQ(parser.feed_head(get.substr(0, cut)).value(), 0u) << cut;
    ASSERT_EQ(parser.feed_head(get).value(), get.size()) << cut;
  }
}

TEST(Parser, ReadsALengthBodyInPiecesOfEverySize) {
  constexpr std::string_view text = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world";
  for (std::size_t step = 1; step <= text.size(); ++step)
    EXPECT_EQ(body_in_pieces(Role::request, text, step), "hello world");
}

TEST(Parser, ReadsAChunkedBodyInPiecesOfEverySize) {
  constexpr std::string_view text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: z\r\n\r\n";
  for (std::size_t step = 1; step <= text.size(); ++step)
    EXPECT_EQ(body_in_pieces(Role::response, text, step), "hello world") << step;
}

TEST(Parser, RefusesWhatSmugglersSend) {
  const std::string_view start = "POST / HTTP/1.1\r\nHost: a\r\n";
  for (const std::string_view fields :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", "Content-Length: +5\r\n\r\n", "Content-Length: 5 5\r\n\r\n",
        "Content-Length: -1\r\n\r\n", "Transfer-Encoding: gzip\r\n\r\n", "Transfer-Encoding: chunked, gzip\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "X : y\r\n\r\n", "X: y\r\n folded\r\n\r\n",
        "X: a\nY: b\r\n\r\n", "X: a\rb\r\n\r\n", "no colon\r\n\r\n", ": empty\r\n\r\n"})
    EXPECT_EQ(refused(std::string(start).append(fields)), ErrorCode::malformed) << fields;
}

TEST(Parser, RefusesBrokenChunks) {
  for (const std::string_view body :
       {"5\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n", "\r\n", "0x5\r\n",
        "ffffffffffffffffff\r\n", "5\r\nhelloworld", "5\r\nhello\rX", "0\r\n\rb", "0\r\nT: z\n\r\n", "5;a\nb\r\n"}) {
    const auto outcome = body_in_pieces(
        Role::request, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body), 1);
    EXPECT_EQ(outcome.error().code, ErrorCode::malformed) << body;
  }
  const std::string extensions =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(9000, 'x') + "\r\n";
  EXPECT_EQ(body_in_pieces(Role::request, extensions, 4096).error().code, ErrorCode::too_large);
}

TEST(Parser, RefusesWhatIsNotHttp) {
  EXPECT_EQ(refused("\x16\x03\x01 not http \r\n\r\n"), ErrorCode::malformed);
  EXPECT_EQ(refused("GET /\r\n\r\n"), ErrorCode::malformed);
  EXPECT_EQ(refused("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), ErrorCode::malformed);
  EXPECT_EQ(refused(std::string("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", 26)), ErrorCode::malformed);
}

TEST(Parser, BoundsTheHeadBeforeAndAfterItsEnd) {
  Parser parser(Role::request, 256);
  const std::string endless = "GET / HTTP/1.1\r\nX: " + std::string(300, 'x');
  EXPECT_EQ(parser.feed_head(endless).error().code, ErrorCode::too_large);
  Parser second(Role::request, 256);
  EXPECT_EQ(second.feed_head(endless + "\r\n\r\n").error().code, ErrorCode::too_large);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 201; ++i) many += "a: b\r\n";
  EXPECT_EQ(refused(many + "\r\n"), ErrorCode::too_large);
}

TEST(Parser, AnAnswerToHeadHasNoBody) {
  Parser parser(Role::response);
  parser.reset(Parser::Body::none);
  ASSERT_TRUE(parser.feed_head("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"));
  EXPECT_TRUE(parser.done());
}

TEST(Parser, AnAnswerWithoutFramingEndsWithTheConnection) {
  Parser parser(Role::response);
  ASSERT_TRUE(parser.feed_head("HTTP/1.1 200 OK\r\n\r\n"));
  EXPECT_EQ(parser.framing().kind, Framing::Kind::until_close);
  EXPECT_EQ(parser.feed_body("abc")->data, "abc");
  EXPECT_FALSE(parser.done());
  EXPECT_TRUE(parser.end_of_input());
  EXPECT_TRUE(parser.done());
}

TEST(Parser, ACutBodyIsAnError) {
  Parser parser(Role::response);
  ASSERT_TRUE(parser.feed_head("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"));
  ASSERT_TRUE(parser.feed_body("abc"));
  EXPECT_EQ(parser.end_of_input().error().code, ErrorCode::connection_closed);
}

TEST(Parser, StatusesWithoutABodyEndWithTheHead) {
  for (const std::string_view status : {"204 No Content", "304 Not Modified"}) {
    Parser parser(Role::response);
    ASSERT_TRUE(parser.feed_head("HTTP/1.1 " + std::string(status) + "\r\n\r\n"));
    EXPECT_TRUE(parser.done()) << status;
  }
}

}  // namespace
}  // namespace sluice::http
