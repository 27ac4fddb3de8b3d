#include <array>
#include <utility>

#include "async/leaf.h"
#include "net/net.h"

namespace sluice::net {
namespace {

constexpr std::size_t record = 16 * 1024;
constexpr std::size_t room_for_records = record + 512;

class TlsOverStream final : public TlsStream {
 public:
  TlsOverStream(StreamPtr transport, tls::TlsContext context, tls::TlsEngine engine)
      : transport_(std::move(transport)), context_(std::move(context)), engine_(std::move(engine)) {}

  Task<Result<void>> handshake(Deadline deadline) {
    for (;;) {
      const Result<tls::Handshake> step = engine_.handshake();
      Result<void> sent = co_await flush(deadline);  // an error's alert goes out as well
      if (!step) co_return fail(step.error());
      if (!sent) co_return fail(sent.error());
      if (*step == tls::Handshake::done) co_return Result<void>();
      Result<void> more = co_await receive(deadline);
      if (!more) co_return fail(more.error());
    }
  }

  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline deadline) override {
    for (;;) {
      const Result<tls::Read> got = engine_.read(into);
      if (engine_.has_output()) {
        Result<void> sent = co_await flush(deadline);
        if (!sent && got) co_return fail(sent.error());
      }
      if (!got) co_return fail(got.error());
      switch (got->state) {
        case tls::Read::State::data:
          co_return got->bytes;
        case tls::Read::State::closed:
          co_return std::size_t{0};
        case tls::Read::State::truncated:
          co_return fail(ErrorCode::connection_closed, "the peer ended the connection without a TLS close");
        case tls::Read::State::want_input:
          break;
      }
      Result<void> more = co_await receive(deadline);
      if (!more) co_return fail(more.error());
    }
  }

  Task<Result<void>> write(std::span<const std::string_view> pieces, Deadline deadline) override {
    // Pieces are joined up to a record, so that a head and its short body travel together.
    std::size_t total = 0;
    for (const std::string_view piece : pieces) total += piece.size();
    if (pieces.size() > 1 && total <= 4 * record) {
      joined_.clear();
      for (const std::string_view piece : pieces) joined_.append(piece);
      Result<void> done = co_await write_joined(joined_, deadline);
      co_return done;
    }
    for (const std::string_view piece : pieces) {
      Result<void> done = co_await write_joined(piece, deadline);
      if (!done) co_return done;
    }
    co_return Result<void>();
  }

  Task<Result<void>> finish_writing(Deadline deadline) override {
    engine_.close_notify();
    Result<void> sent = co_await flush(deadline);
    if (!sent) co_return sent;
    Result<void> finished = co_await transport_->finish_writing(deadline);
    co_return finished;
  }

  void close() noexcept override { transport_->close(); }

  bool stale() noexcept override {
    // Session tickets arrive unasked after the handshake: they are taken in; anything else makes it stale.
    std::array<char, 1> byte{};
    for (;;) {
      const Result<tls::Read> got = engine_.read(byte);
      if (!got || got->state != tls::Read::State::want_input) return true;
      const std::optional<Result<std::size_t>> more = transport_->try_read(engine_.prepare(room_for_records));
      if (!more) return transport_->stale();
      if (!*more || **more == 0) return true;
      engine_.commit(**more);
    }
  }

  [[nodiscard]] const std::optional<tls::CertificateFacts>& peer() const noexcept override { return engine_.peer(); }
  [[nodiscard]] std::string_view alpn() const noexcept override { return engine_.alpn(); }

 private:
  Task<Result<void>> write_joined(std::string_view text, Deadline deadline) {
    // 64 KiB at a time: the ciphertext buffer stays small for a large body.
    while (!text.empty()) {
      const std::string_view part = text.substr(0, 4 * record);
      text.remove_prefix(part.size());
      Result<void> encrypted = engine_.write(part);
      if (!encrypted) co_return encrypted;
      while (flushing_) {
        Result<void> turn = co_await flushed_.wait(deadline);
        if (!turn) co_return turn;
      }
      Result<void> sent = co_await flush(deadline);
      if (!sent) co_return sent;
    }
    co_return Result<void>();
  }

  // Sends the engine's output. The reader has output too (key updates, alerts): whoever comes second leaves its bytes
  // to the first, who goes on until nothing is left.
  Task<Result<void>> flush(Deadline deadline) {
    if (flushing_) co_return Result<void>();
    flushing_ = true;
    Result<void> outcome;
    while (outcome && engine_.has_output()) {
      engine_.take_output(outgoing_);
      outcome = co_await transport_->write_text(outgoing_, deadline);
    }
    flushing_ = false;
    flushed_.notify();
    co_return outcome;
  }

  Task<Result<void>> receive(Deadline deadline) {
    const std::span<char> room = engine_.prepare(room_for_records);
    Result<std::size_t> got = co_await transport_->read_some(room, deadline);
    if (!got) co_return fail(got.error());
    if (*got == 0)
      engine_.end_of_input();
    else
      engine_.commit(*got);
    co_return Result<void>();
  }

  StreamPtr transport_;
  tls::TlsContext context_;
  tls::TlsEngine engine_;
  std::string outgoing_;
  std::string joined_;
  bool flushing_ = false;
  async::Signal flushed_;
};

Task<Result<TlsStreamPtr>> establish(StreamPtr transport, tls::TlsContext context, tls::TlsEngine engine,
                                     Deadline deadline) {
  auto stream = std::make_unique<TlsOverStream>(std::move(transport), std::move(context), std::move(engine));
  Result<void> done = co_await stream->handshake(deadline);
  if (!done) co_return fail(done.error());
  co_return TlsStreamPtr(std::move(stream));
}

}  // namespace

Task<Result<TlsStreamPtr>> accept_tls(StreamPtr transport, tls::TlsContext context, Deadline deadline) {
  tls::TlsEngine engine = tls::TlsEngine::accept(context);
  return establish(std::move(transport), std::move(context), std::move(engine), deadline);
}

Task<Result<TlsStreamPtr>> connect_tls(StreamPtr transport, tls::TlsContext context, std::string server_name,
                                       Deadline deadline) {
  tls::TlsEngine engine = tls::TlsEngine::connect(context, server_name);
  return establish(std::move(transport), std::move(context), std::move(engine), deadline);
}

}  // namespace sluice::net
