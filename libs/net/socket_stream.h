// Private to libs/net: the stream over a kernel socket (TCP or Unix) and the conversions to Asio's types.
#pragma once
#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "async/event_loop.h"
#include "net/address.h"
#include "net/stream.h"

namespace sluice::net {

using Socket = boost::asio::generic::stream_protocol::socket;
using Endpoint = boost::asio::generic::stream_protocol::endpoint;

Endpoint to_endpoint(const Address& address);
Address from_sockaddr(const void* data, std::size_t size);
void set_no_delay(int descriptor) noexcept;
Error system_error(int code, std::string_view what);

class SocketStream final : public ByteStream {
 public:
  explicit SocketStream(Socket socket) : socket_(std::move(socket)) {}
  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline deadline) override;
  Task<Result<void>> write(std::span<const std::string_view> pieces, Deadline deadline) override;
  Task<Result<void>> finish_writing(Deadline deadline) override;
  void close() noexcept override;
  bool stale() noexcept override;
  std::optional<Result<std::size_t>> try_read(std::span<char> into) noexcept override;
  [[nodiscard]] int descriptor() const noexcept override;

  Task<Result<void>> wait_readable(Deadline deadline);
  Task<Result<void>> wait_writable(Deadline deadline);
  Socket& socket() noexcept { return socket_; }

 private:
  mutable Socket socket_;
};

}  // namespace sluice::net
