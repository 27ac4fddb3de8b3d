#include "http/server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "async/event_loop.h"
#include "async/task_group.h"
#include "net/net.h"

namespace sluice::http {
namespace {

Task<void> answer(Exchange* exchange, bool* served) {
  ResponseHead head;
  head.status = 200;
  Result<void> sent = co_await exchange->respond(std::move(head), "hello");
  *served = sent.has_value();
}

Task<void> end(Server* server, async::EventLoop* loop) {
  co_await server->drain(in(std::chrono::seconds(10)));
  loop->stop();
}

int connect_to(std::uint16_t port) {
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return client;
}

// A client that comes back first finds a listener whose program is still starting.
TEST(ServerStart, TakesAConnectionThatWasWaitingBeforeItsLoopRan) {
  async::EventLoop loop;
  const auto address = net::parse_address("127.0.0.1:0");
  ASSERT_TRUE(address);
  auto listener = net::Listener::open(loop, *address);
  ASSERT_TRUE(listener);
  const int client = connect_to((*listener)->local().port);
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(::send(client, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));

  bool served = false;
  async::TaskGroup ending(loop);
  Server* running = nullptr;
  ServerOptions options;
  options.handler = [&](Exchange& exchange) {
    loop.post([&] { ending.start(end(running, &loop)); });
    return answer(&exchange, &served);
  };
  Server server(loop, std::move(options));
  running = &server;
  server.listen(std::move(*listener));
  loop.run();
  EXPECT_TRUE(served);
  ::close(client);
}

}  // namespace
}  // namespace sluice::http
