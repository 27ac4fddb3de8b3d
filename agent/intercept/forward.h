// Forwarding one request from an intercepted app, to the gateway or to its origin, and the answer back: unbuffered in
// both directions, field values and order as they came, names of hop-by-hop fields excepted.
//
// Threads: the loop's.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "agent/enforce/device_state.h"
#include "agent/process/classify.h"
#include "http/pool.h"
#include "net/net.h"

namespace sluice::agent {

// One terminated connection: where it was meant to go and whose it is.
struct Flow {
  std::string host;     // governed, lower case
  net::Address origin;  // the address that the app asked for
  ProcessFacts process;
  AppIdentity identity;
  std::string app_version;
};

enum class Relayed : std::uint8_t {
  complete,      // the answer reached the app whole
  not_started,   // nothing was sent upstream and nothing answered: another way may be tried, or a refusal sent
  failed_early,  // the request may have been sent, the app has no answer yet
  cut,           // the answer broke midway: the connection to the app is closed
  abandoned,     // the app went away; the request upstream was ended too
};
struct RelayResult {
  Relayed how = Relayed::complete;
  Error error;
};

class Forwarder {
 public:
  // `gateway_url` is asked at each new connection: it comes from the configuration or the policy.
  Forwarder(async::EventLoop& loop, async::WorkerPool& workers, DeviceState& state,
            std::function<std::string()> gateway_url);

  // `app` is the name that the request is accounted under.
  Task<RelayResult> to_gateway(http::Exchange& exchange, const Flow& flow, std::string app);
  Task<RelayResult> to_origin(http::Exchange& exchange, const Flow& flow);
  void forget_connections() noexcept;  // after a new certificate or gateway

  // For requests that are looked into on their way to the origin (direct_guard.h).
  Task<Result<http::ConnectionPool::Lease>> acquire_origin(const Flow& flow);
  // cancelled when the app went away meanwhile.
  Task<Result<http::ResponseHead>> read_answer(http::Exchange& exchange, http::ClientConnection& upstream,
                                               Deadline deadline);
  // The head as it goes on: without hop-by-hop fields, Expect and everything that is Sluice's to say.
  static http::RequestHead forwarded(const http::RequestHead& original);

 private:
  Task<Result<net::StreamPtr>> connect_gateway(Deadline deadline);
  Task<Result<net::StreamPtr>> connect_origin(std::string key, Deadline deadline);
  Task<RelayResult> relay(http::Exchange& exchange, http::ConnectionPool::Lease lease, http::RequestHead head);
  Task<Result<void>> send_request(http::Exchange& exchange, http::ClientConnection& upstream, http::RequestHead head);
  Task<RelayResult> send_answer(http::Exchange& exchange, http::ClientConnection& upstream, http::ResponseHead head);

  DeviceState& state_;
  std::function<std::string()> gateway_url_;
  Result<tls::TlsContext> origin_trust_;  // the machine's store
  net::Resolver resolver_;
  std::unique_ptr<http::ConnectionPool> gateways_;
  std::unique_ptr<http::ConnectionPool> origins_;
};

}  // namespace sluice::agent
