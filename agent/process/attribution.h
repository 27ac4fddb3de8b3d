// Who owns a connection, asked without blocking the loop: over the channel to the privileged process, or directly.
#pragma once
#include "agent/process/facts.h"
#include "agent/process/owner.h"
#include "async/task.h"
#include "base/result.h"

namespace sluice::agent {

class Attribution {
 public:
  virtual ~Attribution() = default;
  // Errors as SocketOwners::owner_of, and timed_out.
  virtual Task<Result<ProcessFacts>> owner_of(SocketEnd client, SocketEnd server) = 0;
};

}  // namespace sluice::agent
