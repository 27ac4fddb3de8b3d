#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <cerrno>
#include <cstring>

#include "async/leaf.h"
#include "net/net.h"
#include "net/socket_stream.h"

namespace sluice::net {
namespace {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

class WaitAcceptable final : public async::Leaf {
 public:
  explicit WaitAcceptable(Acceptor& acceptor) : Leaf(no_deadline), acceptor_(acceptor) {}
  Result<void> await_resume() const {
    if (cause()) return fail(*cause(), "accepting");
    if (error_) return fail(ErrorCode::cancelled, "the listener was closed");
    return {};
  }

 private:
  void start() override {
    acceptor_.async_wait(Acceptor::wait_read, [this](boost::system::error_code error) {
      error_ = error;
      finish();
    });
  }
  void abort() noexcept override {
    boost::system::error_code ignored;
    acceptor_.cancel(ignored);
  }
  Acceptor& acceptor_;
  boost::system::error_code error_;
};

bool out_of_resources(int code) {
  return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

}  // namespace

struct Listener::State {
  explicit State(async::EventLoop& loop) : acceptor(loop.io()) {}
  Acceptor acceptor;
  int family = 0;
};

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}
Listener::~Listener() = default;

Result<std::unique_ptr<Listener>> Listener::adopt(async::EventLoop& loop, int descriptor) {
  int family = 0;
  socklen_t size = sizeof family;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0)
    return fail(system_error(errno, "the descriptor handed over is not a socket"));
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  auto state = std::make_unique<State>(loop);
  state->family = family;
  boost::system::error_code error;
  state->acceptor.assign(boost::asio::generic::stream_protocol(family, 0), descriptor, error);
  if (error) return fail(system_error(error.value(), "listening"));
  return std::unique_ptr<Listener>(new Listener(std::move(state)));
}

Result<std::unique_ptr<Listener>> Listener::open(async::EventLoop& loop, const Address& address, Shared shared) {
  const int descriptor = ::socket(address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return fail(system_error(errno, "opening a socket"));
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (shared == Shared::yes) ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (address.v6) ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  const Endpoint endpoint = to_endpoint(address);
  if (::bind(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
      ::listen(descriptor, 4096) != 0) {
    const Error failure = system_error(errno, "listening on " + to_string(address));
    ::close(descriptor);
    return fail(failure);
  }
  return adopt(loop, descriptor);
}

Result<std::unique_ptr<Listener>> Listener::open_unix(async::EventLoop& loop, const std::string& path, unsigned mode) {
  sockaddr_un raw{};
  raw.sun_family = AF_UNIX;
  if (path.size() >= sizeof raw.sun_path)
    return fail(ErrorCode::invalid_argument, "the socket path " + path + " is too long");
  std::memcpy(raw.sun_path, path.data(), path.size());
  struct stat old{};
  if (::lstat(path.c_str(), &old) == 0) {
    if (!S_ISSOCK(old.st_mode)) return fail(ErrorCode::conflict, path + " exists and is not a socket");
    ::unlink(path.c_str());
  }
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return fail(system_error(errno, "opening a socket"));
  if (::bind(descriptor, reinterpret_cast<sockaddr*>(&raw), sizeof raw) != 0 || ::chmod(path.c_str(), mode) != 0 ||
      ::listen(descriptor, 64) != 0) {
    const Error failure = system_error(errno, "listening on " + path);
    ::close(descriptor);
    return fail(failure);
  }
  return adopt(loop, descriptor);
}

Address Listener::local() const {
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  ::getsockname(state_->acceptor.native_handle(), reinterpret_cast<sockaddr*>(&raw), &size);
  return from_sockaddr(&raw, size);
}

Task<Result<Accepted>> Listener::accept() {
  for (;;) {
    sockaddr_storage raw{};
    socklen_t size = sizeof raw;
    if (!state_->acceptor.is_open()) co_return fail(ErrorCode::cancelled, "the listener was closed");
    const int descriptor = ::accept4(state_->acceptor.native_handle(), reinterpret_cast<sockaddr*>(&raw), &size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      Accepted accepted;
      accepted.peer = from_sockaddr(&raw, size);
      size = sizeof raw;
      ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&raw), &size);
      accepted.local = from_sockaddr(&raw, size);
      if (state_->family != AF_UNIX) set_no_delay(descriptor);
      Socket socket(async::EventLoop::current()->io());
      boost::system::error_code error;
      socket.assign(boost::asio::generic::stream_protocol(state_->family, 0), descriptor, error);
      if (error) {
        ::close(descriptor);
        co_return fail(system_error(error.value(), "accepting"));
      }
      accepted.stream = std::make_unique<SocketStream>(std::move(socket));
      co_return accepted;
    }
    const int code = errno;
    if (out_of_resources(code)) {
      Result<void> slept = co_await async::sleep_for(std::chrono::milliseconds(50));
      if (!slept) co_return fail(slept.error());
    } else if (code == EAGAIN) {
      Result<void> ready = co_await WaitAcceptable(state_->acceptor);
      if (!ready) co_return fail(ready.error());
    } else if (code == EBADF || code == EINVAL) {
      co_return fail(system_error(code, "accepting"));
    }
    // Everything else is a connection that ended before we took it (accept(2), "Error handling"): take the next.
  }
}

void Listener::close() noexcept {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
}

}  // namespace sluice::net
