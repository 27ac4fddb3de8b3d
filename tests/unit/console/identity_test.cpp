#include "console_backend/identity/sign_in.h"

#include "console_backend/identity/token.h"
#include "tests/unit/console/fixture.h"

namespace sluice::console {
namespace {

class SignInTest : public ConsoleTest {
 protected:
  Result<SignIn::Signed> try_password(const char* given, const char* email = "ada@example.com") {
    return sign_in.sign_in(email, Secret(given), "10.0.0.1");
  }
  SignIn sign_in{*databases.config, clock};
};

TEST_F(SignInTest, the_right_password_opens_a_session_that_names_its_administrator) {
  const SignIn::Signed session = must(try_password(password));
  EXPECT_EQ(must(sign_in.by_session(session.token.reveal())).email, "ada@example.com");
}

TEST_F(SignInTest, a_wrong_password_and_a_wrong_email_get_the_same_answer) {
  const Error wrong_password = try_password("not the password").error();
  const Error wrong_email = try_password(password, "eve@example.com").error();
  EXPECT_EQ(wrong_password.code, ErrorCode::unauthenticated);
  EXPECT_EQ(wrong_password.message(), wrong_email.message());
}

TEST_F(SignInTest, a_session_ends_after_twelve_hours) {
  const SignIn::Signed session = must(try_password(password));
  clock.advance(SignIn::session_life - std::chrono::seconds(1));
  EXPECT_TRUE(sign_in.by_session(session.token.reveal()));
  clock.advance(std::chrono::seconds(1));
  EXPECT_FALSE(sign_in.by_session(session.token.reveal()));
}

TEST_F(SignInTest, signing_out_ends_the_session_on_the_server) {
  const SignIn::Signed session = must(try_password(password));
  sign_in.sign_out(session.token.reveal());
  EXPECT_FALSE(sign_in.by_session(session.token.reveal()));
}

TEST_F(SignInTest, five_failures_lock_the_email_for_a_while_even_for_the_right_password) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(try_password("wrong").error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(try_password(password).error().code, ErrorCode::rate_limited);
  clock.advance(std::chrono::minutes(16));
  EXPECT_TRUE(try_password(password));
}

TEST_F(SignInTest, a_session_token_is_no_api_token_and_the_other_way_round) {
  const SignIn::Signed session = must(try_password(password));
  const NewToken token = config([&](store::Session& s) { return add_api_token(s, "ci", "ada", clock.now()); });
  EXPECT_FALSE(sign_in.by_api_token(session.token.reveal()));
  EXPECT_FALSE(sign_in.by_session(token.token.reveal()));
  EXPECT_EQ(must(sign_in.by_api_token(token.token.reveal())).actor(), "api-token:ci");
}

TEST_F(SignInTest, a_removed_api_token_opens_nothing_from_the_next_call_on) {
  const NewToken token = config([&](store::Session& s) { return add_api_token(s, "ci", "ada", clock.now()); });
  ASSERT_TRUE(sign_in.by_api_token(token.token.reveal()));
  EXPECT_TRUE(config([&](store::Session& s) { return remove_api_token(s, token.id); }));
  EXPECT_FALSE(sign_in.by_api_token(token.token.reveal()));
}

TEST_F(SignInTest, no_table_holds_a_token_in_the_clear) {
  const SignIn::Signed session = must(try_password(password));
  const std::int64_t found = config([&](store::Session& s) {
    return s.number("SELECT COUNT(*) AS n FROM sessions WHERE token_sha256 = :token",
                    {{"token", session.token.reveal()}});
  });
  EXPECT_EQ(found, 0);
  EXPECT_EQ(config([&](store::Session& s) {
              return s.number("SELECT COUNT(*) AS n FROM sessions WHERE token_sha256 = :hash",
                              {{"hash", token_hash(session.token.reveal())}});
            }),
            1);
}

TEST_F(SignInTest, a_short_password_is_refused) {
  Result<void> added = databases.config->write(
      [&](store::Session& s) { return add_administrator(s, "bob@example.com", "Bob", Secret("short"), clock.now()); });
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::invalid_argument);
}

TEST(RateTest, says_how_long_it_lasts) {
  const TimePoint start = *from_rfc3339("2026-01-31T12:00:00.000Z");
  for (const int later : {0, 40}) {  // all in one half of the window, and on both sides of its middle
    Rate rate(2, std::chrono::seconds(60), 10);
    TimePoint now = start;
    rate.count("a", now);
    EXPECT_EQ(rate.wait("a", now), std::chrono::seconds(0));
    now += std::chrono::seconds(later);
    rate.count("a", now);
    const std::chrono::seconds wait = rate.wait("a", now);
    EXPECT_FALSE(rate.check("a", now + wait - std::chrono::seconds(1))) << later;
    EXPECT_TRUE(rate.check("a", now + wait)) << later;
  }
}

TEST(RateTest, forgets_in_time_and_bounds_its_memory) {
  const TimePoint start = *from_rfc3339("2026-01-31T12:00:00.000Z");
  Rate rate(2, std::chrono::seconds(60), 10);
  rate.count("a", start);
  rate.count("a", start);
  EXPECT_FALSE(rate.check("a", start));
  EXPECT_TRUE(rate.check("b", start));
  EXPECT_TRUE(rate.check("a", start + std::chrono::seconds(61)));
  for (int i = 0; i < 10'000; ++i) rate.count("key" + std::to_string(i), start);
  EXPECT_TRUE(rate.check("key9999", start));
}

}  // namespace
}  // namespace sluice::console
