// HTTP/1.1 over a ByteStream: one connection as server (Exchange) and as client (ClientConnection).
//
// Threads: the loop's. Buffers: one input buffer of 16 KiB a connection, grown up to the head limit; nothing else is
// queued, so back-pressure passes from the reader of one side to the writer of the other.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "async/task.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "http/parser.h"
#include "net/stream.h"

namespace sluice::http {

struct Limits {
  std::size_t head = default_head_limit;
  std::chrono::milliseconds head_time{30'000};   // from the first byte of a head to its end
  std::chrono::milliseconds idle_time{120'000};  // between requests
  std::chrono::milliseconds body_time{120'000};  // between two pieces of a body, in either direction
};

// One request and its answer on a server connection.
class Exchange {
 public:
  virtual ~Exchange() = default;
  [[nodiscard]] virtual const RequestHead& request() const noexcept = 0;
  [[nodiscard]] virtual Framing framing() const noexcept = 0;

  // The next piece of the body, valid until the next call; empty at the end. Sends "100 Continue" before the first
  // read when the client waits for it.
  virtual Task<Result<std::string_view>> read_body() = 0;
  // All that is left, or too_large (the rest is then unread: answer and let the connection close).
  virtual Task<Result<std::string>> read_whole_body(std::size_t limit) = 0;
  // Reads and drops what is left, up to `limit` bytes.
  virtual Task<Result<void>> drain_body(std::size_t limit) = 0;
  // When the last byte of the request was read.
  [[nodiscard]] virtual SteadyPoint request_read_at() const noexcept = 0;

  // Head and body in one write; sets Content-Length.
  virtual Task<Result<void>> respond(ResponseHead head, std::string_view body) = 0;
  // A streamed answer: framing as the head's own Content-Length or Transfer-Encoding says, else chunked is added
  // (HTTP/1.0 clients: until close). With `first` the first piece goes out in the same write as the head.
  virtual Task<Result<void>> start_response(ResponseHead head, std::string_view first = {}) = 0;
  virtual Task<Result<void>> write_body(std::string_view piece) = 0;
  // With `last` the last piece goes out in the same write as the end.
  virtual Task<Result<void>> finish_response(std::string_view last = {}) = 0;
  [[nodiscard]] virtual bool response_started() const noexcept = 0;

  // The connection ends after this exchange.
  virtual void close_after() noexcept = 0;
  // The connection is cut without a clean end (a stream that failed midway must not look complete).
  virtual void abort() noexcept = 0;
  [[nodiscard]] virtual net::ByteStream& stream() noexcept = 0;
};

// One connection to an upstream. Calls follow the order send → read_head → read_body … until done().
class ClientConnection {
 public:
  explicit ClientConnection(net::StreamPtr stream, Limits limits = {});
  ~ClientConnection();
  ClientConnection(ClientConnection&&) noexcept;

  // Head and whole body in one write. The head's own fields frame the body (Content-Length must equal body.size(), or
  // chunked: sent as one chunk; neither and a body: Content-Length is added).
  Task<Result<void>> send(const RequestHead& head, std::string_view body, Deadline deadline);
  // In pieces, framed as the head says.
  Task<Result<void>> send_head(const RequestHead& head, Deadline deadline);
  Task<Result<void>> send_body(std::string_view piece, Deadline deadline);
  Task<Result<void>> finish_body(Deadline deadline);

  // The final head; interim (1xx) ones are passed over, except 101.
  Task<Result<ResponseHead>> read_head(Deadline deadline);
  // The next piece, valid until the next call; empty at the end.
  Task<Result<std::string_view>> read_body(Deadline deadline);
  // A further piece that has already arrived, without waiting; empty when there is none. Pieces of earlier calls stay
  // valid until the next read_body(): many small chunks can go on in one write.
  std::string_view ready_body();
  // The body was read to its end.
  [[nodiscard]] bool body_done() const noexcept;
  Task<Result<std::string>> read_whole_body(std::size_t limit, Deadline deadline);
  [[nodiscard]] Framing framing() const noexcept;

  // The answer was read to its end and the peer keeps the connection open.
  [[nodiscard]] bool reusable() const noexcept;
  [[nodiscard]] bool stale() noexcept;
  void close() noexcept;
  [[nodiscard]] net::ByteStream& stream() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::http
