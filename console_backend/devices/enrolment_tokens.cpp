#include "console_backend/devices/enrolment_tokens.h"

#include "base/ids.h"
#include "console_backend/identity/token.h"

namespace sluice::console {

std::string_view name_of(wire::Party party) noexcept {
  return party == wire::Party::device ? "device" : "gateway";
}

NewEnrolmentToken add_enrolment_token(store::Session& session, wire::Party purpose, std::chrono::seconds life,
                                      std::int64_t uses, std::string_view created_by, TimePoint now) {
  NewEnrolmentToken made{new_id_text("enr"), make_token("slc_enrol_"), now + life};
  session.run(
      "INSERT INTO enrolment_tokens (id, purpose, token_sha256, created_by, created_at, expires_at, uses, uses_left) "
      "VALUES (:id, :purpose, :token_sha256, :created_by, :created_at, :expires_at, :uses, :uses_left)",
      {{"id", made.id},
       {"purpose", name_of(purpose)},
       {"token_sha256", token_hash(made.token.reveal())},
       {"created_by", created_by},
       {"created_at", now},
       {"expires_at", made.expires_at},
       {"uses", uses},
       {"uses_left", uses}});
  return made;
}

std::vector<EnrolmentTokenRow> enrolment_tokens(store::Session& session, TimePoint now) {
  std::vector<EnrolmentTokenRow> all;
  for (const store::Row& row :
       session.rows("SELECT id, purpose, created_by, created_at, expires_at, uses, uses_left FROM enrolment_tokens "
                    "WHERE expires_at > :since ORDER BY created_at DESC, id DESC LIMIT 10000",
                    {{"since", now - std::chrono::hours(24 * 30)}})) {
    all.push_back({row.text("id"), row.text("purpose") == "device" ? wire::Party::device : wire::Party::gateway,
                   row.text("created_by"), row.time("created_at"), row.time("expires_at"), row.number("uses"),
                   row.number("uses_left")});
  }
  return all;
}

bool remove_enrolment_token(store::Session& session, std::string_view id) {
  return session.run("DELETE FROM enrolment_tokens WHERE id = :id", {{"id", id}}) > 0;
}

Result<void> use_enrolment_token(store::Session& session, wire::Party purpose, const Secret& token, TimePoint now) {
  const std::string hash = token_hash(token.reveal());
  std::optional<store::Row> row = session.row(
      "SELECT expires_at, uses_left FROM enrolment_tokens WHERE token_sha256 = :hash AND purpose = :purpose",
      {{"hash", hash}, {"purpose", name_of(purpose)}});
  if (!row) return fail(ErrorCode::unauthenticated, "the enrolment token is not known");
  if (row->time("expires_at") <= now) return fail(ErrorCode::expired, "the enrolment token ended");
  if (row->number("uses_left") <= 0) return fail(ErrorCode::quota_exceeded, "the enrolment token is used up");
  session.run("UPDATE enrolment_tokens SET uses_left = uses_left - 1 WHERE token_sha256 = :hash", {{"hash", hash}});
  return {};
}

}  // namespace sluice::console
