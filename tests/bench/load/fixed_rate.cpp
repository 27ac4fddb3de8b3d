// Load at a fixed rate over keep-alive connections.
//
//   bench_fixed_rate PORT REQUEST_FILE RATE SECONDS CONNECTIONS
//
// Request i is due at start + i/RATE whether or not earlier ones were answered (an open loop: a slow peer is not
// spared), and its latency counts from that moment. RATE 0 asks as fast as answers come. Prints one JSON object with
// the requests answered, the errors, and latencies in microseconds.
#include "sockets.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace sluice::bench;
using Time = std::int64_t;  // nanoseconds

Time now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Connection {
  int socket = -1;
  Time due = 0;
  std::string received;
  std::size_t sent = 0;
};

struct Load {
  std::string request;
  int poll = epoll_create1(0);
  std::vector<Connection> connections;
  std::vector<std::size_t> idle;
  std::vector<Time> latencies;
  std::uint64_t errors = 0;

  void connect_all(std::uint16_t port, std::size_t count) {
    connections.resize(count);
    const auto address = loopback(port);
    for (std::size_t i = 0; i < count; ++i) {
      const int made = socket(AF_INET, SOCK_STREAM, 0);
      if (connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connect");
      make_prompt(made);
      epoll_event watch{.events = EPOLLIN, .data = {.u64 = i}};
      epoll_ctl(poll, EPOLL_CTL_ADD, made, &watch);
      connections[i].socket = made;
      idle.push_back(i);
    }
  }

  void begin(Time due) {
    const auto index = idle.back();
    idle.pop_back();
    auto& connection = connections[index];
    connection.due = due;
    connection.sent = 0;
    push(connection, index);
  }

  void push(Connection& connection, std::size_t index) {
    const auto left = request.size() - connection.sent;
    const auto put = write(connection.socket, request.data() + connection.sent, left);
    if (put < 0 && errno != EAGAIN) fail("write");
    if (put > 0) connection.sent += static_cast<std::size_t>(put);
    const bool all = connection.sent == request.size();
    if (all && put == static_cast<ssize_t>(left) && left == request.size()) return;
    epoll_event watch{.events = all ? EPOLLIN : (EPOLLIN | EPOLLOUT), .data = {.u64 = index}};
    epoll_ctl(poll, EPOLL_CTL_MOD, connection.socket, &watch);
  }

  void take(std::size_t index) {
    auto& connection = connections[index];
    static std::array<char, 1 << 16> buffer;
    const auto got = read(connection.socket, buffer.data(), buffer.size());
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      std::fprintf(stderr, "the peer closed a connection after %zu answers\n", latencies.size());
      std::exit(1);
    }
    connection.received.append(buffer.data(), static_cast<std::size_t>(got));
    const auto length = message_length(connection.received);
    if (!length || *length > connection.received.size()) return;
    latencies.push_back(now() - connection.due);
    if (!connection.received.starts_with("HTTP/1.1 200")) {
      if (errors++ == 0) std::fprintf(stderr, "%.*s\n", 600, connection.received.c_str());
    }
    connection.received.clear();
    idle.push_back(index);
  }
};

void wait_for(Load& load, Time nanoseconds) {
  std::array<epoll_event, 128> events;
  timespec limit{.tv_sec = nanoseconds / 1'000'000'000, .tv_nsec = nanoseconds % 1'000'000'000};
  const auto ready = syscall(SYS_epoll_pwait2, load.poll, events.data(), events.size(), &limit, nullptr, 0);
  for (long i = 0; i < ready; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.events & EPOLLOUT) load.push(load.connections[event.data.u64], event.data.u64);
    if (event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) load.take(event.data.u64);
  }
}

void run(Load& load, double rate, double seconds) {
  const Time start = now();
  const Time end = start + static_cast<Time>(seconds * 1e9);
  const Time patience = end + 5'000'000'000;
  std::uint64_t asked = 0;
  for (;;) {
    Time current = now();
    const auto due = [&] {
      return rate > 0 ? start + static_cast<Time>(static_cast<double>(asked) / rate * 1e9) : current;
    };
    while (!load.idle.empty() && due() <= current && current < end) {
      load.begin(due());
      ++asked;
      current = now();
    }
    if (current >= end && load.idle.size() == load.connections.size()) return;
    if (current >= patience) fail("answers are missing");
    const Time until = current >= end ? patience : load.idle.empty() ? end : std::min(due(), end);
    wait_for(load, std::max<Time>(until - current, 0));
  }
}

double quantile(const std::vector<Time>& sorted, double part) {
  if (sorted.empty()) return 0;
  return static_cast<double>(sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))]) / 1e3;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) {
    std::fprintf(stderr, "usage: bench_fixed_rate PORT REQUEST_FILE RATE SECONDS CONNECTIONS\n");
    return 2;
  }
  prctl(PR_SET_TIMERSLACK, 1UL);
  Load load;
  std::ifstream file(arguments[2], std::ios::binary);
  load.request.assign(std::istreambuf_iterator<char>(file), {});
  load.connect_all(static_cast<std::uint16_t>(std::atoi(arguments[1])), std::strtoul(arguments[5], nullptr, 10));
  run(load, std::atof(arguments[3]), std::atof(arguments[4]));
  auto& latencies = load.latencies;
  std::ranges::sort(latencies);
  std::printf(R"({"requests":%zu,"errors":%llu,"p50":%.1f,"p90":%.1f,"p99":%.1f,"max":%.1f})"
              "\n",
              latencies.size(), static_cast<unsigned long long>(load.errors), quantile(latencies, 0.5),
              quantile(latencies, 0.9), quantile(latencies, 0.99), quantile(latencies, 1.0));
  return load.errors == 0 ? 0 : 1;
}
