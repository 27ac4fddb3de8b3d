#include "agent/spool/device_audit.h"

#include "agent/enrolment/console_client.h"

namespace sluice::agent {
namespace {
constexpr std::size_t batch_records = 500;
}

Result<std::unique_ptr<DeviceAudit>> DeviceAudit::open(std::filesystem::path folder, std::string device_id,
                                                       std::uint64_t size_limit) {
  auto spool =
      audit::Spool::open({.folder = std::move(folder), .origin = std::move(device_id), .size_limit = size_limit});
  if (!spool) return fail(spool.error());
  // Requests that the end of the process cut off.
  if (const auto closed = (*spool)->close_interrupted(wall_now()); !closed) return fail(closed.error());
  return std::unique_ptr<DeviceAudit>(new DeviceAudit(std::move(*spool)));
}

Result<void> DeviceAudit::write(const audit::Record& record) {
  const auto sequence = spool_->append(record);
  if (!sequence) return fail(sequence.error());
  return {};
}

bool DeviceAudit::pending() const {
  const auto state = spool_->state();
  return state.last_sequence > state.acknowledged;
}

Result<bool> DeviceAudit::ship(ConsoleClient& console) {
  const auto batch = spool_->read_from(spool_->state().acknowledged + 1, batch_records);
  if (!batch) return fail(batch.error());
  if (batch->lines.empty()) return false;
  const auto accepted = console.events({.origin = spool_->origin(), .records = batch->lines});
  if (!accepted) return fail(accepted.error());
  const auto through = std::min<std::uint64_t>(batch->last, static_cast<std::uint64_t>(*accepted));
  if (through < batch->first) return fail(ErrorCode::upstream_failed, "the console took none of the records");
  if (auto done = spool_->acknowledge(through); !done) return fail(done.error());
  return true;
}

}  // namespace sluice::agent
