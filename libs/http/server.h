// A server: accepts on listeners, serves HTTP/1.1 on every connection, drains.
//
//   http::Server server(loop, {.handler = [this](auto& exchange) { return handle(exchange); }});
//   server.listen(std::move(listener), prepare);      // prepare: TLS, or looking at the connection
//   …
//   co_await server.drain(in(10s));                   // no new connections, idle ones closed, busy ones finish
//
// Threads: one server per loop.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>

#include "async/event_loop.h"
#include "async/task.h"
#include "http/connection.h"
#include "net/net.h"

namespace sluice::http {

// Answers one request. It must respond; a handler that returns without an answer gets a 500 sent. The exchange lives
// until the returned task ends. A lambda may call a coroutine member function, and must not be a coroutine itself.
using Handler = std::function<Task<void>(Exchange&)>;

struct ServerOptions {
  Handler handler;
  Limits limits;
  std::size_t connection_limit = 10'000;  // more are closed at once
  // Told of input that is not HTTP or breaks a limit, before the 400/431 is sent; may be empty.
  std::function<void(const Error&)> on_bad_request;
};

// Serves one connection until it ends; used by Server and by whoever makes connections in other ways (interception).
// `options` outlives the call.
Task<void> serve_connection(net::StreamPtr stream, const ServerOptions& options);

// Prepares an accepted connection (TLS handshake, say) and may attach a handler of its own that knows the peer.
struct Prepared {
  net::StreamPtr stream;
  Handler handler;  // empty: the server's
};
using Prepare = std::function<Task<Result<Prepared>>(net::Accepted)>;

class Server {
 public:
  Server(async::EventLoop& loop, ServerOptions options);
  ~Server();
  void listen(std::unique_ptr<net::Listener> listener, Prepare prepare = {});
  Task<void> drain(Deadline deadline);  // then everything left is cut
  [[nodiscard]] std::size_t connections() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// {"error":{"code","message","field"?}} with the row's status: what REST and control APIs answer.
ResponseHead error_head(const Error& error);
std::string error_body(const Error& error, std::string_view field = {});

}  // namespace sluice::http
