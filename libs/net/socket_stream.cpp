#include "net/socket_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <cerrno>
#include <cstring>

#include "async/leaf.h"
#include "net/net.h"

namespace sluice::net {

Endpoint to_endpoint(const Address& address) {
  if (address.v6) {
    sockaddr_in6 raw{};
    raw.sin6_family = AF_INET6;
    raw.sin6_port = htons(address.port);
    std::memcpy(&raw.sin6_addr, address.bytes.data(), 16);
    return {&raw, sizeof raw};
  }
  sockaddr_in raw{};
  raw.sin_family = AF_INET;
  raw.sin_port = htons(address.port);
  std::memcpy(&raw.sin_addr, address.bytes.data(), 4);
  return {&raw, sizeof raw};
}

Address from_sockaddr(const void* data, std::size_t size) {
  Address out;
  sa_family_t family = AF_UNSPEC;
  if (size >= sizeof family) std::memcpy(&family, data, sizeof family);
  if (family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in raw{};
    std::memcpy(&raw, data, sizeof raw);
    std::memcpy(out.bytes.data(), &raw.sin_addr, 4);
    out.port = ntohs(raw.sin_port);
  } else if (family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 raw{};
    std::memcpy(&raw, data, sizeof raw);
    std::memcpy(out.bytes.data(), &raw.sin6_addr, 16);
    out.v6 = true;
    out.port = ntohs(raw.sin6_port);
  }
  return out;
}

void set_no_delay(int descriptor) noexcept {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails on a Unix socket: nothing to set there
}

Error system_error(int code, std::string_view what) {
  ErrorCode kind = ErrorCode::io_failed;
  if (code == ECONNRESET || code == EPIPE || code == ECONNABORTED) kind = ErrorCode::connection_closed;
  if (code == ECONNREFUSED || code == ENETUNREACH || code == EHOSTUNREACH || code == ETIMEDOUT || code == ENOENT)
    kind = ErrorCode::connect_failed;
  return Error{kind, std::string(what) + ": " + std::strerror(code)};
}

namespace {

// The error of an operation that Asio ended: ours when a deadline or stop caused it.
Error outcome_error(const std::optional<ErrorCode>& cause, const boost::system::error_code& error,
                    std::string_view what) {
  if (cause) return Error{*cause, std::string(what)};
  if (error == boost::asio::error::operation_aborted || error == boost::asio::error::bad_descriptor)
    return Error{ErrorCode::cancelled, std::string(what) + ": the stream was closed"};
  return system_error(error.value(), what);
}

class ReadSome final : public async::Leaf {
 public:
  ReadSome(Socket& socket, std::span<char> into, Deadline deadline) : Leaf(deadline), socket_(socket), into_(into) {}
  Result<std::size_t> await_resume() const {
    if (error_ == boost::asio::error::eof) return std::size_t{0};
    // Bytes that came with the deadline are delivered; the next call sees it.
    if (error_) return fail(outcome_error(cause(), error_, "reading"));
    return count_;
  }

 private:
  void start() override {
    socket_.async_receive(boost::asio::buffer(into_.data(), into_.size()),
                          [this](boost::system::error_code error, std::size_t count) {
                            error_ = error;
                            count_ = count;
                            finish();
                          });
  }
  void abort() noexcept override {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }
  Socket& socket_;
  std::span<char> into_;
  boost::system::error_code error_;
  std::size_t count_ = 0;
};

class WaitFor final : public async::Leaf {
 public:
  WaitFor(Socket& socket, Socket::wait_type type, Deadline deadline) : Leaf(deadline), socket_(socket), type_(type) {}
  Result<void> await_resume() const {
    if (error_) return fail(outcome_error(cause(), error_, type_ == Socket::wait_read ? "reading" : "writing"));
    return {};
  }

 private:
  void start() override {
    socket_.async_wait(type_, [this](boost::system::error_code error) {
      error_ = error;
      finish();
    });
  }
  void abort() noexcept override {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }
  Socket& socket_;
  Socket::wait_type type_;
  boost::system::error_code error_;
};

class Connect final : public async::Leaf {
 public:
  Connect(Socket& socket, const Endpoint& endpoint, Deadline deadline)
      : Leaf(deadline), socket_(socket), endpoint_(endpoint) {}
  [[nodiscard]] Result<void> await_resume() const {
    if (error_) return fail(outcome_error(cause(), error_, "connecting"));
    return {};
  }

