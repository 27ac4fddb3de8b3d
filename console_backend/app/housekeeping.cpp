#include "console_backend/app/housekeeping.h"

#include "log/log.h"

namespace sluice::console {

void Housekeeping::flush_check_ins() {
  const std::vector<CheckIn> fresh = services_.presence.take_new();
  if (fresh.empty()) return;
  Result<void> stored = services_.config.write([&](store::Session& session) { store_check_ins(session, fresh); });
  if (!stored) log::failure(log::Level::error, "check_ins.not_stored", stored.error());
}

Result<std::string> Housekeeping::server_certificate() {
  Result<std::string> certificate = services_.config.write([&](store::Session& session) {
    return renew_server_certificate(session, services_.keys, server_names_, services_.clock.now());
  });
  return certificate;
}

Result<void> Housekeeping::drop_old() {
  const TimePoint now = services_.clock.now();
  Result<void> sessions = services_.config.write([&](store::Session& session) {
    session.run("DELETE FROM sessions WHERE expires_at <= :now", {{"now", now}});
    session.run("DELETE FROM enrolment_tokens WHERE expires_at <= :before",
                {{"before", now - std::chrono::hours(24 * 30)}});
  });
  if (!sessions) return sessions;
  // In small steps, so that intake never waits long. The chain's lines go with their rows; origins keep the last hash.
  const TimePoint before = now - retention_;
  for (const char* sql :
       {"DELETE FROM requests WHERE request_id IN (SELECT request_id FROM requests WHERE time < :before LIMIT 5000)",
        "DELETE FROM events WHERE (origin, sequence) IN "
        "(SELECT origin, sequence FROM events WHERE received_at < :before LIMIT 5000)",
        "DELETE FROM leaf_signings WHERE time < :before", "DELETE FROM findings WHERE time < :before",
        "DELETE FROM guardrail_counts WHERE bucket < :before"}) {
    Result<void> dropped =
        services_.audit.write([&](store::Session& session) { session.run(sql, {{"before", before}}); });
    if (!dropped) return dropped;
  }
  return {};
}

Result<std::string> Housekeeping::turn() {
  flush_check_ins();
  if (Result<void> dropped = drop_old(); !dropped) return fail(dropped.error());
  const std::shared_ptr<const Published> published = services_.publisher.current();
  if (services_.clock.now() - published->fleet.issued_at > Publisher::reissue_after) {
    if (auto again = services_.publisher.publish(); !again) return fail(again.error());
  }
  return server_certificate();
}

}  // namespace sluice::console
