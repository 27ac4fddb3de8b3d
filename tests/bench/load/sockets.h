// What the load and the upstream share: a non-blocking socket and the little HTTP/1.1 that both speak.
// Both run in one thread on a core of their own and trust their input: they are not for use outside measurements.
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace sluice::bench {

[[noreturn]] inline void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline void make_prompt(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
}

// The length of the message that `bytes` starts with, head and body; nothing while the head is incomplete.
// Knows content-length and chunked messages.
inline std::optional<std::size_t> message_length(std::string_view bytes) {
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return std::nullopt;
  const auto fields = bytes.substr(0, head);
  const auto body = head + 4;
  for (std::size_t at = fields.find("\r\n"); at != std::string_view::npos; at = fields.find("\r\n", at + 2)) {
    const auto line = fields.substr(at + 2, fields.find("\r\n", at + 2) - at - 2);
    const auto is = [&](std::string_view name) {
      if (line.size() < name.size()) return false;
      for (std::size_t i = 0; i < name.size(); ++i)
        if ((line[i] | 0x20) != name[i] && line[i] != name[i]) return false;
      return true;
    };
    if (is("content-length:")) {
      auto value = line.substr(sizeof "content-length:" - 1);
      while (value.starts_with(' ')) value.remove_prefix(1);
      std::size_t length = 0;
      std::from_chars(value.data(), value.data() + value.size(), length);
      return body + length;
    }
    if (is("transfer-encoding:")) {
      const auto end = bytes.find("0\r\n\r\n", body);
      return end == std::string_view::npos ? std::nullopt : std::optional{end + 5};
    }
  }
  return body;
}

}  // namespace sluice::bench
