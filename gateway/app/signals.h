// SIGTERM, SIGINT and SIGHUP, taken by the main thread alone. Construct before any other thread starts: threads inherit
// the mask. SIGPIPE is ignored: a closed connection is an error value.
#pragma once
#include <chrono>
#include <optional>

namespace sluice::gateway {

class Signals {
 public:
  Signals();
  enum class Kind { stop, reload };
  // The next signal, or nothing when `patience` is over.
  std::optional<Kind> wait(std::chrono::milliseconds patience) const;
};

}  // namespace sluice::gateway
