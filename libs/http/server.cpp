#include "http/server.h"

#include <list>
#include <utility>

#include "async/leaf.h"
#include "http/exchange.h"

namespace sluice::http {
namespace {

std::string escape_json(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view digits = "0123456789abcdef";
      out.append("\\u00").push_back(digits[static_cast<unsigned char>(c) >> 4]);
      out.push_back(digits[c & 15]);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// What a connection that waits for its next request shows to drain().
struct Idle {
  net::ByteStream* stream = nullptr;  // set only while idle
  bool draining = false;
};

Task<void> refuse(net::ByteStream* stream, const Error* error, const ServerOptions* options) {
  if (options->on_bad_request) options->on_bad_request(*error);
  ResponseHead head = error_head(*error);
  if (error->code == ErrorCode::too_large) head.status = 431;
  head.fields.set("connection", "close");
  const std::string body = error_body(*error);
  head.fields.set("content-length", std::to_string(body.size()));
  const Result<std::string> text = serialise(head);
  const std::array<std::string_view, 2> pieces{*text, body};
  Result<void> sent = co_await stream->write(pieces, in(std::chrono::seconds(5)));
  if (!sent) co_return;
  Result<void> finished = co_await stream->finish_writing(in(std::chrono::seconds(5)));
  if (!finished) co_return;
  // Reads on for a moment: closing with unread input would reset the connection and take the answer with it.
  std::array<char, 4096> sink{};
  const Deadline until = in(std::chrono::seconds(2));
  std::size_t dropped = 0;
  while (dropped < 1024 * 1024) {
    Result<std::size_t> got = co_await stream->read_some(sink, until);
    if (!got || *got == 0) break;
    dropped += *got;
  }
}

// After an answer that did not read the whole request: the rest is read and dropped for a while, so that the client
// gets to see the answer instead of a reset.
Task<void> linger(ServerExchange* exchange, net::ByteStream* stream) {
  Result<void> finished = co_await stream->finish_writing(in(std::chrono::seconds(5)));
  if (!finished) co_return;
  Result<void> drained = co_await exchange->drain_body(64 * 1024 * 1024);
  static_cast<void>(drained);
}

Task<void> serve(net::StreamPtr stream, const ServerOptions* options, Handler own, Idle* idle) {
  const Handler& handler = own ? own : options->handler;
  ConnectionInput input(*stream, Role::request, options->limits.head);
  for (;;) {
    input.parser.reset();
    if (!input.has_bytes()) idle->stream = stream.get();
    if (idle->draining && !input.has_bytes()) break;
    Result<bool> got = co_await input.read_head(in(options->limits.idle_time), options->limits.head_time);
    idle->stream = nullptr;
    if (!got) {
      if (got.error().code == ErrorCode::malformed || got.error().code == ErrorCode::too_large) {
        const Error error = got.error();
        co_await refuse(stream.get(), &error, options);
      }
      break;
    }
    if (!*got) break;
    ServerExchange exchange(*stream, input, options->limits);
    if (idle->draining) exchange.close_after();
    co_await handler(exchange);
    if (exchange.aborted()) break;
    if (!exchange.response_started()) {
      const Error error{ErrorCode::internal, "the request was not answered"};
      Result<void> sent = co_await exchange.respond(error_head(error), error_body(error));
      static_cast<void>(sent);
      break;
    }
    if (!exchange.finished()) break;  // a streamed answer without its end must not look complete
    if (!exchange.reusable()) {
      if (!exchange.body_read()) co_await linger(&exchange, stream.get());
      break;
    }
  }
  stream->close();
}

}  // namespace

Task<void> serve_connection(net::StreamPtr stream, const ServerOptions& options) {
  Idle idle;
  co_await serve(std::move(stream), &options, {}, &idle);
}

struct Server::State {
  State(async::EventLoop& owner, ServerOptions given) : options(std::move(given)), accepting(owner), serving(owner) {}
  ServerOptions options;
  async::TaskGroup accepting;
  async::TaskGroup serving;
  std::list<Idle> idles;
  bool draining = false;

  Task<void> accept_all(std::unique_ptr<net::Listener> listener, Prepare prepare) {
    for (;;) {
      Result<net::Accepted> accepted = co_await listener->accept();
      if (!accepted) co_return;
      if (serving.size() >= options.connection_limit) continue;  // the stream closes as it goes
      serving.start(run(std::move(*accepted), prepare));
    }
  }

  Task<void> run(net::Accepted accepted, Prepare prepare) {
    Prepared ready;
    if (prepare) {
      Result<Prepared> outcome = co_await prepare(std::move(accepted));
      if (!outcome) {
        if (options.on_bad_request) options.on_bad_request(outcome.error());
        co_return;
      }
      ready = std::move(*outcome);
    } else {
      ready.stream = std::move(accepted.stream);
    }
    const auto idle = idles.emplace(idles.end());
    idle->draining = draining;
    co_await serve(std::move(ready.stream), &options, std::move(ready.handler), &*idle);
    idles.erase(idle);
  }
};

Server::Server(async::EventLoop& loop, ServerOptions options)
    : state_(std::make_unique<State>(loop, std::move(options))) {}
Server::~Server() = default;

void Server::listen(std::unique_ptr<net::Listener> listener, Prepare prepare) {
  State* const state = state_.get();
  async::EventLoop& loop = state->accepting.loop();
  if (async::EventLoop::current() == &loop) {
    state->accepting.start(state->accept_all(std::move(listener), std::move(prepare)));
    return;
  }
  // A connection may be waiting already, and its accept does not suspend: that belongs on the loop.
  auto held = std::make_shared<std::unique_ptr<net::Listener>>(std::move(listener));
  loop.post([state, held, prepare = std::move(prepare)] {
    if (!state->accepting.stopping()) state->accepting.start(state->accept_all(std::move(*held), prepare));
  });
}

namespace {

Task<void> cut_at(async::TaskGroup* serving, Deadline deadline) {
  Result<void> slept = co_await async::sleep_until(deadline);
  if (slept) serving->request_stop();
}

}  // namespace

Task<void> Server::drain(Deadline deadline) {
  State& state = *state_;
  state.draining = true;
  co_await state.accepting.stop();
  for (Idle& idle : state.idles) {
    idle.draining = true;
    if (idle.stream != nullptr) idle.stream->close();
  }
  async::TaskGroup timer(state.serving.loop());
  timer.start(cut_at(&state.serving, deadline));
  co_await state.serving.join();
  co_await timer.stop();
}

std::size_t Server::connections() const noexcept {
  return state_->serving.size();
}

ResponseHead error_head(const Error& error) {
  ResponseHead head;
  head.status = row_of(error.code).http_status;
  head.fields.add("content-type", "application/json");
  return head;
}

std::string error_body(const Error& error, std::string_view field) {
  std::string body =
      "{\"error\":{\"code\":\"" + std::string(error.name()) + "\",\"message\":\"" + escape_json(error.message()) + "\"";
  if (!field.empty()) body += ",\"field\":\"" + escape_json(field) + "\"";
  return body + "}}";
}

}  // namespace sluice::http
