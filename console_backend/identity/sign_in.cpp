#include "console_backend/identity/sign_in.h"

#include "base/ids.h"
#include "console_backend/identity/token.h"
#include "tls/crypto.h"

namespace sluice::console {

namespace {

constexpr std::string_view wrong_credentials = "e-mail or password is wrong";

// Takes as long as a real comparison, so that the time does not tell which e-mails exist.
const std::string& hash_of_nobody() {
  static const std::string hash = tls::hash_password("no administrator has this password");
  return hash;
}

}  // namespace

Result<void> add_administrator(store::Session& session, std::string_view email, std::string_view name,
                               const Secret& password, TimePoint now) {
  if (email.find('@') == std::string_view::npos) return fail(ErrorCode::invalid_argument, "email: no e-mail address");
  if (password.reveal().size() < 12) {
    return fail(ErrorCode::invalid_argument, "the password has less than 12 characters");
  }
  session.run(
      "INSERT INTO administrators (id, email, name, password_hash, created_at) "
      "VALUES (:id, :email, :name, :password_hash, :now)",
      {{"id", new_id_text("adm")},
       {"email", email},
       {"name", name},
       {"password_hash", tls::hash_password(password.reveal())},
       {"now", now}});
  return {};
}

NewToken add_api_token(store::Session& session, std::string_view name, std::string_view created_by, TimePoint now) {
  NewToken made{new_id_text("tok"), make_token("slc_api_")};
  session.run(
      "INSERT INTO api_tokens (id, name, token_sha256, created_by, created_at) "
      "VALUES (:id, :name, :token_sha256, :created_by, :now)",
      {{"id", made.id},
       {"name", name},
       {"token_sha256", token_hash(made.token.reveal())},
       {"created_by", created_by},
       {"now", now}});
  return made;
}

std::vector<ApiTokenRow> api_tokens(store::Session& session) {
  std::vector<ApiTokenRow> all;
  for (const store::Row& row : session.rows(
           "SELECT id, name, created_by, created_at, last_used_at FROM api_tokens ORDER BY created_at LIMIT 1000")) {
    all.push_back({row.text("id"), row.text("name"), row.text("created_by"), row.time("created_at"),
                   row.optional_time("last_used_at")});
  }
  return all;
}

bool remove_api_token(store::Session& session, std::string_view id) {
  return session.run("DELETE FROM api_tokens WHERE id = :id", {{"id", id}}) > 0;
}

SignIn::SignIn(store::Database& config, const Clock& clock) : config_(config), clock_(clock) {}

std::chrono::seconds SignIn::wait(std::string_view email, std::string_view address) {
  const TimePoint now = clock_.now();
  return std::max(by_email_.wait(email, now), by_address_.wait(address, now));
}

Result<SignIn::Signed> SignIn::sign_in(std::string_view email, const Secret& password, std::string_view address) {
  const TimePoint now = clock_.now();
  if (Result<void> may = by_email_.check(email, now); !may) return fail(may.error().during("signing in"));
  if (Result<void> may = by_address_.check(address, now); !may) return fail(may.error().during("signing in"));

  Result<std::optional<store::Row>> row = config_.read([&](store::Session& session) {
    return session.row("SELECT id, email, name, password_hash FROM administrators WHERE email = :email",
                       {{"email", email}});
  });
  if (!row) return fail(row.error());
  const std::string hash = *row ? (*row)->text("password_hash") : hash_of_nobody();
  const bool right = tls::verify_password(password.reveal(), hash);
  if (!*row || !right) {
    by_email_.count(email, now);
    by_address_.count(address, now);
    return fail(ErrorCode::unauthenticated, std::string(wrong_credentials));
  }
  by_email_.forget(email);

  Signed answer{make_token("slc_session_"),
                {Principal::Kind::session, (*row)->text("id"), (*row)->text("email"), (*row)->text("name")}};
  Result<void> stored = config_.write([&](store::Session& session) {
    session.run("DELETE FROM sessions WHERE expires_at <= :now", {{"now", now}});
    session.run(
        "INSERT INTO sessions (token_sha256, administrator_id, created_at, expires_at) "
        "VALUES (:token_sha256, :administrator_id, :now, :expires_at)",
        {{"token_sha256", token_hash(answer.token.reveal())},
         {"administrator_id", answer.principal.id},
         {"now", now},
         {"expires_at", now + session_life}});
  });
  if (!stored) return fail(stored.error());
  return answer;
}

void SignIn::sign_out(std::string_view token) {
  (void)config_.write([&](store::Session& session) {
    session.run("DELETE FROM sessions WHERE token_sha256 = :hash", {{"hash", token_hash(token)}});
  });
}

Result<Principal> SignIn::by_session(std::string_view token) {
  Result<std::optional<store::Row>> row = config_.read([&](store::Session& session) {
    return session.row(
        "SELECT a.id AS id, a.email AS email, a.name AS name FROM sessions s "
        "JOIN administrators a ON a.id = s.administrator_id "
        "WHERE s.token_sha256 = :hash AND s.expires_at > :now",
        {{"hash", token_hash(token)}, {"now", clock_.now()}});
  });
  if (!row) return fail(row.error());
  if (!*row) return fail(ErrorCode::unauthenticated, "the session is over: sign in again");
  return Principal{Principal::Kind::session, (*row)->text("id"), (*row)->text("email"), (*row)->text("name")};
}

Result<Principal> SignIn::by_api_token(std::string_view token) {
  const std::string hash = token_hash(token);
  Result<std::optional<store::Row>> row = config_.read([&](store::Session& session) {
    return session.row("SELECT id, name FROM api_tokens WHERE token_sha256 = :hash", {{"hash", hash}});
  });
  if (!row) return fail(row.error());
  if (!*row) return fail(ErrorCode::unauthenticated, "the API token is not known");
  Principal principal{Principal::Kind::api_token, (*row)->text("id"), "", (*row)->text("name")};
  if (const TimePoint now = clock_.now(); use_marks_.check(principal.id, now)) {
    use_marks_.count(principal.id, now);
    (void)config_.write([&](store::Session& session) {
      session.run("UPDATE api_tokens SET last_used_at = :now WHERE id = :id", {{"now", now}, {"id", principal.id}});
    });
  }
  return principal;
}

}  // namespace sluice::console
