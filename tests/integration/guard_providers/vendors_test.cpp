// Every vendor: what its stand-in accepts, finds and says, and every way in which it does not answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/guard_providers.h"
#include "stand_in.h"

namespace sluice::gateway {
namespace {

using policy::Surface;

// Bytes: é 0-2, 𝄞 3-7, the address 8-15.
constexpr std::string_view mail_text = "é 𝄞 a@b.com";
constexpr std::string_view attack_text = "an attack";

StandIn& stand_in() {
  static StandIn one;
  return one;
}

class Vendors : public ::testing::TestWithParam<std::string_view> {
 protected:
  std::string kind{GetParam()};
  // One check of a provider that behaves so.
  std::string check(const std::string& behaviour, std::vector<std::string_view> texts, Surface surface = Surface::input,
                    std::int64_t timeout_ms = 10'000) {
    const std::string name = kind + "-" + behaviour.substr(0, behaviour.find('='));
    stand_in().behave(name, behaviour);
    policy::GuardProvider provider = stand_in().provider(kind, name);
    provider.timeout_ms = timeout_ms;
    std::string told;
    on_a_loop(list(std::move(provider)),
              [&](Bench bench) -> Task<void> { told = co_await bench.check(name, texts, surface); });
    return told;
  }
};

TEST_P(Vendors, FindNothingInACleanText) {
  EXPECT_EQ(check("ok", {"nothing here", "𝄞"}), "");
  EXPECT_EQ(check("ok", {"nothing here"}, Surface::output), "");
  EXPECT_EQ(check("ok", {"nothing here"}, Surface::tool_results), "");
  EXPECT_EQ(check("ok", {}), "");
}

TEST_P(Vendors, FindAnAddressBehindCharactersOfEveryWidth) {
  const std::string told = check("ok", {"clean", mail_text});
  if (kind == "grayswan")  // names no places
    EXPECT_EQ(told, "0:0-5 other grayswan-ok/rule-2; 1:0-15 other grayswan-ok/rule-2");
  else if (kind == "azure_content_safety")
    EXPECT_EQ(told, "1:8-15 word azure_content_safety-ok/blocklist:mails");
  else if (kind == "patronus")
    EXPECT_EQ(told, "1:8-15 personal_data patronus-ok/pii");
  else
    EXPECT_TRUE(told.starts_with("1:8-15 email " + kind + "-ok/")) << told;
}

TEST_P(Vendors, FindAnAttack) {
  const std::string told = check("ok", {attack_text});
  if (kind == "presidio")
    EXPECT_EQ(told, "0:3-9 other presidio-ok/ATTACK");
  else if (kind == "grayswan")
    EXPECT_EQ(told, "0:0-9 other grayswan-ok/rule-6");
  else
    EXPECT_TRUE(told.starts_with("0:0-9 injection " + kind + "-ok/")) << told;
}

TEST_P(Vendors, FindInWhatToolsReturned) {
  EXPECT_NE(check("ok", {attack_text}, Surface::tool_results), "");
}

TEST_P(Vendors, ThatHangOrDripAreTimeOuts) {
  EXPECT_EQ(check("hang", {attack_text}, Surface::input, 150), "timed_out");
  EXPECT_EQ(check("slow", {attack_text}, Surface::input, 150), "timed_out");
}

TEST_P(Vendors, ThatLieAreMalformed) {
  for (const std::string behaviour : {"lie", "html", "flood", "gzip"})
    EXPECT_EQ(check(behaviour, {mail_text}), "malformed_answer") << behaviour;
}

TEST_P(Vendors, ThatBreakOffAreUnreachable) {
  EXPECT_EQ(check("close", {attack_text}), "unreachable");
  EXPECT_EQ(check("cut", {attack_text}), "unreachable");
}

TEST_P(Vendors, ThatAnswerErrorsAreNamed) {
  EXPECT_EQ(check("status=401", {attack_text}), "refused");
  EXPECT_EQ(check("status=403", {attack_text}), "refused");
  EXPECT_EQ(check("status=429", {attack_text}), "throttled");
  EXPECT_EQ(check("status=500", {attack_text}), "vendor_failed");
  EXPECT_EQ(check("redirect", {attack_text}), "vendor_failed");
}

TEST_P(Vendors, ThatDoNotKnowTheCredentialAreNamed) {
  policy::GuardProvider provider = stand_in().provider(kind, kind + "-key");
  provider.credential = Secret(kind == "bedrock" ? "AKIDEXAMPLE:another" : "another");
  std::string told;
  on_a_loop(list(std::move(provider)),
            [&](Bench bench) -> Task<void> { told = co_await bench.check(kind + "-key", {attack_text}); });
  EXPECT_EQ(told, "refused");
}

TEST(ModelArmor, TakesTheKeyOfAServiceAccount) {
  policy::GuardProvider provider = stand_in().provider("model_armor", "account");
  provider.credential = Secret(stand_in().make_google_key());
  policy::GuardProvider stranger = stand_in().provider("model_armor", "stranger");
  stranger.credential = provider.credential.duplicate();
  std::string told, later;
  on_a_loop(list(std::move(provider)), [&](Bench bench) -> Task<void> {
    told = co_await bench.check("account", {mail_text});
    Moment moment = Moment::now();
    moment.wall -= std::chrono::hours(2);
    later = co_await bench.check("account", {mail_text}, Surface::input, moment);
  });
  EXPECT_EQ(told, "0:8-15 email account/EMAIL_ADDRESS");
  EXPECT_EQ(later, "refused");                  // a token of two hours ago
  EXPECT_NE(stand_in().make_google_key(), "");  // another key from now on
  on_a_loop(list(std::move(stranger)),
            [&](Bench bench) -> Task<void> { told = co_await bench.check("stranger", {mail_text}); });
  EXPECT_EQ(told, "refused");
}

INSTANTIATE_TEST_SUITE_P(All, Vendors, ::testing::ValuesIn([] {
                           const auto names = policy::provider_kind_names();
                           return std::vector<std::string_view>(names.begin(), names.end());
                         }()),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace sluice::gateway
