#include "gateway/guard/failure_log.h"

#include "guard/external/check.h"
#include "log/log.h"

namespace sluice::gateway {

std::optional<std::uint64_t> FailureLog::count(std::string_view provider, std::string_view reason, SteadyPoint now) {
  const std::lock_guard lock(mutex_);
  if (lines_.size() >= most_kept) lines_.clear();
  const auto [line, first] = lines_.try_emplace({std::string(provider), std::string(reason)}, Line{now, 0});
  if (!first && now - line->second.written < quiet_time) {
    ++line->second.since;
    return std::nullopt;
  }
  line->second.written = now;
  return std::exchange(line->second.since, 0) + 1;
}

void log_failed_check(FailureLog& failures, std::string_view provider, std::string_view surface, const Error& error,
                      SteadyPoint now) {
  if (error.code == ErrorCode::cancelled) return;  // the client left
  const std::string_view reason = guard::external::reason_of(error);
  const std::optional<std::uint64_t> checks = failures.count(provider, reason, now);
  if (!checks) return;
  log::event(log::Level::warning, "guard.check_failed",
             {{"provider", provider},
              {"reason", reason},
              {"surface", surface},
              {"detail", error.detail},
              {"checks", *checks}});
}

}  // namespace sluice::gateway
