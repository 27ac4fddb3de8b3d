#include "agent/cli/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::agent {
namespace {

Evidence well() {
  Evidence evidence;
  evidence.now = *from_rfc3339("2026-11-20T12:00:00Z");
  evidence.status =
      R"({"state":"governing","why":"AI traffic of this device is governed","version":"0.1.0","enrolled":true,
    "device_id":"dev_1","org":"Example Corp","certificate_not_after":"2026-11-27T12:00:00.000Z","root_ca":"PEM",
    "capture":{"state":"capturing","detail":"","restarts":0},"trust":{"installed":true,"detail":""},
    "snapshot":{"epoch":1,"version":7,"not_after":"2026-11-27T12:00:00.000Z","age_seconds":5},
    "console":{"url":"https://c:8445","last_success":"2026-11-20T12:00:00.000Z","last_error":""},
    "gateway":{"url":"https://g:8444","last_success":"2026-11-20T12:00:00.000Z","last_error":""}})";
  evidence.capture_table = true;
  evidence.root_in_store = true;
  evidence.login_node_extra = "/etc/sluice/root.pem";
  evidence.login_ssl_cert_file = "";
  evidence.clock_ahead_seconds = 2;
  evidence.config_file = "/etc/sluice/agent.json";
  return evidence;
}

Health health_of(const Evidence& evidence, const std::string& name) {
  const auto checks = examine(evidence);
  const auto found = std::ranges::find(checks, name, &Check::name);
  EXPECT_NE(found, checks.end()) << name;
  if (found == checks.end()) return Health::skipped;
  if (found->health == Health::bad) EXPECT_FALSE(found->remedy.empty()) << name;
  return found->health;
}

TEST(Doctor, IsContentWithAHealthyDevice) {
  for (const auto& check : examine(well()))
    EXPECT_EQ(check.health, Health::good) << check.name << ": " << check.finding;
}

TEST(Doctor, NoticesEachThingThatIsWrong) {
  auto evidence = well();
  evidence.status = fail(ErrorCode::connect_failed, "/run/sluice/agent.sock");
  EXPECT_EQ(health_of(evidence, "service"), Health::bad);
  evidence = well();
  evidence.capture_table = false;
  EXPECT_EQ(health_of(evidence, "capture"), Health::bad);
  evidence = well();
  evidence.root_in_store = false;
  EXPECT_EQ(health_of(evidence, "trust store"), Health::bad);
  evidence = well();
  evidence.login_node_extra = "";
  EXPECT_EQ(health_of(evidence, "login environment"), Health::bad);
  evidence = well();
  evidence.login_node_extra = "/opt/proxy.pem";
  EXPECT_EQ(health_of(evidence, "login environment"), Health::warning);
  evidence = well();
  evidence.login_ssl_cert_file = "/opt/bundle.pem";
  EXPECT_EQ(health_of(evidence, "SSL_CERT_FILE"), Health::warning);
  evidence = well();
  evidence.console = Error{ErrorCode::untrusted, "c: another key"};
  EXPECT_EQ(health_of(evidence, "console"), Health::bad);
  evidence = well();
  evidence.clock_ahead_seconds = -4000;
  EXPECT_EQ(health_of(evidence, "clock"), Health::bad);
  evidence = well();
  evidence.now += std::chrono::hours(24 * 8);
  EXPECT_EQ(health_of(evidence, "enrolment"), Health::bad);
  EXPECT_EQ(health_of(evidence, "snapshot"), Health::bad);
}

Check check_named(const Evidence& evidence, const std::string& name) {
  for (Check& check : examine(evidence))
    if (check.name == name) return std::move(check);
  ADD_FAILURE() << name;
  return {};
}

TEST(Doctor, SaysThatTheConfigurationIsMissingInOneSentence) {
  auto evidence = well();
  evidence.configuration =
      Error{ErrorCode::not_found, "reading /etc/sluice/agent.json: opening /etc/sluice/agent.json"};
  const Check found = check_named(evidence, "configuration");
  EXPECT_EQ(found.finding, "/etc/sluice/agent.json does not exist");
  EXPECT_THAT(found.remedy, testing::HasSubstr("--config FILE"));
  EXPECT_EQ(check_named(evidence, "console").health, Health::skipped);
}

TEST(Doctor, SaysWhoMayReadTheConfigurationAndWhatIsWrongInIt) {
  auto evidence = well();
  evidence.configuration = Error{ErrorCode::forbidden, "opening"};
  EXPECT_THAT(check_named(evidence, "configuration").remedy, testing::HasSubstr("as root"));
  evidence.configuration = Error{ErrorCode::invalid_argument, "console_url: is missing"};
  EXPECT_THAT(check_named(evidence, "configuration").finding, testing::HasSubstr("console_url: is missing"));
  EXPECT_THAT(check_named(evidence, "configuration").remedy, testing::HasSubstr("--check-config"));
}

TEST(Doctor, StartsTheAgentTheWayThatThisMachineHas) {
  auto evidence = well();
  evidence.status = fail(ErrorCode::connect_failed, "/run/sluice/agent.sock: No such file or directory");
  EXPECT_EQ(check_named(evidence, "service").finding,
            "the agent does not answer: /run/sluice/agent.sock: No such file or directory");
  EXPECT_THAT(check_named(evidence, "service").remedy,
              testing::HasSubstr("sluice-agent --config /etc/sluice/agent.json"));
  evidence.has_unit = true;
  EXPECT_THAT(check_named(evidence, "service").remedy, testing::HasSubstr("systemctl start sluice-agent"));
  evidence.configuration = Error{ErrorCode::not_found, ""};
  EXPECT_THAT(check_named(evidence, "service").remedy, testing::HasSubstr("configuration comes first"));
}

TEST(Doctor, SaysThatGuardrailsAreBeingCompiled) {
  auto evidence = well();
  const std::string age = R"("age_seconds":5)";
  evidence.status->replace(evidence.status->find(age), age.size(), age + R"(,"guardrails":"compiling")");
  const auto checks = examine(evidence);
  const auto found = std::ranges::find(checks, "snapshot", &Check::name);
  ASSERT_NE(found, checks.end());
  EXPECT_THAT(found->finding, testing::HasSubstr("guardrails are being compiled"));
}

TEST(Doctor, SaysWhatTheAgentWaitsFor) {
  auto evidence = well();
  evidence.status = R"({"state":"not_enrolled","why":"this device is not enrolled","enrolled":false,
    "capture":{"state":"bypassed","detail":"there is no policy to enforce yet"},"snapshot":null})";
  EXPECT_EQ(health_of(evidence, "enrolment"), Health::bad);
  EXPECT_EQ(health_of(evidence, "snapshot"), Health::bad);
  EXPECT_EQ(health_of(evidence, "capture"), Health::bad);
  EXPECT_FALSE(healthy(examine(evidence)));
}

}  // namespace
}  // namespace sluice::agent
