// The in-memory twin of a socket: two queues with a bound, each with one reader and one writer.
#include <algorithm>
#include <cstring>
#include <utility>

#include "async/leaf.h"
#include "net/stream.h"

namespace sluice::net {
namespace {

constexpr std::size_t bound = 64 * 1024;

struct Channel {
  std::string bytes;
  std::size_t at = 0;
  bool finished = false;  // the writer is done
  bool closed = false;    // one end closed both directions
  async::Signal readable;
  async::Signal writable;

  [[nodiscard]] std::size_t size() const { return bytes.size() - at; }
  std::size_t take(std::span<char> into, std::size_t piece) {
    const std::size_t count = std::min({into.size(), size(), piece});
    std::memcpy(into.data(), bytes.data() + at, count);
    at += count;
    if (at == bytes.size()) bytes.clear(), at = 0;
    writable.notify();
    return count;
  }
};

class PipeEnd final : public ByteStream {
 public:
  PipeEnd(std::shared_ptr<Channel> in, std::shared_ptr<Channel> out, std::size_t piece)
      : in_(std::move(in)), out_(std::move(out)), piece_(piece) {}
  ~PipeEnd() override { close(); }

  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline deadline) override {
    const std::shared_ptr<Channel> in = in_;
    for (;;) {
      if (closed_) co_return fail(ErrorCode::cancelled, "the stream was closed");
      if (in->size() != 0) co_return in->take(into, piece_);
      if (in->closed) co_return fail(ErrorCode::connection_closed, "the other end was closed");
      if (in->finished) co_return std::size_t{0};
      Result<void> woken = co_await in->readable.wait(deadline);
      if (!woken) co_return fail(woken.error());
    }
  }
  Task<Result<void>> write(std::span<const std::string_view> pieces, Deadline deadline) override {
    const std::shared_ptr<Channel> out = out_;
    for (std::string_view piece : pieces) {
      while (!piece.empty()) {
        if (closed_) co_return fail(ErrorCode::cancelled, "the stream was closed");
        if (out->closed) co_return fail(ErrorCode::connection_closed, "the other end was closed");
        const std::size_t room = bound - std::min(bound, out->size());
        if (room == 0) {
          Result<void> woken = co_await out->writable.wait(deadline);
          if (!woken) co_return fail(woken.error());
          continue;
        }
        const std::size_t count = std::min(room, piece.size());
        out->bytes.append(piece.substr(0, count));
        piece.remove_prefix(count);
        out->readable.notify();
      }
    }
    co_return Result<void>();
  }
  Task<Result<void>> finish_writing(Deadline) override {
    out_->finished = true;
    out_->readable.notify();
    co_return Result<void>();
  }
  void close() noexcept override {
    if (std::exchange(closed_, true)) return;
    for (Channel* channel : {in_.get(), out_.get()}) {
      // What was written before an orderly end stays readable.
      channel->closed = !channel->finished;
      channel->readable.notify();
      channel->writable.notify();
    }
  }
  bool stale() noexcept override { return in_->size() != 0 || in_->finished || in_->closed; }

 private:
  std::shared_ptr<Channel> in_;
  std::shared_ptr<Channel> out_;
  std::size_t piece_;
  bool closed_ = false;
};

}  // namespace

PipePair make_pipe(std::size_t piece) {
  auto one = std::make_shared<Channel>();
  auto two = std::make_shared<Channel>();
  return {std::make_unique<PipeEnd>(one, two, piece), std::make_unique<PipeEnd>(two, one, piece)};
}

}  // namespace sluice::net
