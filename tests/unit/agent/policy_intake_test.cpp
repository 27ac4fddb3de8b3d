#include "agent/enrolment/policy_intake.h"

#include <gtest/gtest.h>

#include <set>

#include "policy_fixture.h"
#include "tls/keys.h"

namespace sluice::agent {
namespace {

using policy::GatewayDown;
using policy::Surface;

struct PolicyIntakeTest : ::testing::Test {
  struct Published {
    PolicyPtr policy;
    GuardPtr guard;
  };
  TimePoint now = wall_now();
  tls::SigningKey signing = tls::SigningKey::generate();
  DeviceIdentity identity;
  std::mutex mutex;
  std::condition_variable changed;
  std::set<std::string> held;  // expressions whose compilation waits until release()
  std::vector<std::string> compiling;
  std::vector<Published> published;
  std::vector<std::string> kept;
  std::vector<Error> refusals;
  std::unique_ptr<PolicyIntake> intake;

  PolicyIntakeTest() {
    identity.org = "Example Corp";
    identity.policy_key = signing.public_key();
    intake = std::make_unique<PolicyIntake>(
        PolicyIntake::Events{
            .publish =
                [this](PolicyPtr policy, GuardPtr guard) {
                  note([&] { published.push_back({std::move(policy), std::move(guard)}); });
                },
            .complete = [this](const std::string& envelope) { note([&] { kept.push_back(envelope); }); },
            .refused = [this](const Error& error) { note([&] { refusals.push_back(error); }); }},
        [this](policy::GuardrailDocument document) { return compile(std::move(document)); });
  }
  ~PolicyIntakeTest() override {
    note([&] { held.clear(); });
    intake.reset();
  }
  void note(const std::function<void()>& what) {
    const std::scoped_lock lock(mutex);
    what();
    changed.notify_all();
  }
  void wait_for(const std::function<bool()>& what) {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(60), what));
  }
  Result<GuardPtr> compile(policy::GuardrailDocument document) {
    const std::string regex = document.patterns.at(0).regex;
    note([&] { compiling.push_back(regex); });
    wait_for([&] { return !held.contains(regex); });
    return PolicyIntake::compile_here(std::move(document));
  }
  void hold(const std::string& regex) {
    note([&] { held.insert(regex); });
  }
  void release(const std::string& regex) {
    note([&] { held.erase(regex); });
  }

  // A policy with rules of this expression, or with none.
  Result<void> take(std::int64_t version, GatewayDown down, std::string_view regex,
                    std::optional<policy::Decision> about_apps = {}) {
    policy::FleetSnapshot fleet = testing_support::fleet_snapshot();
    fleet.version = version;
    fleet.gateway_down = down;
    if (about_apps)
      for (auto& app : fleet.apps) app.decision = *about_apps;
    if (!regex.empty())
      fleet.guardrails = *policy::parse_guardrails(
          R"({"rules":[{"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["p"]}],"action":"block"},)"
          R"({"id":"s","on":["input"],"detectors":[{"kind":"custom","names":["p"]}],"action":"flag","on_failure":"pass"}],)"
          R"("patterns":[{"id":"p","regex":")" +
          std::string(regex) + R"("}]})");
    const auto envelope =
        wire::seal(policy::print_snapshot(fleet), signing.public_key(),
                   [&](std::string_view message) -> Result<std::string> { return signing.sign(message); });
    return intake->take(identity, *envelope, now);
  }
  // … and waits until all of it is in force, or refused.
  Result<void> settle(std::int64_t version, GatewayDown down, std::string_view regex) {
    const std::size_t settled = kept.size() + refusals.size();
    if (auto taken = take(version, down, regex); !taken) return taken;
    wait_for([&] { return kept.size() + refusals.size() > settled; });
    if (refusals.empty()) return {};
    return fail(refusals.back());
  }
  Published last() {
    const std::scoped_lock lock(mutex);
    return published.empty() ? Published() : published.back();
  }
  static bool looks(const GuardPtr& guard, std::string_view text) {
    guard::Guard::Scratch scratch;
    std::vector<guard::Finding> findings;
    return guard->scan(text, guard::Phase::input, scratch, findings).has_value() && !findings.empty();
  }
  // Each of its rules counts as one whose check did not run.
  static void expect_unready(const GuardPtr& guard) {
    ASSERT_NE(guard, nullptr) << "without one a request would go past the gateway unseen";
    guard::Guard::Scratch scratch;
    std::vector<guard::Finding> findings;
    EXPECT_FALSE(guard->scan("x", guard::Phase::input, scratch, findings));
    const auto rules = guard->select({});
    EXPECT_EQ(rules.on(Surface::input).size(), 2U) << "each decides by its on_failure";
    EXPECT_FALSE(guard->settle("x", 0, Surface::input, rules, scratch, findings));
  }
};

