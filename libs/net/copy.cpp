// Copying between streams: in the kernel where both ends are plain sockets, else through one buffer.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "net/net.h"
#include "net/socket_stream.h"

namespace sluice::net {
namespace {

constexpr std::size_t chunk = 256 * 1024;

class KernelPipe {
 public:
  static std::unique_ptr<KernelPipe> open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return nullptr;
    ::fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(chunk));  // best effort: the default of 64 KiB works too
    return std::unique_ptr<KernelPipe>(new KernelPipe(ends[0], ends[1]));
  }
  ~KernelPipe() {
    ::close(out);
    ::close(in);
  }
  KernelPipe(const KernelPipe&) = delete;
  KernelPipe& operator=(const KernelPipe&) = delete;
  const int out;
  const int in;

 private:
  KernelPipe(int read_end, int write_end) : out(read_end), in(write_end) {}
};

Task<Result<void>> drain_pipe(KernelPipe* pipe, SocketStream* to, std::size_t waiting, Deadline deadline) {
  while (waiting > 0) {
    const ssize_t sent =
        ::splice(pipe->out, nullptr, to->descriptor(), nullptr, waiting, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (sent > 0) {
      waiting -= static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN) {
      Result<void> ready = co_await to->wait_writable(deadline);
      if (!ready) co_return ready;
    } else if (errno != EINTR) {
      co_return fail(errno == EBADF ? Error{ErrorCode::cancelled, "the stream was closed"}
                                    : system_error(errno, "writing"));
    }
  }
  co_return Result<void>();
}

Task<Result<std::uint64_t>> copy_in_kernel(SocketStream* from, SocketStream* to, std::unique_ptr<KernelPipe> pipe,
                                           std::chrono::steady_clock::duration idle) {
  std::uint64_t total = 0;
  for (;;) {
    const ssize_t got =
        ::splice(from->descriptor(), nullptr, pipe->in, nullptr, chunk, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (got == 0) co_return total;
    if (got > 0) {
      Result<void> sent = co_await drain_pipe(pipe.get(), to, static_cast<std::size_t>(got), in(idle));
      if (!sent) co_return fail(sent.error());
      total += static_cast<std::uint64_t>(got);
    } else if (errno == EAGAIN) {
      Result<void> ready = co_await from->wait_readable(in(idle));
      if (!ready) co_return fail(ready.error());
    } else if (errno != EINTR) {
      co_return fail(errno == EBADF ? Error{ErrorCode::cancelled, "the stream was closed"}
                                    : system_error(errno, "reading"));
    }
  }
}

Task<Result<std::uint64_t>> copy_through_buffer(ByteStream* from, ByteStream* to,
                                                std::chrono::steady_clock::duration idle) {
  const auto buffer = std::make_unique<char[]>(64 * 1024);
  std::uint64_t total = 0;
  for (;;) {
    Result<std::size_t> got = co_await from->read_some({buffer.get(), 64 * 1024}, in(idle));
    if (!got) co_return fail(got.error());
    if (*got == 0) co_return total;
    Result<void> sent = co_await to->write_text({buffer.get(), *got}, in(idle));
    if (!sent) co_return fail(sent.error());
    total += *got;
  }
}

}  // namespace

Task<Result<std::uint64_t>> copy_until_end(ByteStream& from, ByteStream& to, std::chrono::steady_clock::duration idle) {
  auto* source = dynamic_cast<SocketStream*>(&from);
  auto* sink = dynamic_cast<SocketStream*>(&to);
  std::unique_ptr<KernelPipe> pipe = source != nullptr && sink != nullptr ? KernelPipe::open() : nullptr;
  Result<std::uint64_t> total;
  if (pipe)
    total = co_await copy_in_kernel(source, sink, std::move(pipe), idle);
  else
    total = co_await copy_through_buffer(&from, &to, idle);
  if (!total) co_return total;
  Result<void> finished = co_await to.finish_writing(in(idle));
  if (!finished) co_return fail(finished.error());
  co_return total;
}

}  // namespace sluice::net
