// A provider that costs as little as possible: answers each request on a keep-alive connection with the same 1.3 KB
// chat completion. usage: bench_upstream PORT
#include "sockets.h"

#include <sys/epoll.h>

#include <array>
#include <string>
#include <vector>

namespace {

using namespace sluice::bench;

std::string answer() {
  std::string text;
  while (text.size() < 950) text += "The quick brown fox jumps over the lazy dog. ";
  const std::string body =
      R"({"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"gpt-5","choices":[{"index":0,)"
      R"("message":{"role":"assistant","content":")" +
      text +
      R"(","refusal":null},"logprobs":null,"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":200,"completion_tokens":240,"total_tokens":440}})";
  return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Peer {
  std::string received;
  bool open = false;
};

void serve(int socket, Peer& peer, const std::string& text) {
  static std::array<char, 1 << 16> buffer;
  for (;;) {
    const auto got = read(socket, buffer.data(), buffer.size());
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
      close(socket);
      peer = {};
      return;
    }
    if (got < 0) return;
    peer.received.append(buffer.data(), static_cast<std::size_t>(got));
    for (auto length = message_length(peer.received); length && *length <= peer.received.size();
         length = message_length(peer.received)) {
      peer.received.erase(0, *length);
      if (write(socket, text.data(), text.size()) != static_cast<ssize_t>(text.size())) fail("write");
    }
    if (static_cast<std::size_t>(got) < buffer.size()) return;
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto address = loopback(static_cast<std::uint16_t>(std::atoi(arguments[1])));
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (listen(listener, 1024) != 0) fail("listen");
  make_prompt(listener);
  const int poll = epoll_create1(0);
  epoll_event watch{.events = EPOLLIN, .data = {.fd = listener}};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &watch);
  const auto text = answer();
  std::vector<Peer> peers(4096);
  std::array<epoll_event, 256> events;
  for (;;) {
    const int ready = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket != listener) {
        serve(socket, peers[static_cast<std::size_t>(socket)], text);
        continue;
      }
      for (int accepted = accept(listener, nullptr, nullptr); accepted >= 0;
           accepted = accept(listener, nullptr, nullptr)) {
        make_prompt(accepted);
        if (static_cast<std::size_t>(accepted) >= peers.size()) fail("too many connections");
        epoll_event added{.events = EPOLLIN, .data = {.fd = accepted}};
        epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &added);
      }
    }
  }
}
