// Whether guardrails can be enforced: compiled as gateways and devices compile them, before anything is stored.
//
// A compilation takes a thread for seconds at worst (the document's bounds), and every change needs to see the one
// before it. So whoever changes or tries guardrails takes a turn. Blocks. Threads: any.
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "guard/guard.h"
#include "policy/guardrails.h"

namespace sluice::console {

class GuardCheck {
 public:
  static constexpr std::chrono::seconds patience{20};
  // Two of the workers may wait for a turn; the others go on answering.
  static constexpr int most_waiting = 2;
  static constexpr std::size_t most_pattern_bytes = 64U << 20U;
  static constexpr std::size_t most_kept = 4;

  using Turn = std::unique_lock<std::timed_mutex>;
  // overloaded when others wait already, or the turn did not come in time.
  Result<Turn> turn();

  // invalid_argument with the path in the document. The last few are kept: trying a text again, saving what was tried,
  // and switching a rule off and on cost no compilation.
  Result<std::shared_ptr<const guard::Guard>> compile(const Turn& turn, const policy::GuardrailDocument& document,
                                                      const Secret& hash_key);

 private:
  std::timed_mutex one_at_a_time_;
  std::atomic<int> waiting_ = 0;
  // Of whoever has the turn.
  struct Kept {
    std::string text;
    std::shared_ptr<const guard::Guard> guard;
  };
  std::vector<Kept> kept_;               // the newest last
  std::string patterns_key_, patterns_;  // compiled, for what the next document has in common with the last
};

}  // namespace sluice::console
