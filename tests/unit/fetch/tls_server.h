// An HTTPS server for tests on a loopback port: one thread, one connection at a time, blocking sockets.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "tls/engine.h"

namespace sluice::fetch {

class TlsServer {
 public:
  // Answers one request (its head and body) with the whole response text; an empty answer closes the connection.
  using Handler = std::function<std::string(std::string request)>;
  TlsServer(tls::TlsContext context, Handler handler);
  ~TlsServer();

  [[nodiscard]] std::string url(const std::string& path) const {
    return "https://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  void serve();
  void converse(int socket);

  tls::TlsContext context_;
  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<int> active_{-1};
  std::thread thread_;
};

}  // namespace sluice::fetch
