#include "agent/enrolment/policy_intake.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"
#include "tls/keys.h"

namespace sluice::agent {
namespace {

using policy::GatewayDown;
using policy::Surface;

struct PolicyIntakeTest : ::testing::Test {
  TimePoint now = wall_now();
  tls::SigningKey signing = tls::SigningKey::generate();
  DeviceIdentity identity;
  PolicyIntake intake;
  struct Published {
    PolicyPtr policy;
    GuardPtr guard;
  };
  std::vector<Published> published;

  PolicyIntakeTest() {
    identity.org = "Example Corp";
    identity.policy_key = signing.public_key();
  }
  Result<void> take(std::int64_t version, GatewayDown down, std::string_view regex) {
    policy::FleetSnapshot fleet = testing_support::fleet_snapshot();
    fleet.version = version;
    fleet.gateway_down = down;
    if (!regex.empty())
      fleet.guardrails = *policy::parse_guardrails(
          R"({"rules":[{"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["p"]}],"action":"block"},)"
          R"({"id":"s","on":["input"],"detectors":[{"kind":"custom","names":["p"]}],"action":"flag","on_failure":"pass"}],)"
          R"("patterns":[{"id":"p","regex":")" +
          std::string(regex) + R"("}]})");
    const auto envelope =
        wire::seal(policy::print_snapshot(fleet), signing.public_key(),
                   [&](std::string_view message) -> Result<std::string> { return signing.sign(message); });
    return intake.take(identity, *envelope, now, [this](PolicyPtr policy, GuardPtr guard) {
      published.push_back({std::move(policy), std::move(guard)});
    });
  }
  static bool looks(const GuardPtr& guard, std::string_view text) {
    guard::Guard::Scratch scratch;
    std::vector<guard::Finding> findings;
    return guard->scan(text, guard::Phase::input, scratch, findings).has_value() && !findings.empty();
  }
};

TEST_F(PolicyIntakeTest, ADenialDoesNotWaitForNewGuardrailsToBeCompiled) {
  ASSERT_TRUE(take(1, GatewayDown::direct, "old"));
  published.clear();
  ASSERT_TRUE(take(2, GatewayDown::direct, "new"));
  ASSERT_EQ(published.size(), 2U);
  EXPECT_EQ(published[0].policy->fleet().version, 2);
  EXPECT_TRUE(looks(published[0].guard, "old")) << "the guardrails before, until the new ones are ready";
  EXPECT_FALSE(looks(published[1].guard, "old"));
  EXPECT_TRUE(looks(published[1].guard, "new"));
  EXPECT_EQ(intake.in_force().version, 2);

  ASSERT_TRUE(take(3, GatewayDown::direct, "new"));
  EXPECT_EQ(published.size(), 3U) << "nothing to compile";
  ASSERT_TRUE(take(4, GatewayDown::block, "newest"));
  ASSERT_EQ(published.size(), 4U);
  EXPECT_EQ(published[3].guard, nullptr) << "a device that never goes direct has no rules to apply";
}

TEST_F(PolicyIntakeTest, TheFirstRulesCountAsNotCheckedUntilTheyAreCompiled) {
  ASSERT_TRUE(take(1, GatewayDown::direct, "x"));
  ASSERT_EQ(published.size(), 2U);
  ASSERT_NE(published[0].guard, nullptr) << "without one a request would go past the gateway unseen";
  guard::Guard::Scratch scratch;
  std::vector<guard::Finding> findings;
  EXPECT_FALSE(published[0].guard->scan("x", guard::Phase::input, scratch, findings));
  const auto rules = published[0].guard->select({});
  EXPECT_EQ(rules.on(Surface::input).size(), 2U) << "each decides by its on_failure";
  EXPECT_FALSE(published[0].guard->settle("x", 0, Surface::input, rules, scratch, findings));
  EXPECT_TRUE(looks(published[1].guard, "x"));

  ASSERT_TRUE(take(2, GatewayDown::block, "y"));
  published.clear();
  ASSERT_TRUE(take(3, GatewayDown::direct, "y"));
  EXPECT_FALSE(published.at(0).guard->scan("y", guard::Phase::input, scratch, findings))
      << "nothing went past the gateway before, so there is nothing to go on with";
}

TEST_F(PolicyIntakeTest, GuardrailsThatCannotBeCompiledBringThePolicyBeforeBack) {
  EXPECT_FALSE(take(1, GatewayDown::direct, "("));
  EXPECT_EQ(published.back().policy, nullptr) << "there was none before";
  ASSERT_TRUE(take(2, GatewayDown::direct, "x"));
  EXPECT_FALSE(take(3, GatewayDown::direct, "("));
  EXPECT_EQ(published.back().policy->fleet().version, 2);
  EXPECT_TRUE(looks(published.back().guard, "x"));
  EXPECT_EQ(intake.in_force().version, 2);
}

TEST_F(PolicyIntakeTest, OlderAndWronglySignedOnesArePublishedToNobody) {
  ASSERT_TRUE(take(2, GatewayDown::direct, ""));
  published.clear();
  EXPECT_EQ(take(1, GatewayDown::direct, "").error().code, ErrorCode::outdated);
  identity.policy_key = tls::SigningKey::generate().public_key();
  EXPECT_EQ(take(3, GatewayDown::direct, "").error().code, ErrorCode::bad_signature);
  EXPECT_TRUE(published.empty());
}

}  // namespace
}  // namespace sluice::agent
