// The two doors of a worker. API clients come over plain HTTP (TLS stands in front of it, or the listener is on
// loopback); devices come over TLS with a client certificate of the organisation's identity CA.
//
// Threads: the worker's loop.
#pragma once
#include <memory>
#include <optional>

#include "gateway/admin_relay/admin_relay.h"
#include "gateway/metrics/metrics.h"
#include "gateway/pipeline/pipeline.h"
#include "http/server.h"
#include "net/net.h"
#include "tls/engine.h"

namespace sluice::gateway {

class Edge {
 public:
  // `relay` may be null: then paths outside the API are 404.
  Edge(async::EventLoop& loop, Pipeline& pipeline, AdminRelay* relay, Metrics& metrics, http::Limits limits,
       std::size_t connection_limit);

  void listen_api(std::unique_ptr<net::Listener> listener);
  void listen_devices(std::unique_ptr<net::Listener> listener, tls::TlsContext identity);
  // The gateway's certificate was renewed: for handshakes from now on.
  void set_identity(tls::TlsContext identity) { identity_ = std::move(identity); }

  Task<void> drain(Deadline deadline);
  [[nodiscard]] std::size_t connections() const noexcept { return api_.connections() + devices_.connections(); }

 private:
  Task<void> serve_api(http::Exchange& exchange);
  Task<void> serve_device(http::Exchange& exchange, std::shared_ptr<const Caller> device);
  Task<Result<http::Prepared>> greet_device(net::Accepted accepted);
  http::ServerOptions options(http::Limits limits, std::size_t connection_limit, http::Handler handler);

  Pipeline& pipeline_;
  AdminRelay* relay_;
  Metrics& metrics_;
  const Caller api_client_ = ApiClient{};
  std::optional<tls::TlsContext> identity_;
  http::Server api_;
  http::Server devices_;
};

// The device that a verified certificate names. forbidden when it is no device's (a gateway's, say).
Result<Device> device_of(const std::optional<tls::CertificateFacts>& certificate);

}  // namespace sluice::gateway
