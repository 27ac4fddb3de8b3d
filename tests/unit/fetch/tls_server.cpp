#include "tls_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace sluice::fetch {
namespace {

bool send_pending(int socket, tls::TlsEngine& engine) {
  std::string out;
  engine.take_output(out);
  for (std::size_t sent = 0; sent < out.size();) {
    const auto count = ::send(socket, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

bool receive(int socket, tls::TlsEngine& engine) {
  const auto room = engine.prepare(16 * 1024);
  const auto count = ::recv(socket, room.data(), room.size(), 0);
  if (count <= 0) return false;
  engine.commit(static_cast<std::size_t>(count));
  return true;
}

bool shake_hands(int socket, tls::TlsEngine& engine) {
  for (;;) {
    const auto step = engine.handshake();
    if (!send_pending(socket, engine) || !step) return false;
    if (*step == tls::Handshake::done) return true;
    if (!receive(socket, engine)) return false;
  }
}

// Head and body are there when as many bytes follow the head as its content-length says.
bool is_whole(const std::string& request) {
  const auto end = request.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const auto field = request.find("Content-Length: ");
  const auto length = field == std::string::npos ? 0 : std::strtoul(request.c_str() + field + 16, nullptr, 10);
  return request.size() >= end + 4 + length;
}

}  // namespace

TlsServer::TlsServer(tls::TlsContext context, Handler handler)
    : context_(std::move(context)), handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    std::abort();
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TlsServer::~TlsServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  if (const int socket = active_; socket >= 0) ::shutdown(socket, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void TlsServer::serve() {
  while (!stopping_) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    const int on = 1;  // tickets and answers are separate writes: no waiting for acknowledgements
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ++connections_;
    active_ = socket;
    if (!stopping_) converse(socket);
    active_ = -1;
    ::close(socket);
  }
}

void TlsServer::converse(int socket) {
  auto engine = tls::TlsEngine::accept(context_);
  if (!shake_hands(socket, engine)) return;
  std::string request;
  std::string piece(16 * 1024, '\0');
  while (!stopping_) {
    const auto read = engine.read(piece);
    if (!read || read->state == tls::Read::State::closed || read->state == tls::Read::State::truncated) return;
    if (read->state == tls::Read::State::want_input) {
      if (!send_pending(socket, engine) || !receive(socket, engine)) return;
      continue;
    }
    request.append(piece, 0, read->bytes);
    if (!is_whole(request)) continue;
    const auto answer = handler_(std::move(request));
    request.clear();
    if (answer.empty() || !engine.write(answer) || !send_pending(socket, engine)) return;
  }
}

}  // namespace sluice::fetch
