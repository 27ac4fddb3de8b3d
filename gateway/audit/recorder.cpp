#include "gateway/audit/recorder.h"

#include "log/log.h"

namespace sluice::gateway {
namespace {

log::RateLimit lost_limit(1);

}  // namespace

Result<Recorder::Recorded> Recorder::intent(audit::Intent intent) {
  const Result<std::uint64_t> written = spool_.append(audit::Record(std::move(intent)));
  if (written) return Recorded::yes;
  ++metrics_.audit_lost;
  log::event(lost_limit, log::Level::error, "audit.write_failed",
             {{"error", written.error().name()}, {"detail", written.error().detail}});
  if (on_full_ == OnFull::pass_counted) return Recorded::no;
  return fail(written.error().code, "the audit record of this request could not be written");
}

void Recorder::completion(audit::Completion completion) {
  write(audit::Record(std::move(completion)));
}

void Recorder::refusal(audit::Refusal refusal) {
  write(audit::Record(std::move(refusal)));
}

void Recorder::write(const audit::Record& record) {
  const Result<std::uint64_t> written = spool_.append(record);
  if (written) return;
  ++metrics_.audit_lost;
  log::event(lost_limit, log::Level::error, "audit.write_failed",
             {{"error", written.error().name()}, {"detail", written.error().detail}});
}

}  // namespace sluice::gateway
