// TLS over in-memory pipes: what TlsStream adds to the engine (which has its own tests).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "async/event_loop.h"
#include "async/task_group.h"
#include "net/net.h"
#include "tls/ca.h"

namespace sluice::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Contexts {
  tls::TlsContext server;
  tls::TlsContext client;
};

Contexts contexts(std::string_view host = "api.anthropic.com") {
  const TimePoint now = wall_now();
  const auto ca = tls::make_identity_ca("Example Corp", now).value();
  const tls::EcKey key = tls::EcKey::generate();
  const auto request = tls::parse_signing_request(tls::make_signing_request(key, "x").value()).value();
  const tls::IdentitySubject subject{"server", "Example Corp", "gateway", {std::string(host)}};
  tls::ServerOptions server;
  server.identity = {tls::sign_identity(ca, request, subject, std::chrono::hours(24), now).value(), key.to_pem()};
  tls::ClientOptions client;
  client.trust = tls::BundleTrust{ca.certificate_pem};
  return {tls::TlsContext::server(std::move(server)).value(), tls::TlsContext::client(std::move(client)).value()};
}

// Counts the writes that reach the transport.
class CountingStream final : public ByteStream {
 public:
  CountingStream(StreamPtr rest, int* writes) : rest_(std::move(rest)), writes_(writes) {}
  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline deadline) override {
    return rest_->read_some(into, deadline);
  }
  Task<Result<void>> write(std::span<const std::string_view> pieces, Deadline deadline) override {
    ++*writes_;
    return rest_->write(pieces, deadline);
  }
  Task<Result<void>> finish_writing(Deadline deadline) override { return rest_->finish_writing(deadline); }
  void close() noexcept override { rest_->close(); }

 private:
  StreamPtr rest_;
  int* writes_;
};

Task<void> serve(StreamPtr transport, const Contexts* contexts, TlsStreamPtr* out, Error* error) {
  Result<TlsStreamPtr> stream = co_await accept_tls(std::move(transport), contexts->server, in(5s));
  if (stream)
    *out = std::move(*stream);
  else
    *error = stream.error();
}

Task<void> dial(StreamPtr transport, const Contexts* contexts, std::string name, TlsStreamPtr* out, Error* error) {
  Result<TlsStreamPtr> stream = co_await connect_tls(std::move(transport), contexts->client, std::move(name), in(5s));
  if (stream)
    *out = std::move(*stream);
  else
    *error = stream.error();
}

Task<std::string> read_text(ByteStream* stream, std::size_t count) {
  std::string out;
  std::array<char, 3000> space{};
  while (out.size() < count) {
    Result<std::size_t> got = co_await stream->read_some(space, in(5s));
    if (!got || *got == 0) break;
    out.append(space.data(), *got);
  }
  co_return out;
}

Task<void> send(ByteStream* stream, const std::string* text) {
  Result<void> sent = co_await stream->write_text(*text, in(10s));
  EXPECT_TRUE(sent);
}

Task<void> receive(ByteStream* stream, std::size_t count, std::string* out) {
  *out = co_await read_text(stream, count);
}

TEST(TlsStream, CarriesBothDirectionsAtOnceInPiecesOfAnySize) {
  struct Steps {
    static Task<void> run(std::size_t piece) {
      const Contexts both_contexts = contexts();
      PipePair pipe = make_pipe(piece);
      TlsStreamPtr server, client;
      Error error;
      co_await async::both(serve(std::move(pipe.left), &both_contexts, &server, &error),
                           dial(std::move(pipe.right), &both_contexts, "api.anthropic.com", &client, &error));
      EXPECT_TRUE(server && client) << error.message();
      if (!server || !client) co_return;
      EXPECT_EQ(client->alpn(), "http/1.1");
      EXPECT_EQ(client->peer().value().subject_cn, "server");
      const std::string up(piece < 100 ? 5'000 : 300'000, 'u');
      const std::string down(piece < 100 ? 7'000 : 500'000, 'd');
      std::string got_up, got_down;
      co_await async::both(async::both(send(client.get(), &up), receive(client.get(), down.size(), &got_down)),
                           async::both(send(server.get(), &down), receive(server.get(), up.size(), &got_up)));
      EXPECT_TRUE(got_up == up);
      EXPECT_TRUE(got_down == down);
    }
  };
  for (const std::size_t piece : {std::size_t{1}, std::size_t{17}, std::size_t{65536}})
    async::run_to_end(Steps::run(piece));
}

