#include "agent/channel/privileged_link.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "ipc/frame.h"
#include "log/log.h"

namespace sluice::agent {
namespace {
// An answer takes a millisecond or two. On a machine that is busy it may take a second, and a connection that nobody is
// known to have opened passes what was denied to its app: so long that only a process that is stuck misses it.
constexpr auto answer_patience = std::chrono::seconds(5);
}  // namespace

PrivilegedLink::PrivilegedLink(async::EventLoop& loop, int descriptor, OnMessage on_message,
                               std::function<void()> on_end)
    : loop_(loop),
      descriptor_(descriptor),
      on_message_(std::move(on_message)),
      on_end_(std::move(on_end)),
      reader_([this] { read_all(); }) {}

PrivilegedLink::~PrivilegedLink() {
  ::shutdown(descriptor_, SHUT_RDWR);
  reader_.join();
  ::close(descriptor_);
}

void PrivilegedLink::read_all() {
  ipc::FrameReader frames;
  std::array<char, 64 * 1024> piece{};
  for (;;) {
    const auto count = ::recv(descriptor_, piece.data(), piece.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    frames.feed(std::string_view(piece.data(), static_cast<std::size_t>(count)));
    for (;;) {
      const auto frame = frames.next();
      if (!frame || !*frame) break;
      auto message = decode_to_traffic(**frame);
      if (!message) {
        log::failure(log::Level::error, "channel.malformed", message.error());
        continue;
      }
      // std::function wants a copy, and a token report cannot be copied.
      const auto shared = std::make_shared<ToTraffic>(std::move(*message));
      loop_.post([this, shared] { deliver(std::move(*shared)); });
    }
  }
  loop_.post([this] { on_end_(); });
}

void PrivilegedLink::deliver(ToTraffic message) {
  auto* answers = std::get_if<WhoAnswers>(&message);
  if (answers == nullptr) return on_message_(std::move(message));
  const auto question = questions_.find(answers->id);
  if (question == questions_.end()) return;  // nobody waits any more
  *question->second.answer = std::move(answers->facts);
  question->second.signal->notify();
}

void PrivilegedLink::send(const ToPrivileged& message) {
  const auto frame = ipc::encode_frame(encode(message));
  if (!frame) return;
  std::string_view rest = *frame;
  while (!rest.empty()) {
    const auto count = ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // the reader sees the end too
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

Task<Result<ProcessFacts>> PrivilegedLink::owner_of(SocketEnd client, SocketEnd server) {
  const std::uint64_t id = ++last_id_;
  async::Signal signal;
  std::optional<ProcessFacts> answer;
  questions_[id] = {&signal, &answer};
  send(WhoAsks{.id = id, .client = std::move(client), .server = std::move(server)});
  Result<void> waited = co_await signal.wait(in(answer_patience));
  questions_.erase(id);
  if (!waited) co_return fail(waited.error());
  if (!answer) co_return fail(ErrorCode::not_found, "the process was not found");
  co_return std::move(*answer);
}

}  // namespace sluice::agent
