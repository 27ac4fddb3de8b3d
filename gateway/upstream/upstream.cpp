#include "gateway/upstream/upstream.h"

#include <algorithm>

namespace sluice::gateway {

Upstreams::Upstreams(async::EventLoop& loop, net::Resolver& resolver, UpstreamOptions options, Metrics& metrics)
    : resolver_(resolver),
      options_(std::move(options)),
      metrics_(metrics),
      pool_(
          loop, [this](std::string key, Deadline deadline) { return connect(std::move(key), deadline); },
          options_.pool) {}

Task<Result<http::ConnectionPool::Lease>> Upstreams::acquire(const Destination& destination, Deadline deadline) {
  return pool_.acquire(destination.pool_key, deadline);
}

Task<Result<net::StreamPtr>> Upstreams::connect(std::string key, Deadline deadline) {
  const Destination destination = parse_pool_key(key);
  Result<std::vector<net::Address>> addresses =
      co_await resolver_.resolve(destination.host, destination.port, deadline);
  if (!addresses) co_return fail(addresses.error());
  if (destination.trust == DestinationTrust::provider) {
    addresses = permitted_addresses(destination.host, *addresses, options_.allowed_private_networks);
    if (!addresses) {
      ++metrics_.addresses_refused;
      co_return fail(addresses.error());
    }
  }
  Result<net::StreamPtr> stream = co_await net::connect_any(std::move(*addresses), deadline);
  if (!stream || destination.transport == Transport::plain) co_return stream;
  const bool console = destination.trust == DestinationTrust::console;
  if (console && !options_.console_trust) co_return fail(ErrorCode::untrusted, "the console's key is not known");
  const tls::TlsContext context = console ? *options_.console_trust : options_.provider_trust;
  Result<net::TlsStreamPtr> secured =
      co_await net::connect_tls(std::move(*stream), context, destination.host, deadline);
  if (!secured) co_return fail(secured.error().during(destination.host));
  co_return net::StreamPtr(std::move(*secured));
}

Result<std::vector<net::Address>> permitted_addresses(std::string_view host, const std::vector<net::Address>& resolved,
                                                      const std::vector<net::Network>& allowed) {
  std::vector<net::Address> permitted;
  for (const net::Address& address : resolved) {
    const bool listed = std::ranges::any_of(allowed, [&](const net::Network& net) { return net.contains(address); });
    if (listed || !net::is_special_purpose(address)) permitted.push_back(address);
  }
  if (!permitted.empty()) return permitted;
  if (resolved.empty()) return fail(ErrorCode::resolve_failed, std::string(host) + " has no address");
  return fail(ErrorCode::address_refused,
              std::string(host) + " leads to " + net::ip_text(resolved.front()) +
                  ", which is not a public address; upstream.allowed_private_networks may allow it");
}

}  // namespace sluice::gateway
