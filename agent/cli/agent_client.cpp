#include "agent/cli/agent_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "ipc/frame.h"

namespace sluice::agent {
namespace {

class Socket {
 public:
  Socket() : number_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(number_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(number_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  }
  ~Socket() { ::close(number_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

Result<std::string> ask_status(const std::string& socket_path) {
  const Socket socket;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof(address.sun_path))
    return fail(ErrorCode::invalid_argument, socket_path + ": the path is too long for a socket");
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return fail(ErrorCode::connect_failed, socket_path + ": " + std::strerror(errno));
  const auto question = ipc::encode_frame(R"({"ask":"status"})");
  if (!question) return fail(question.error());
  if (::send(socket.number(), question->data(), question->size(), MSG_NOSIGNAL) < 0)
    return fail(ErrorCode::io_failed, std::strerror(errno));
  ipc::FrameReader frames;
  std::array<char, 16 * 1024> piece{};
  for (;;) {
    auto frame = frames.next();
    if (!frame) return fail(frame.error());
    if (*frame) return std::move(**frame);
    const auto count = ::recv(socket.number(), piece.data(), piece.size(), 0);
    if (count <= 0) return fail(ErrorCode::connection_closed, "the agent gave no answer");
    frames.feed(std::string_view(piece.data(), static_cast<std::size_t>(count)));
  }
}

const JsonValue* value_at(const JsonValue& document, std::string_view path) {
  const JsonValue* value = &document;
  while (value != nullptr && !path.empty()) {
    const auto dot = std::min(path.find('.'), path.size());
    value = value->find(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return value;
}

std::string text_at(const JsonValue& document, std::string_view path) {
  const auto* value = value_at(document, path);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
  return text == nullptr ? std::string() : *text;
}

std::int64_t number_at(const JsonValue& document, std::string_view path) {
  const auto* value = value_at(document, path);
  const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->data);
  return number == nullptr ? 0 : *number;
}

bool truth_at(const JsonValue& document, std::string_view path) {
  const auto* value = value_at(document, path);
  const auto* truth = value == nullptr ? nullptr : std::get_if<bool>(&value->data);
  return truth != nullptr && *truth;
}

}  // namespace sluice::agent
