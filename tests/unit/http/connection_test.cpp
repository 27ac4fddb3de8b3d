// Server and client over in-memory pipes that deliver in pieces of n bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/event_loop.h"
#include "async/task_group.h"
#include "http/pool.h"
#include "http/server.h"

namespace sluice::http {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

Task<void> echo(Exchange& exchange) {
  Result<std::string> body = co_await exchange.read_whole_body(1000);
  if (!body) {
    Result<void> sent = co_await exchange.respond(error_head(body.error()), error_body(body.error()));
    static_cast<void>(sent);
    co_return;
  }
  ResponseHead head;
  head.fields.add("x-target", exchange.request().target);
  Result<void> sent = co_await exchange.respond(std::move(head), *body);
  EXPECT_TRUE(sent);
}

Task<void> stream_three(Exchange& exchange) {
  Result<void> done = co_await exchange.start_response(ResponseHead{}, "one,");
  for (const std::string_view piece : {"two,", "three"}) {
    if (done) done = co_await exchange.write_body(piece);
  }
  if (done) done = co_await exchange.finish_response(",end");
  EXPECT_TRUE(done);
}

Task<void> start_and_forget(Exchange& exchange) {
  Result<void> done = co_await exchange.start_response(ResponseHead{}, "half");
  EXPECT_TRUE(done);
}

Task<void> ignore(Exchange&) {
  co_return;
}

Task<void> converse(net::ByteStream* stream, std::string input, std::string* output) {
  Result<void> sent = co_await stream->write_text(input, in(5s));
  if (sent) sent = co_await stream->finish_writing(in(5s));
  std::array<char, 512> space{};
  for (;;) {
    Result<std::size_t> got = co_await stream->read_some(space, in(5s));
    if (!got || *got == 0) co_return;
    output->append(space.data(), *got);
  }
}

// What a server with this handler sends back for `input`.
std::string answer(Task<void> (*handler)(Exchange&), std::string input, std::size_t piece = 65536) {
  struct Steps {
    static Task<void> run(Task<void> (*handler)(Exchange&), std::string input, std::size_t piece, std::string* output) {
      net::PipePair pipe = net::make_pipe(piece);
      ServerOptions options;
      options.handler = [handler](Exchange& exchange) { return handler(exchange); };
      co_await async::both(serve_connection(std::move(pipe.left), options),
                           converse(pipe.right.get(), std::move(input), output));
    }
  };
  std::string output;
  async::run_to_end(Steps::run(handler, std::move(input), piece, &output));
  return output;
}

TEST(Server, AnswersPipelinedRequestsInOrderWhateverThePieces) {
  const std::string two =
      "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n";
  const std::string whole = answer(echo, two);
  EXPECT_THAT(
      whole,
      StartsWith("HTTP/1.1 200 OK\r\nx-target: /a\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nx-target: /b"));
  EXPECT_THAT(whole, EndsWith("\r\n\r\nde"));
  for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_EQ(answer(echo, two, piece), whole) << piece;
}

TEST(Server, StreamsInChunksToNewClientsAndUntilCloseToOldOnes) {
  EXPECT_THAT(answer(stream_three, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
              EndsWith("\r\n\r\n4\r\none,\r\n4\r\ntwo,\r\n5\r\nthree\r\n4\r\n,end\r\n0\r\n\r\n"));
  const std::string old = answer(stream_three, "GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old, EndsWith("connection: close\r\n\r\none,two,three,end"));
}

TEST(Server, AStreamThatWasNotFinishedDoesNotLookComplete) {
  EXPECT_THAT(answer(start_and_forget, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("4\r\nhalf\r\n"));
}

TEST(Server, AnUnansweredRequestGetsA500) {
  EXPECT_THAT(answer(ignore, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 500 "));
}

TEST(Server, MalformedInputIsToldWhatIsWrong) {
  const std::string text =
      answer(echo, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_THAT(text, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(text, HasSubstr("connection: close"));
  EXPECT_THAT(text, HasSubstr("\"code\":\"malformed\""));
  EXPECT_THAT(answer(echo, "GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x')), StartsWith("HTTP/1.1 431 "));
}

TEST(Server, ABodyOverTheLimitIsRefusedBeforeItIsRead) {
  const std::string text =
      answer(echo, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'));
  EXPECT_THAT(text, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(text, HasSubstr("connection: close"));
}

TEST(Server, SaysContinueToAClientThatWaitsForIt) {
  struct Steps {
    static Task<void> client(net::ByteStream* stream, std::string* seen) {
      const std::string head = "POST /w HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
      Result<void> sent = co_await stream->write_text(head, in(5s));
      std::array<char, 512> space{};
      Result<std::size_t> got = co_await stream->read_some(space, in(5s));
      if (got) seen->append(space.data(), *got);
      sent = co_await stream->write_text("ok", in(5s));
      got = co_await stream->read_some(space, in(5s));
      if (got) seen->append(space.data(), *got);
      stream->close();
    }
    static Task<void> run(std::string* seen) {
      net::PipePair pipe = net::make_pipe();
      ServerOptions options;
      options.handler = [](Exchange& exchange) { return echo(exchange); };
      co_await async::both(serve_connection(std::move(pipe.left), options), client(pipe.right.get(), seen));
    }
  };
  std::string seen;
  async::run_to_end(Steps::run(&seen));
  EXPECT_THAT(seen, StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(seen, EndsWith("ok"));
}

Task<void> call(ClientConnection* client, std::string method, std::string body, std::string* out) {
  RequestHead head{std::move(method), "/c", 1, {{"host", "h"}}};
  Result<void> sent = co_await client->send(head, body, in(5s));
  if (!sent) {
    *out = sent.error().message();
    co_return;
  }
  Result<ResponseHead> answer = co_await client->read_head(in(5s));
  if (!answer) {
    *out = answer.error().message();
    co_return;
  }
  Result<std::string> text = co_await client->read_whole_body(100'000, in(5s));
  *out = std::to_string(answer->status) + " " + (text ? *text : text.error().message());
}

TEST(Client, ReusesAConnectionAfterEachCompleteAnswer) {
  struct Steps {
    static Task<void> client(net::StreamPtr stream, std::vector<std::string>* seen) {
      ClientConnection connection(std::move(stream));
      for (const std::string_view body : {"", "first", "second"}) {
        std::string out;
        co_await call(&connection, "POST", std::string(body), &out);
        seen->push_back(out);
        EXPECT_TRUE(connection.reusable());
      }
      std::string out;
      co_await call(&connection, "HEAD", "", &out);
      seen->push_back(out);
      EXPECT_TRUE(connection.reusable());
      connection.close();
    }
    static Task<void> run(std::size_t piece, std::vector<std::string>* seen) {
      net::PipePair pipe = net::make_pipe(piece);
      ServerOptions options;
      options.handler = [](Exchange& exchange) { return echo(exchange); };
      co_await async::both(serve_connection(std::move(pipe.left), options), client(std::move(pipe.right), seen));
    }
  };
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{65536}}) {
    std::vector<std::string> seen;
    async::run_to_end(Steps::run(piece, &seen));
    EXPECT_THAT(seen, testing::ElementsAre("200 ", "200 first", "200 second", "200 ")) << piece;
  }
}

TEST(Client, PiecesThatArrivedTogetherAreReadyWithoutWaitingAtEveryCut) {
  struct Steps {
    static Task<void> server(net::StreamPtr stream) {
      std::array<char, 1024> space{};
      Result<std::size_t> got = co_await stream->read_some(space, in(5s));
      EXPECT_TRUE(got);
      Result<void> sent = co_await stream->write_text(
          "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n",
          in(5s));
      EXPECT_TRUE(sent);
    }
    static Task<void> client(net::StreamPtr stream, std::string* out, std::size_t* waits) {
      ClientConnection connection(std::move(stream));
      RequestHead head{.method = "GET", .target = "/", .fields = {}};
      Result<void> sent = co_await connection.send(head, "", in(5s));
      EXPECT_TRUE(sent);
      Result<ResponseHead> answer = co_await connection.read_head(in(5s));
      EXPECT_TRUE(answer);
      while (!connection.body_done()) {
        Result<std::string_view> piece = co_await connection.read_body(in(5s));
        EXPECT_TRUE(piece);
        if (!piece) co_return;
        ++*waits;
        out->append(*piece);
        for (std::string_view more = connection.ready_body(); !more.empty(); more = connection.ready_body())
          out->append(more);
      }
      EXPECT_TRUE(connection.reusable());
    }
    static Task<void> run(std::size_t piece, std::string* out, std::size_t* waits) {
      net::PipePair pipe = net::make_pipe(piece);
      co_await async::both(server(std::move(pipe.left)), client(std::move(pipe.right), out, waits));
    }
  };
  for (std::size_t piece = 1; piece < 100; ++piece) {
    std::string out;
    std::size_t waits = 0;
    async::run_to_end(Steps::run(piece, &out, &waits));
    EXPECT_EQ(out, "onetwothree") << piece;
    if (piece > 90) EXPECT_EQ(waits, 1U) << piece;
  }
}

TEST(Client, ACutAnswerIsAnErrorAndTheConnectionIsNotReused) {
  struct Steps {
    static Task<void> server(net::StreamPtr stream) {
      std::array<char, 1024> space{};
      Result<std::size_t> got = co_await stream->read_some(space, in(5s));
      EXPECT_TRUE(got);
      Result<void> sent = co_await stream->write_text("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", in(5s));
      EXPECT_TRUE(sent);
      sent = co_await stream->finish_writing(in(5s));
    }
    static Task<void> client(net::StreamPtr stream, std::string* out) {
      ClientConnection connection(std::move(stream));
      co_await call(&connection, "GET", "", out);
      EXPECT_FALSE(connection.reusable());
    }
    static Task<void> run(std::string* out) {
      net::PipePair pipe = net::make_pipe();
      co_await async::both(server(std::move(pipe.left)), client(std::move(pipe.right), out));
    }
  };
  std::string out;
  async::run_to_end(Steps::run(&out));
  EXPECT_THAT(out, HasSubstr("closed the connection"));
}

TEST(Pool, LendsTheSameConnectionAgainAndMakesAnotherWhenItIsOnLoan) {
  struct Steps {
    static Task<Result<net::StreamPtr>> connect(async::TaskGroup* servers, const ServerOptions* options, int* made) {
      ++*made;
      net::PipePair pipe = net::make_pipe();
      servers->start(serve_connection(std::move(pipe.left), *options));
      co_return std::move(pipe.right);
    }
    static Task<void> run(int* made) {
      async::TaskGroup servers(*async::EventLoop::current());
      ServerOptions options;
      options.handler = [](Exchange& exchange) { return echo(exchange); };
      {
        PoolOptions bounds;
        bounds.total_per_key = 2;
        ConnectionPool pool(
            *async::EventLoop::current(), [&](std::string, Deadline) { return connect(&servers, &options, made); },
            bounds);
        std::string out;
        for (int i = 0; i < 3; ++i) {
          Result<ConnectionPool::Lease> lease = co_await pool.acquire("k", in(5s));
          EXPECT_TRUE(lease);
          if (!lease) co_return;
          EXPECT_EQ(lease->reused(), i > 0);
          co_await call(&**lease, "POST", "x", &out);
        }
        EXPECT_EQ(*made, 1);
        Result<ConnectionPool::Lease> one = co_await pool.acquire("k", in(5s));
        Result<ConnectionPool::Lease> two = co_await pool.acquire("k", in(5s));
        Result<ConnectionPool::Lease> three = co_await pool.acquire("k", in(10ms));
        EXPECT_TRUE(one && two);
        EXPECT_EQ(three.error().code, ErrorCode::overloaded);
      }
      co_await servers.stop();
    }
  };
  int made = 0;
  async::run_to_end(Steps::run(&made));
  EXPECT_EQ(made, 2);
}

}  // namespace
}  // namespace sluice::http
