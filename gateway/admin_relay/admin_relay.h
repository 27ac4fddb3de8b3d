// Relays the administration API and the web console, so that a single machine (`./dev up`) offers everything at one
// address. Only on loopback: the settings table refuses it elsewhere. Nothing is changed but connection fields; the
// console sees the browser's own Host, Origin and cookies and decides as always.
//
// Threads: the worker's loop.
#pragma once
#include "gateway/pipeline/in_flight.h"
#include "gateway/upstream/upstream.h"
#include "http/connection.h"

namespace sluice::gateway {

class AdminRelay {
 public:
  AdminRelay(Upstreams& upstreams, InFlight& in_flight, Destination console)
      : upstreams_(upstreams), in_flight_(in_flight), console_(std::move(console)) {}

  Task<void> serve(http::Exchange& exchange);

 private:
  Task<Result<void>> send_request(http::Exchange& exchange, http::ClientConnection& upstream) const;
  Task<Result<void>> relay_answer(http::Exchange& exchange, http::ClientConnection& upstream) const;
  Upstreams& upstreams_;
  InFlight& in_flight_;
  Destination console_;
};

}  // namespace sluice::gateway
