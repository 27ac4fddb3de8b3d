// Real sockets on loopback.
#include <gtest/gtest.h>

#include <array>

#include "async/event_loop.h"
#include "async/task_group.h"
#include "net/net.h"

namespace sluice::net {
namespace {

using namespace std::chrono_literals;

struct Connected {
  StreamPtr client;
  StreamPtr server;
};

Task<void> take(Listener* listener, StreamPtr* out) {
  Result<Accepted> accepted = co_await listener->accept();
  if (accepted) *out = std::move(accepted->stream);
}

Task<void> dial(Address address, StreamPtr* out) {
  Result<StreamPtr> stream = co_await connect(address, in(5s));
  if (stream) *out = std::move(*stream);
}

Task<Connected> connected() {
  auto listener = Listener::open(*async::EventLoop::current(), parse_address("127.0.0.1:0").value()).value();
  Connected pair;
  co_await async::both(take(listener.get(), &pair.server), dial(listener->local(), &pair.client));
  EXPECT_TRUE(pair.client && pair.server);
  co_return pair;
}

Task<void> send_all(ByteStream* stream, const std::string* text) {
  Result<void> sent = co_await stream->write_text(*text, in(10s));
  EXPECT_TRUE(sent);
  sent = co_await stream->finish_writing(in(10s));
  EXPECT_TRUE(sent);
}

Task<void> receive_all(ByteStream* stream, std::string* out) {
  std::array<char, 5000> space{};
  for (;;) {
    Result<std::size_t> got = co_await stream->read_some(space, in(10s));
    EXPECT_TRUE(got);
    if (!got || *got == 0) co_return;
    out->append(space.data(), *got);
  }
}

TEST(Socket, CarriesMoreThanTheKernelBuffers) {
  struct Steps {
    static Task<void> run() {
      Connected pair = co_await connected();
      const std::string sent(20'000'000, 'x');
      std::string received;
      co_await async::both(send_all(pair.client.get(), &sent), receive_all(pair.server.get(), &received));
      EXPECT_TRUE(received == sent);
    }
  };
  async::run_to_end(Steps::run());
}

TEST(Socket, AReadEndsAtItsDeadline) {
  struct Steps {
    static Task<void> run() {
      Connected pair = co_await connected();
      std::array<char, 8> space{};
      Result<std::size_t> got = co_await pair.client->read_some(space, in(20ms));
      EXPECT_EQ(got.error().code, ErrorCode::timed_out);
    }
  };
  async::run_to_end(Steps::run());
}

TEST(Socket, StaleTellsAClosedOrTalkingPeer) {
  struct Steps {
    static Task<void> run() {
      Connected pair = co_await connected();
      EXPECT_FALSE(pair.client->stale());
      Result<void> sent = co_await pair.server->write_text("?", in(1s));
      EXPECT_TRUE(sent);
      EXPECT_TRUE(pair.client->stale());
      Connected other = co_await connected();
      other.server->close();
      std::array<char, 8> space{};
      Result<std::size_t> end = co_await other.client->read_some(space, in(5s));
      EXPECT_EQ(end.value(), 0u);
      EXPECT_TRUE(other.client->stale());
    }
  };
  async::run_to_end(Steps::run());
}

TEST(Socket, ARefusedConnectionNamesTheAddress) {
  struct Steps {
    static Task<void> run() {
      auto listener = Listener::open(*async::EventLoop::current(), parse_address("127.0.0.1:0").value()).value();
      const Address address = listener->local();
      listener.reset();
      Result<StreamPtr> stream = co_await connect_any({address}, in(5s));
      EXPECT_EQ(stream.error().code, ErrorCode::connect_failed);
      EXPECT_NE(stream.error().detail.find(to_string(address)), std::string::npos);
    }
  };
  async::run_to_end(Steps::run());
}

TEST(Copy, MovesEverythingBetweenSocketsAndPassesTheEndOn) {
  struct Steps {
    static Task<void> relay(ByteStream* from, ByteStream* to, std::uint64_t* total) {
      Result<std::uint64_t> copied = co_await copy_until_end(*from, *to, 10s);
      EXPECT_TRUE(copied);
      if (copied) *total = *copied;
    }
    static Task<void> ends(ByteStream* source, const std::string* sent, ByteStream* sink, std::string* received) {
      co_await async::both(send_all(source, sent), receive_all(sink, received));
    }
    static Task<void> run() {
      Connected one = co_await connected();
      Connected two = co_await connected();
      const std::string sent(5'000'000, 'y');
      std::string received;
      std::uint64_t total = 0;
      co_await async::both(relay(one.server.get(), two.client.get(), &total),
                           ends(one.client.get(), &sent, two.server.get(), &received));
      EXPECT_TRUE(received == sent);
      EXPECT_EQ(total, sent.size());
    }
  };
  async::run_to_end(Steps::run());
}

TEST(Prefix, YieldsTheBytesThatWereLookedAtFirst) {
  struct Steps {
    static Task<void> run() {
      PipePair pipe = make_pipe(3);
      const std::string rest = "world";
      StreamPtr stream = with_prefix("hello ", std::move(pipe.left));
      std::string received;
      co_await async::both(send_all(pipe.right.get(), &rest), receive_all(stream.get(), &received));
      EXPECT_EQ(received, "hello world");
    }
  };
  async::run_to_end(Steps::run());
}

TEST(UnixListener, ReplacesAStaleSocketAndRefusesAnythingElse) {
  struct Steps {
    static Task<void> run() {
      const std::string path = testing::TempDir() + "sluice_unix_listener_test.sock";
      for (int i = 0; i < 2; ++i) {
        auto listener = Listener::open_unix(*async::EventLoop::current(), path, 0600);
        EXPECT_TRUE(listener);
        Result<StreamPtr> stream = co_await connect_unix(path, in(5s));
        EXPECT_TRUE(stream);
      }
      auto refused = Listener::open_unix(*async::EventLoop::current(), "/dev/null", 0600);
      EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    }
  };
  async::run_to_end(Steps::run());
}

}  // namespace
}  // namespace sluice::net
