// Administrators, their sessions, and API tokens. Passwords are scrypt hashes; of tokens only the SHA-256 is stored.
// Blocks (scrypt takes 60 ms). Threads: any.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "console_backend/identity/rate.h"
#include "store/database.h"

namespace sluice::console {

// Who asks: an administrator in a browser, or an API token.
struct Principal {
  enum class Kind { session, api_token } kind = Kind::session;
  std::string id;
  std::string email;  // empty for an API token
  std::string name;
  // As the audit names it: the e-mail, or "api-token:NAME".
  [[nodiscard]] std::string actor() const { return kind == Kind::session ? email : "api-token:" + name; }
};

// conflict when the e-mail is taken; invalid_argument for a password of less than 12 characters.
Result<void> add_administrator(store::Session& session, std::string_view email, std::string_view name,
                               const Secret& password, TimePoint now);

struct ApiTokenRow {
  std::string id;
  std::string name;
  std::string created_by;
  TimePoint created_at;
  std::optional<TimePoint> last_used_at;
};
struct NewToken {
  std::string id;
  Secret token;
};
NewToken add_api_token(store::Session& session, std::string_view name, std::string_view created_by, TimePoint now);
std::vector<ApiTokenRow> api_tokens(store::Session& session);
bool remove_api_token(store::Session& session, std::string_view id);

class SignIn {
 public:
  static constexpr std::chrono::hours session_life{12};

  SignIn(store::Database& config, const Clock& clock);

  struct Signed {
    Secret token;  // the cookie's value
    Principal principal;
  };
  // unauthenticated for a wrong e-mail or password (one sentence for both); rate_limited after five failures for the
  // e-mail or twenty from the address within a quarter of an hour.
  Result<Signed> sign_in(std::string_view email, const Secret& password, std::string_view address);
  // How long it stays rate_limited.
  [[nodiscard]] std::chrono::seconds wait(std::string_view email, std::string_view address);
  void sign_out(std::string_view token);

  // unauthenticated when the token is unknown or over.
  Result<Principal> by_session(std::string_view token);
  Result<Principal> by_api_token(std::string_view token);

 private:
  store::Database& config_;
  const Clock& clock_;
  Rate by_email_{5, std::chrono::minutes(15)};
  Rate by_address_{20, std::chrono::minutes(15)};
  Rate use_marks_{1, std::chrono::minutes(2)};  // last_used_at is written once a minute
};

}  // namespace sluice::console
