// Connections to providers (and, for admin_relay, to the console): one pool per worker, its own resolver, and the
// refusal of special-purpose addresses after resolution, so that no name of a policy or a provider's setting leads
// into the company's own network unless `upstream.allowed_private_networks` says so (server-side request forgery).
//
// Threads: an Upstreams belongs to its loop; Resolver and TlsContext are shared.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "async/event_loop.h"
#include "gateway/metrics/metrics.h"
#include "gateway/upstream/destination.h"
#include "http/pool.h"
#include "net/net.h"
#include "tls/engine.h"

namespace sluice::gateway {

struct UpstreamOptions {
  tls::TlsContext provider_trust;                // chain and name verified; no client certificate
  std::optional<tls::TlsContext> console_trust;  // pinned key; only with admin_relay
  std::vector<net::Network> allowed_private_networks;
  http::PoolOptions pool;
};

class Upstreams {
 public:
  Upstreams(async::EventLoop& loop, net::Resolver& resolver, UpstreamOptions options, Metrics& metrics);

  // A pooled or new connection. address_refused, resolve_failed, connect_failed, untrusted, timed_out, overloaded.
  Task<Result<http::ConnectionPool::Lease>> acquire(const Destination& destination, Deadline deadline);

 private:
  Task<Result<net::StreamPtr>> connect(std::string key, Deadline deadline);
  net::Resolver& resolver_;
  UpstreamOptions options_;
  Metrics& metrics_;
  http::ConnectionPool pool_;
};

// The addresses that may be dialled; address_refused, naming the name and the refused address, when none may.
Result<std::vector<net::Address>> permitted_addresses(std::string_view host, const std::vector<net::Address>& resolved,
                                                      const std::vector<net::Network>& allowed);

}  // namespace sluice::gateway
