// ByteStream: the one interface through which bytes move. TCP, Unix sockets, TLS and in-memory pipes implement it.
//
// Threads: a stream belongs to the loop it was made on. At most one read and one write are in progress at a time.
// Errors: timed_out (the deadline passed), cancelled (the task group stops, or close() was called), connection_closed
// (reset), untrusted (TLS), io_failed. A deadline that passes in one direction ends waits in both: close the stream.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "async/task.h"
#include "base/clock.h"
#include "base/result.h"

namespace sluice::net {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // At least one byte, or 0 at the end of the stream. `into` must not be empty.
  virtual Task<Result<std::size_t>> read_some(std::span<char> into, Deadline deadline) = 0;
  // All of it, the pieces in order, as few system calls as possible. The pieces' memory stays the caller's.
  virtual Task<Result<void>> write(std::span<const std::string_view> pieces, Deadline deadline) = 0;
  // Tells the peer that no more will be written (FIN, close_notify).
  virtual Task<Result<void>> finish_writing(Deadline deadline) = 0;
  // Ends both directions at once; waits in progress return `cancelled`. Idempotent.
  virtual void close() noexcept = 0;

  // True when the peer has already closed or sent something unasked: a pooled connection is then not to be used.
  // Does not block and consumes nothing.
  [[nodiscard]] virtual bool stale() noexcept { return false; }
  // What is there right now, without waiting: bytes read, 0 at the end, or nothing. Streams that cannot say: nothing.
  virtual std::optional<Result<std::size_t>> try_read(std::span<char> into) noexcept;
  // The file descriptor of a plain TCP or Unix socket, for splice(2) and sock_diag; -1 for everything else.
  [[nodiscard]] virtual int descriptor() const noexcept { return -1; }

  Task<Result<void>> write_text(std::string_view text, Deadline deadline);  // `text` outlives the call
};
using StreamPtr = std::unique_ptr<ByteStream>;

// A stream that yields `head` first: bytes that were read to look at them (a ClientHello) go on to their reader.
StreamPtr with_prefix(std::string head, StreamPtr rest);

// Two ends of an in-memory pipe for tests; each read delivers at most `piece` bytes. The buffer of one direction is
// bounded at 64 KiB: a writer waits for its reader.
struct PipePair {
  StreamPtr left;
  StreamPtr right;
};
PipePair make_pipe(std::size_t piece = 65536);

}  // namespace sluice::net
