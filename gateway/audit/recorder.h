// Writes the audit records of requests into the gateway's spool, and knows what happens when that is not possible.
//
// `audit.on_full`: refuse (default): a request whose intent cannot be written is refused before anything goes
// upstream, because an unrecorded request is worse than a failed one. pass_counted: it passes, and
// sluice_audit_lost_total counts it. Completions and refusals are written when there is room (the spool takes
// completions beyond its limit) and counted otherwise; a completion is written later if the process lives.
//
// Threads: one recorder per worker; the spool behind it is shared.
#pragma once
#include <string_view>

#include "audit/spool.h"
#include "gateway/metrics/metrics.h"

namespace sluice::gateway {

enum class OnFull : std::uint8_t { refuse, pass_counted };

class Recorder {
 public:
  Recorder(audit::Spool& spool, Metrics& metrics) : spool_(spool), metrics_(metrics) {}
  void set_on_full(OnFull mode) noexcept { on_full_ = mode; }

  // Whether the intent stands in the spool: only then a completion is due. storage_full or io_failed with `refuse`.
  enum class Recorded : std::uint8_t { no, yes };
  Result<Recorded> intent(audit::Intent intent);
  void completion(audit::Completion completion);
  void refusal(audit::Refusal refusal);

 private:
  void write(const audit::Record& record);
  audit::Spool& spool_;
  Metrics& metrics_;
  OnFull on_full_ = OnFull::refuse;
};

}  // namespace sluice::gateway
