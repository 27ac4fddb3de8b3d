#include "agent/enforce/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/intercept/answers.h"
#include "policy_fixture.h"

namespace sluice::agent {
namespace {

using testing::HasSubstr;

http::RequestHead request(std::string method, std::string target, std::string host) {
  http::RequestHead head;
  head.method = std::move(method);
  head.target = std::move(target);
  head.fields.add("Host", host);
  return head;
}

class JudgeTest : public testing::Test {
 protected:
  Verdict ask(const http::RequestHead& head, std::string_view app = "claude-code", std::string_view device = "dev_1",
              std::string_view host = "api.anthropic.com") {
    return judge({.policy = *policy, .device_id = device, .app = app, .host = host, .head = head});
  }
  std::shared_ptr<const policy::Policy> policy = testing_support::make_policy();
};

TEST_F(JudgeTest, SendsInferenceToTheGatewayAndTheRestToTheOrigin) {
  EXPECT_TRUE(std::holds_alternative<ToGateway>(ask(request("POST", "/v1/messages?beta=true", "api.anthropic.com"))));
  EXPECT_TRUE(
      std::holds_alternative<ToOrigin>(ask(request("POST", "/api/event_logging/v2/batch", "api.anthropic.com"))));
  EXPECT_TRUE(std::holds_alternative<ToOrigin>(ask(request("GET", "/v1/messages", "api.anthropic.com"))));
}

TEST_F(JudgeTest, SeesThroughOtherSpellingsOfAnInferencePath) {
  EXPECT_TRUE(std::holds_alternative<ToGateway>(ask(request("POST", "//v1/%6dessages", "API.Anthropic.com:443"))));
}

TEST_F(JudgeTest, DeniesEveryRequestOfADeniedApp) {
  const auto inference = ask(request("POST", "/v1/responses", "api.openai.com"), "codex", "dev_1", "api.openai.com");
  ASSERT_TRUE(std::holds_alternative<Deny>(inference));
  EXPECT_TRUE(std::get<Deny>(inference).inference);
  EXPECT_EQ(std::get<Deny>(inference).decision.reference, "QX7-1234");
  const auto upload = ask(request("POST", "/v1/files", "api.openai.com"), "codex", "dev_1", "api.openai.com");
  ASSERT_TRUE(std::holds_alternative<Deny>(upload));
  EXPECT_FALSE(std::get<Deny>(upload).inference);
}

TEST_F(JudgeTest, ObeysADecisionForThisDevice) {
  EXPECT_TRUE(
      std::holds_alternative<Deny>(ask(request("POST", "/v1/messages", "api.anthropic.com"), "claude-code", "dev_2")));
}

TEST_F(JudgeTest, RefusesAnotherHostThanTheConnections) {
  for (const char* host : {"api.openai.com", "evil.example", "api.anthropic.com.evil.example", ""})
    EXPECT_TRUE(std::holds_alternative<Misdirected>(ask(request("POST", "/v1/messages", host)))) << host;
  auto twice = request("POST", "/v1/messages", "api.anthropic.com");
  twice.fields.add("host", "evil.example");
  EXPECT_TRUE(std::holds_alternative<Misdirected>(ask(twice)));
  EXPECT_TRUE(std::holds_alternative<Misdirected>(
      ask(request("POST", "https://evil.example/v1/messages", "api.anthropic.com"))));
}

TEST_F(JudgeTest, TurnsWebSocketsIntoPlainRequestsEvenForADeniedApp) {
  auto head = request("GET", "/v1/responses", "api.openai.com");
  head.fields.add("Connection", "Upgrade");
  head.fields.add("Upgrade", "websocket");
  EXPECT_TRUE(std::holds_alternative<NoUpgrade>(ask(head, "codex", "dev_1", "api.openai.com")));
}

class DenialTest : public testing::Test {
 protected:
  DeniedAnswer deny(const http::RequestHead& head, std::string_view body, bool inference) {
    flow.host = "api.openai.com";
    flow.process.user = "ann";
    identity.device_id = "dev_1";
    const Deny denial{.decision = policy->decide_app("dev_1", "codex"), .inference = inference};
    return denied_answer(
        {.policy = *policy, .identity = identity, .flow = flow, .app = "codex", .denial = denial, .now = wall_now()},
        head, body);
  }
  std::shared_ptr<const policy::Policy> policy = testing_support::make_policy();
  Flow flow;
  DeviceIdentity identity;
};

TEST_F(DenialTest, SaysWhyInTheFormOfTheClientAndRecordsIt) {
  const auto denied = deny(request("POST", "/v1/responses", "api.openai.com"),
                           R"({"model":"gpt-5","stream":true,"input":"hello"})", true);
  EXPECT_THAT(denied.answer.body, HasSubstr("Use Claude Code instead."));
  EXPECT_THAT(denied.answer.body, HasSubstr("QX7-1234"));
  EXPECT_THAT(denied.answer.body, HasSubstr("invalid_prompt")) << "Codex shows exactly the text of this code";
  EXPECT_EQ(denied.record.request.model, "gpt-5");
  EXPECT_TRUE(denied.record.request.streamed);
  EXPECT_EQ(denied.record.request.app, "codex");
  EXPECT_EQ(denied.record.request.user, "ann");
  EXPECT_EQ(denied.record.outcome.decision, audit::Decision::denied);
  EXPECT_EQ(denied.record.outcome.status, denied.answer.head.status);
  EXPECT_EQ(denied.answer.head.fields.get("x-request-id"), denied.record.request.request_id);
}

TEST_F(DenialTest, TurnsSideCallsAwayWithoutTroubleForTheClient) {
  const auto denied = deny(request("POST", "/v1/files", "api.openai.com"), "", false);
  EXPECT_EQ(denied.answer.head.status, 403);
}

TEST_F(DenialTest, DoesNotNeedABodyItCanRead) {
  for (const char* body : {"", "{", "not json", R"({"model":7})"}) {
    const auto denied = deny(request("POST", "/v1/responses", "api.openai.com"), body, true);
    EXPECT_THAT(denied.answer.body, HasSubstr("Use Claude Code instead.")) << body;
  }
}

}  // namespace
}  // namespace sluice::agent