 private:
  void start() override {
    socket_.async_connect(endpoint_, [this](boost::system::error_code error) {
      error_ = error;
      finish();
    });
  }
  void abort() noexcept override {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }
  Socket& socket_;
  const Endpoint& endpoint_;
  boost::system::error_code error_;
};

Task<Result<StreamPtr>> connect_endpoint(Endpoint endpoint, std::string name, Deadline deadline) {
  Socket socket(async::EventLoop::current()->io());
  boost::system::error_code error;
  socket.open(endpoint.protocol(), error);
  if (error) co_return fail(system_error(error.value(), "opening a socket for " + name));
  if (endpoint.protocol().family() != AF_UNIX) set_no_delay(socket.native_handle());
  Result<void> connected = co_await Connect(socket, endpoint, deadline);
  if (!connected) {
    Error failure = connected.error();
    if (failure.code == ErrorCode::io_failed || failure.code == ErrorCode::connection_closed)
      failure.code = ErrorCode::connect_failed;
    co_return fail(failure.during(name));
  }
  co_return StreamPtr(std::make_unique<SocketStream>(std::move(socket)));
}

}  // namespace

Task<Result<std::size_t>> SocketStream::read_some(std::span<char> into, Deadline deadline) {
  Result<std::size_t> count = co_await ReadSome(socket_, into, deadline);
  co_return count;
}

Task<Result<void>> SocketStream::write(std::span<const std::string_view> pieces, Deadline deadline) {
  std::size_t index = 0;
  std::size_t offset = 0;  // into pieces[index]
  for (;;) {
    std::array<iovec, 16> parts{};
    std::size_t count = 0;
    for (std::size_t i = index; i < pieces.size() && count < parts.size(); ++i) {
      const std::string_view piece = i == index ? pieces[i].substr(offset) : pieces[i];
      if (piece.empty()) continue;
      parts[count++] = {const_cast<char*>(piece.data()), piece.size()};
    }
    if (count == 0) {
      if (pieces.size() - index <= parts.size()) co_return Result<void>();
      index += parts.size(), offset = 0;
      continue;
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      Result<void> ready = co_await WaitFor(socket_, Socket::wait_write, deadline);
      if (!ready) co_return fail(ready.error());
      continue;
    }
    if (sent < 0) {
      if (errno == EBADF) co_return fail(ErrorCode::cancelled, "writing: the stream was closed");
      co_return fail(system_error(errno, "writing"));
    }
    auto left = static_cast<std::size_t>(sent);
    while (left > 0) {
      const std::size_t here = std::min(left, pieces[index].size() - offset);
      left -= here, offset += here;
      if (offset == pieces[index].size()) ++index, offset = 0;
    }
  }
}

Task<Result<void>> SocketStream::finish_writing(Deadline) {
  if (::shutdown(socket_.native_handle(), SHUT_WR) != 0 && errno != ENOTCONN)
    co_return fail(system_error(errno, "finishing"));
  co_return Result<void>();
}

void SocketStream::close() noexcept {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

bool SocketStream::stale() noexcept {
  char byte = 0;
  const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return !(got < 0 && (errno == EAGAIN || errno == EINTR));
}

std::optional<Result<std::size_t>> SocketStream::try_read(std::span<char> into) noexcept {
  const ssize_t got = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
  if (got >= 0) return static_cast<std::size_t>(got);
  if (errno == EAGAIN || errno == EINTR) return std::nullopt;
  return fail(system_error(errno, "reading"));
}

int SocketStream::descriptor() const noexcept {
  return socket_.is_open() ? socket_.native_handle() : -1;
}

Task<Result<void>> SocketStream::wait_readable(Deadline deadline) {
  Result<void> ready = co_await WaitFor(socket_, Socket::wait_read, deadline);
  co_return ready;
}

Task<Result<void>> SocketStream::wait_writable(Deadline deadline) {
  Result<void> ready = co_await WaitFor(socket_, Socket::wait_write, deadline);
  co_return ready;
}

Task<Result<StreamPtr>> connect(Address address, Deadline deadline) {
  return connect_endpoint(to_endpoint(address), to_string(address), deadline);
}

Task<Result<StreamPtr>> connect_any(std::vector<Address> addresses, Deadline deadline) {
  Error last{ErrorCode::resolve_failed, "no address to connect to"};
  std::string tried;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const bool only = i + 1 == addresses.size();
    const Deadline step = only ? deadline : std::min(deadline, in(std::chrono::seconds(3)));
    Result<StreamPtr> stream = co_await connect(addresses[i], step);
    if (stream) co_return stream;
    last.code = stream.error().code;
    tried += (tried.empty() ? "" : "; ") + stream.error().detail;
    if (last.code == ErrorCode::cancelled || steady_now() >= deadline) break;
  }
  if (!tried.empty()) last.detail = tried;
  co_return fail(last);
}

Task<Result<StreamPtr>> connect_unix(std::string path, Deadline deadline) {
  sockaddr_un raw{};
  raw.sun_family = AF_UNIX;
  if (path.size() >= sizeof raw.sun_path)
    co_return fail(ErrorCode::invalid_argument, "the socket path " + path + " is too long");
  std::memcpy(raw.sun_path, path.data(), path.size());
  Result<StreamPtr> stream = co_await connect_endpoint(Endpoint(&raw, sizeof raw), path, deadline);
  co_return stream;
}

Result<Address> original_destination(const ByteStream& stream) {
  const int descriptor = stream.descriptor();
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&raw), &size) != 0)
    return fail(system_error(errno, "reading the local address"));
  const Address local = from_sockaddr(&raw, size);
  constexpr int original = 80;  // SO_ORIGINAL_DST and IP6T_SO_ORIGINAL_DST (linux/netfilter_ipv4.h)
  // A dual-stack listener sees IPv4 as ::ffff:a.b.c.d, and its redirect is in the IPv4 table.
  const bool mapped = local.v6 && std::memcmp(local.bytes.data(), "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;
  size = sizeof raw;
  const int level = local.v6 && !mapped ? IPPROTO_IPV6 : IPPROTO_IP;
  if (::getsockopt(descriptor, level, original, &raw, &size) != 0)
    return fail(ErrorCode::not_found, std::string("no redirected destination: ") + std::strerror(errno));
  return from_sockaddr(&raw, size);
}

}  // namespace sluice::net
