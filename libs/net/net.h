// Listening, dialling and TLS over ByteStream. The only library that instantiates Asio's streams.
//
// Threads: every object belongs to the loop it was made on, except where noted.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/event_loop.h"
#include "async/task_group.h"
#include "async/worker_pool.h"
#include "net/address.h"
#include "net/stream.h"
#include "tls/engine.h"

namespace sluice::net {

struct Accepted {
  StreamPtr stream;
  Address peer;
  Address local;
};

// A TCP listener with SO_REUSEADDR, TCP_NODELAY on what it accepts, and SO_REUSEPORT when `shared` (a listener per
// thread on one port).
enum class Shared { no, yes };
class Listener {
 public:
  static Result<std::unique_ptr<Listener>> open(async::EventLoop& loop, const Address& address,
                                                Shared shared = Shared::no);
  // A Unix socket, replacing a stale one; `mode` is set before the first accept.
  static Result<std::unique_ptr<Listener>> open_unix(async::EventLoop& loop, const std::string& path, unsigned mode);
  // Takes over a listening socket (socket activation, or handed over by the privileged process).
  static Result<std::unique_ptr<Listener>> adopt(async::EventLoop& loop, int descriptor);
  ~Listener();

  [[nodiscard]] Address local() const;  // with the port the system chose
  // Errors: cancelled when the group stops. Out of descriptors: waits 50 ms and goes on.
  Task<Result<Accepted>> accept();
  void close() noexcept;

 private:
  struct State;
  explicit Listener(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Resolves on a worker thread (getaddrinfo blocks) and keeps answers for 30 s. Shared by loops; thread-safe.
class Resolver {
 public:
  explicit Resolver(async::WorkerPool& pool);
  ~Resolver();
  Task<Result<std::vector<Address>>> resolve(std::string host, std::uint16_t port, Deadline deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// Connects, TCP_NODELAY set. Several addresses are tried in order; each but the last has at most three seconds. The
// error names every address that was tried.
Task<Result<StreamPtr>> connect(Address address, Deadline deadline);
Task<Result<StreamPtr>> connect_any(std::vector<Address> addresses, Deadline deadline);
Task<Result<StreamPtr>> connect_unix(std::string path, Deadline deadline);

// TLS over any stream; the handshake is done when these return. `server_name` is sent as SNI and checked as the
// context's trust says. What one write() is given goes out in as few records as possible: a head and a short body
// share one (some clients show a refusal only then).
class TlsStream : public ByteStream {
 public:
  [[nodiscard]] virtual const std::optional<tls::CertificateFacts>& peer() const noexcept = 0;
  [[nodiscard]] virtual std::string_view alpn() const noexcept = 0;
};
using TlsStreamPtr = std::unique_ptr<TlsStream>;
Task<Result<TlsStreamPtr>> accept_tls(StreamPtr transport, tls::TlsContext context, Deadline deadline);
Task<Result<TlsStreamPtr>> connect_tls(StreamPtr transport, tls::TlsContext context, std::string server_name,
                                       Deadline deadline);

// Copies until `from` ends, then finishes writing on `to`. Returns the bytes copied; `idle` bounds the time without a
// byte. Where both are plain sockets the kernel moves the bytes (splice(2)).
Task<Result<std::uint64_t>> copy_until_end(ByteStream& from, ByteStream& to, std::chrono::steady_clock::duration idle);

// The destination of a connection that a redirect caught (SO_ORIGINAL_DST, both families).
Result<Address> original_destination(const ByteStream& stream);

}  // namespace sluice::net