TEST_F(PolicyIntakeTest, ADenialDoesNotWaitForNewGuardrailsToBeCompiled) {
  ASSERT_TRUE(settle(1, GatewayDown::direct, "old"));
  hold("new");
  ASSERT_TRUE(take(2, GatewayDown::direct, "new", policy::Decision::denied));
  EXPECT_EQ(last().policy->fleet().version, 2);
  EXPECT_EQ(last().policy->fleet().apps.at(0).decision, policy::Decision::denied);
  EXPECT_TRUE(looks(last().guard, "old")) << "the guardrails before, until the new ones are ready";
  EXPECT_EQ(intake->newest().version, 2);
  EXPECT_EQ(kept.size(), 1U) << "not all of it is in force yet";
  release("new");
  wait_for([&] { return kept.size() == 2; });
  EXPECT_FALSE(looks(last().guard, "old"));
  EXPECT_TRUE(looks(last().guard, "new"));

  ASSERT_TRUE(settle(3, GatewayDown::direct, "new"));
  EXPECT_EQ(compiling.size(), 2U) << "nothing to compile";
  ASSERT_TRUE(settle(4, GatewayDown::block, "newest"));
  EXPECT_EQ(last().guard, nullptr) << "a device that never goes direct has no rules to apply";
}

TEST_F(PolicyIntakeTest, ADenialDoesNotWaitForTheGuardrailsOfAnEarlierPolicyEither) {
  ASSERT_TRUE(settle(1, GatewayDown::direct, "old"));
  hold("slow");
  ASSERT_TRUE(take(2, GatewayDown::direct, "slow"));
  wait_for([&] { return compiling.size() == 2; });
  ASSERT_TRUE(take(3, GatewayDown::direct, "slow", policy::Decision::denied));
  EXPECT_EQ(last().policy->fleet().version, 3);
  EXPECT_EQ(last().policy->fleet().apps.at(0).decision, policy::Decision::denied);
  EXPECT_TRUE(looks(last().guard, "old"));
  EXPECT_EQ(take(2, GatewayDown::direct, "slow").error().code, ErrorCode::outdated);
  release("slow");
  wait_for([&] { return kept.size() == 2; });
  EXPECT_EQ(last().policy->fleet().version, 3);
  EXPECT_TRUE(looks(last().guard, "slow"));
  EXPECT_EQ(compiling.size(), 2U) << "its guardrails are the ones that were in the making";
}

TEST_F(PolicyIntakeTest, GuardrailsOfAPolicyThatAnotherHasFollowedServeNobody) {
  ASSERT_TRUE(settle(1, GatewayDown::direct, "old"));
  hold("slow");
  hold("newest");
  ASSERT_TRUE(take(2, GatewayDown::direct, "slow"));
  wait_for([&] { return compiling.size() == 2; });
  ASSERT_TRUE(take(3, GatewayDown::direct, "newest"));
  release("slow");
  wait_for([&] { return compiling.size() == 3; });
  EXPECT_EQ(last().policy->fleet().version, 3);
  EXPECT_TRUE(looks(last().guard, "old"));
  EXPECT_EQ(kept.size(), 1U);
  ASSERT_TRUE(take(4, GatewayDown::direct, "old"));
  EXPECT_EQ(kept.size(), 2U) << "back to the guardrails in force: nothing to wait for";
  release("newest");
  ASSERT_TRUE(settle(5, GatewayDown::direct, "after"));
  EXPECT_EQ(last().policy->fleet().version, 5);
  EXPECT_TRUE(looks(last().guard, "after"));
  for (const Published& one : published) EXPECT_FALSE(looks(one.guard, "slow") || looks(one.guard, "newest"));
}

TEST_F(PolicyIntakeTest, TheFirstRulesCountAsNotCheckedUntilTheyAreCompiled) {
  hold("x");
  hold("y");
  hold("z");
  ASSERT_TRUE(take(1, GatewayDown::direct, "x"));
  expect_unready(last().guard);
  release("x");
  wait_for([&] { return kept.size() == 1; });
  EXPECT_TRUE(looks(last().guard, "x"));

  ASSERT_TRUE(settle(2, GatewayDown::block, "y"));
  ASSERT_TRUE(take(3, GatewayDown::direct, "y"));
  expect_unready(last().guard);  // nothing went past the gateway before, so there is nothing to go on with

  ASSERT_TRUE(settle(4, GatewayDown::direct, ""));
  EXPECT_EQ(last().guard, nullptr) << "no rules, nothing to apply";
  ASSERT_TRUE(take(5, GatewayDown::direct, "z"));
  expect_unready(last().guard);  // it went past the gateway, but under no rules
}

TEST_F(PolicyIntakeTest, GuardrailsThatCannotBeCompiledBringThePolicyBeforeBack) {
  EXPECT_FALSE(settle(1, GatewayDown::direct, "("));
  EXPECT_EQ(last().policy, nullptr) << "there was none before";
  refusals.clear();
  ASSERT_TRUE(settle(2, GatewayDown::direct, "x"));
  EXPECT_EQ(settle(3, GatewayDown::direct, "(").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(last().policy->fleet().version, 2);
  EXPECT_TRUE(looks(last().guard, "x"));
  EXPECT_EQ(intake->newest().version, 2);
  EXPECT_EQ(kept.size(), 1U);
}

TEST_F(PolicyIntakeTest, APolicyThatWasRefusedForItsGuardrailsIsNotTriedAgain) {
  ASSERT_TRUE(settle(1, GatewayDown::direct, "x"));
  ASSERT_FALSE(settle(2, GatewayDown::direct, "("));
  const std::size_t tries = compiling.size(), before = published.size();
  EXPECT_EQ(take(2, GatewayDown::direct, "(").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(compiling.size(), tries);
  EXPECT_EQ(published.size(), before) << "its denials would come and go with every poll";
  refusals.clear();
  EXPECT_TRUE(settle(3, GatewayDown::direct, "y"));
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
