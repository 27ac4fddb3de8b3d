// What happens to a captured connection: look at the ClientHello, find the process, then pass the bytes on unread or
// terminate and decide on every request.
//
// Threads: the loop's. Memory per connection: the hello (at most 64 KiB) until it is read, then what libs/http and the
// kernel's pipes hold.
#pragma once
#include <functional>
#include <list>
#include <memory>

#include "agent/enforce/device_state.h"
#include "agent/enforce/verdict.h"
#include "agent/intercept/direct_guard.h"
#include "agent/intercept/forward.h"
#include "agent/intercept/leaf_store.h"
#include "agent/process/attribution.h"
#include "audit/record.h"
#include "http/server.h"
#include "net/net.h"
#include "tls/client_hello.h"

namespace sluice::agent {

struct InterceptorParts {
  DeviceState& state;
  Attribution& attribution;
  LeafStore& leaves;
  Forwarder& forwarder;
  const Clock& clock;
  DirectGuard& direct;
  std::function<void(audit::Refusal)> record;  // keeps a refusal of the device
};

class Interceptor {
 public:
  explicit Interceptor(InterceptorParts parts);

  // Serves one connection to its end. `destination` is what the app asked for.
  Task<void> serve(net::StreamPtr client, net::Address peer, net::Address destination);

  // From now on terminated connections end after the answer they are at; those between two requests end at once.
  void drain() noexcept;

 private:
  struct Look;
  Task<Look> look_at(net::ByteStream& client);
  Task<void> splice(net::StreamPtr client, net::Address destination, std::string first);
  // The TLS settings to terminate with, or nothing: then the connection passes unread.
  Task<Result<tls::TlsContext>> may_terminate(std::string host);
  Task<void> terminate(net::StreamPtr client, tls::TlsContext context, Flow flow);
  Task<void> answer(http::Exchange& exchange, const Flow& flow);
  Task<void> deny(http::Exchange& exchange, const Flow& flow, std::shared_ptr<const policy::Policy> policy,
                  Deny denial);
  // What a request was decided under: a policy that comes meanwhile changes neither half.
  struct Rules {
    std::shared_ptr<const policy::Policy> policy;
    std::shared_ptr<const guard::Guard> guard;
  };
  Task<void> forward(http::Exchange& exchange, const Flow& flow, bool to_gateway, Rules rules);
  Task<void> upstream_failed(http::Exchange& exchange, const Flow& flow, RelayResult result, bool to_gateway,
                             std::shared_ptr<const policy::Policy> policy);
  // A terminated connection, while it is served.
  struct Terminated {
    net::ByteStream* stream = nullptr;
    bool busy = false;
  };
  Task<void> answer_one(http::Exchange& exchange, const Flow& flow, Terminated& connection);
  InterceptorParts parts_;
  std::list<Terminated> terminated_;
  bool draining_ = false;
};

}  // namespace sluice::agent
