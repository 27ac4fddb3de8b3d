#include "gateway/pipeline/in_flight.h"

namespace sluice::gateway {

Task<void> InFlight::look_after_clients() {
  for (;;) {
    Result<void> slept = co_await async::sleep_for(client_look_interval);
    if (!slept) co_return;
    look_once();
  }
}

void InFlight::look_once() {
  for (async::Link* link = head_.next(); link != &head_;) {
    auto* const watch = static_cast<Watch*>(link);
    link = link->next();
    // `stale` is also true for a client that sends its next request before this answer (pipelining). RFC 9112 §9.3.2
    // allows a server to close then, and no AI client does it.
    if (!watch->client_.stale()) continue;
    watch->unlink();
    watch->gone_ = true;
    if (http::ClientConnection* const upstream = watch->upstream_.operator->()) upstream->close();
  }
}

}  // namespace sluice::gateway