TEST(TlsStream, AWrongNameIsRefusedWithItsReason) {
  struct Steps {
    static Task<void> run() {
      const Contexts both_contexts = contexts("api.openai.com");
      PipePair pipe = make_pipe();
      TlsStreamPtr server, client;
      Error server_error, client_error;
      co_await async::both(serve(std::move(pipe.left), &both_contexts, &server, &server_error),
                           dial(std::move(pipe.right), &both_contexts, "api.anthropic.com", &client, &client_error));
      EXPECT_FALSE(client);
      EXPECT_EQ(client_error.code, ErrorCode::untrusted);
      EXPECT_THAT(client_error.message(), HasSubstr("api.anthropic.com"));
    }
  };
  async::run_to_end(Steps::run());
}

TEST(TlsStream, AHeadAndItsShortBodyLeaveInOneWrite) {
  struct Steps {
    static Task<void> run() {
      const Contexts both_contexts = contexts();
      PipePair pipe = make_pipe();
      int writes = 0;
      TlsStreamPtr server, client;
      Error error;
      co_await async::both(
          serve(std::make_unique<CountingStream>(std::move(pipe.left), &writes), &both_contexts, &server, &error),
          dial(std::move(pipe.right), &both_contexts, "api.anthropic.com", &client, &error));
      EXPECT_TRUE(server && client) << error.message();
      if (!server || !client) co_return;
      writes = 0;
      const std::array<std::string_view, 2> pieces{"HTTP/1.1 400 Bad Request\r\n\r\n", "{}"};
      Result<void> sent = co_await server->write(pieces, in(5s));
      EXPECT_TRUE(sent);
      EXPECT_EQ(writes, 1);
      // One record: a single read of the client sees both.
      std::array<char, 200> space{};
      Result<std::size_t> got = co_await client->read_some(space, in(5s));
      EXPECT_EQ(got.value(), 30u);
    }
  };
  async::run_to_end(Steps::run());
}

TEST(TlsStream, TicketsDoNotMakeAnIdleConnectionStaleAndAnEndDoes) {
  struct Steps {
    static Task<void> accept_one(Listener* listener, const Contexts* both_contexts, TlsStreamPtr* out, Error* error) {
      Result<Accepted> accepted = co_await listener->accept();
      if (accepted) co_await serve(std::move(accepted->stream), both_contexts, out, error);
    }
    static Task<void> connect_one(Address address, const Contexts* both_contexts, TlsStreamPtr* out, Error* error) {
      Result<StreamPtr> stream = co_await connect(address, in(5s));
      if (stream) co_await dial(std::move(*stream), both_contexts, "api.anthropic.com", out, error);
    }
    static Task<void> run() {
      const Contexts both_contexts = contexts();
      auto listener = Listener::open(*async::EventLoop::current(), parse_address("127.0.0.1:0").value()).value();
      TlsStreamPtr server, client;
      Error error;
      co_await async::both(accept_one(listener.get(), &both_contexts, &server, &error),
                           connect_one(listener->local(), &both_contexts, &client, &error));
      EXPECT_TRUE(server && client) << error.message();
      if (!server || !client) co_return;
      EXPECT_FALSE(client->stale());
      Result<void> ended = co_await server->finish_writing(in(5s));
      EXPECT_TRUE(ended);
      std::array<char, 8> space{};
      Result<std::size_t> got = co_await client->read_some(space, in(5s));
      EXPECT_EQ(got.value(), 0u);
      EXPECT_TRUE(client->stale());
    }
  };
  async::run_to_end(Steps::run());
}

}  // namespace
}  // namespace sluice::net
