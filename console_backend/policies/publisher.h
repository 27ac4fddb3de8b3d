// The signed policy documents in force, made new after every change.
//
// publish() reads what was decided, takes the next version, signs both documents and swaps them in; whoever waits for
// a change is told at once and answers from memory: ten thousand waiting devices cost one read of the database.
// The version is stored before the documents are shown to anybody, so a restarted console never reuses one.
// Threads: publish() blocks (database), one at a time; current() any.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "console_backend/ca/authority.h"
#include "policy/snapshot.h"
#include "store/database.h"
#include "wire/signed.h"

namespace sluice::console {

// One published state; immutable.
struct Published {
  wire::SnapshotVersion version;
  std::string etag;              // with its quotes
  std::string fleet_payload;     // for administrators; holds no secret
  std::string fleet_envelope;    // what devices get
  std::string gateway_envelope;  // what gateways get; holds provider keys and credentials of external checks
  TimePoint not_after;
  policy::FleetSnapshot fleet;
};

struct PolicyFacts {
  std::string gateway_url;
  std::string contact;
};

class Publisher {
 public:
  static constexpr std::chrono::hours validity{24 * 14};  // the control plane may be away for a week
  static constexpr std::chrono::hours reissue_after{24};  // the same content is signed again daily

  // References outlive the publisher.
  Publisher(store::Database& config, const Keys& keys, const MasterKey& master, PolicyFacts facts, const Clock& clock);

  Result<std::shared_ptr<const Published>> publish();
  // Never null after the first publish().
  [[nodiscard]] std::shared_ptr<const Published> current() const;
  // Called by publish(), on its thread, after the swap. Set before the first publish().
  void on_change(std::function<void()> function) { on_change_ = std::move(function); }

 private:
  Result<policy::GatewaySnapshot> compose(store::Session& session, TimePoint now);
  store::Database& config_;
  const Keys& keys_;
  const MasterKey& master_;
  const PolicyFacts facts_;
  const Clock& clock_;
  std::function<void()> on_change_;
  std::mutex one_at_a_time_;
  mutable std::mutex current_guard_;
  std::shared_ptr<const Published> current_;
};

}  // namespace sluice::console
