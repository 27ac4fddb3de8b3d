#include <gtest/gtest.h>

#include "policy/guard_providers.h"
#include "samples.h"

namespace sluice::guard::external {
namespace {

using policy::Surface;

std::string header_of(const Call& call, std::string_view name) {
  for (const auto& [key, value] : call.headers)
    if (key == name) return value;
  return "";
}

struct Row {
  std::string kind;
  Surface surface;
  std::string target, credential_header, credential, body;
};

TEST(Requests, AreWhatEachVendorDocuments) {
  const std::vector<Row> rows{
      {"webhook", Surface::input, "/", "Authorization", "Bearer the-key",
       R"({"version":1,"surface":"input","texts":[{"id":0,"text":"say \"é\""},{"id":1,"text":"two"}]})"},
      {"bedrock", Surface::input, "/guardrail/abc123/version/1/apply", "", "",
       R"({"source":"INPUT","content":[{"text":{"text":"say \"é\""}},{"text":{"text":"two"}}]})"},
      {"bedrock", Surface::output, "/guardrail/abc123/version/1/apply", "", "",
       R"({"source":"OUTPUT","content":[{"text":{"text":"say \"é\""}},{"text":{"text":"two"}}]})"},
      {"azure_content_safety", Surface::output, "/contentsafety/text:analyze?api-version=2024-09-01",
       "Ocp-Apim-Subscription-Key", "the-key",
       R"({"text":"say \"é\"\n\ntwo","haltOnBlocklistHit":false,"outputType":"FourSeverityLevels"})"},
      {"model_armor", Surface::input, "/v1/projects/p1/locations/us-central1/templates/t1:sanitizeUserPrompt",
       "Authorization", "Bearer the-key", R"({"userPromptData":{"text":"say \"é\"\n\ntwo"}})"},
      {"model_armor", Surface::output, "/v1/projects/p1/locations/us-central1/templates/t1:sanitizeModelResponse",
       "Authorization", "Bearer the-key", R"({"modelResponseData":{"text":"say \"é\"\n\ntwo"}})"},
      {"lakera", Surface::output, "/v2/guard", "Authorization", "Bearer the-key",
       R"({"messages":[{"role":"assistant","content":"say \"é\"\n\ntwo"}],"payload":true,"breakdown":true})"},
      {"presidio", Surface::input, "/analyze", "Authorization", "Bearer the-key",
       R"({"text":"say \"é\"\n\ntwo","language":"en"})"},
      {"patronus", Surface::input, "/v1/evaluate", "X-API-KEY", "the-key",
       R"({"evaluators":[{"evaluator":"judge","criteria":"patronus:prompt-injection","explain_strategy":"never"}],)"
       R"("task_input":"say \"é\"\n\ntwo","capture":"none"})"},
      {"crowdstrike_aidr", Surface::output, "/v1/guard_chat_completions", "Authorization", "Bearer the-key",
       R"({"guard_input":{"messages":[{"role":"assistant","content":"say \"é\"\n\ntwo"}]},"event_type":"output"})"},
      {"grayswan", Surface::tool_results, "/cygnal/monitor", "grayswan-api-key", "the-key",
       R"({"messages":[{"role":"tool","content":"say \"é\"\n\ntwo"}]})"},
  };
  for (const Row& row : rows) {
    const auto calls = calls_of(provider_of(row.kind), {"say \"é\"", "two"}, row.surface);
    ASSERT_EQ(calls.size(), 1U) << row.kind;
    EXPECT_EQ(calls[0].target, row.target);
    EXPECT_EQ(calls[0].body, row.body) << row.kind;
    EXPECT_EQ(calls[0].authority, "guard.example");
    EXPECT_EQ(header_of(calls[0], "Content-Type"), "application/json");
    if (!row.credential_header.empty()) EXPECT_EQ(header_of(calls[0], row.credential_header), row.credential);
  }
}

TEST(Requests, OfAzureAskTwoServicesAboutWhatGoesToTheModel) {
  const auto calls = calls_of(provider_of("azure_content_safety"), {"hello"});
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[1].target, "/contentsafety/text:shieldPrompt?api-version=2024-09-01");
  EXPECT_EQ(calls[1].body, R"({"userPrompt":"hello","documents":[]})");
  const auto documents = calls_of(provider_of("azure_content_safety"), {"hello"}, Surface::tool_results);
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[1].body, R"({"documents":["hello"]})");
}

TEST(Requests, AreNoneForASurfaceThatTheProviderDoesNotLookAt) {
  policy::GuardProvider shields = provider_of("azure_content_safety");
  shields.options = {{"checks", "prompt_shield"}};
  const std::vector<std::string_view> texts{"hello"};
  const auto calls = ask(shields, {.surface = Surface::output, .texts = texts, .now = sample_time});
  ASSERT_FALSE(calls);
  EXPECT_EQ(reason_of(calls.error()), "unsupported");
}

TEST(Requests, AreNoneWithoutTexts) {
  for (const Sample& sample : samples()) EXPECT_TRUE(calls_of(provider_of(sample.kind), {"", ""}).empty());
}

TEST(Requests, KeepThePathAndTheQueryOfAWebhook) {
  policy::GuardProvider hook = provider_of("webhook");
  hook.url = "https://Hooks.example:8443/a/b?code=1%202";
  hook.options = {{"header", "x-functions-key"}};
  const auto calls = calls_of(hook, {"x"});
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].target, "/a/b?code=1%202");
  EXPECT_EQ(calls[0].authority, "Hooks.example:8443");
  EXPECT_EQ(header_of(calls[0], "x-functions-key"), "the-key");
  EXPECT_EQ(header_of(calls[0], "Authorization"), "");
}

TEST(Requests, StandBelowTheUrlsOwnPath) {
  policy::GuardProvider aidr = provider_of("crowdstrike_aidr");
  aidr.url = "https://api.crowdstrike.com:443/aidr/aiguard/";
  const auto calls = calls_of(aidr, {"x"});
  EXPECT_EQ(calls.at(0).target, "/aidr/aiguard/v1/guard_chat_completions");
  EXPECT_EQ(calls.at(0).authority, "api.crowdstrike.com");
  EXPECT_EQ(origin_of(aidr.url), "https://api.crowdstrike.com:443");
}

TEST(Requests, EncodeAnArnInThePath) {
  policy::GuardProvider aws = provider_of("bedrock");
  aws.options["guardrail_id"] = "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc";
  EXPECT_EQ(calls_of(aws, {"x"}).at(0).target,
            "/guardrail/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aguardrail%2Fabc/version/1/apply");
}

TEST(Requests, AreNotMadeForAProviderWithoutItsCredential) {
  policy::GuardProvider lakera = provider_of("lakera");
  lakera.credential = Secret();
  const std::vector<std::string_view> texts{"hello"};
  const auto calls = ask(lakera, {.surface = Surface::input, .texts = texts, .now = sample_time});
  ASSERT_FALSE(calls);
  EXPECT_EQ(reason_of(calls.error()), "misconfigured");
}

TEST(Requests, AreNotMadeWithAServiceAccountsKeyThatIsNone) {
  policy::GuardProvider armor = provider_of("model_armor");
  for (const std::string credential : {"{", "{}", R"({"type":"service_account","client_email":"a@b"})",
                                       R"({"type":"service_account","client_email":"a@b","private_key":"pem"})"}) {
    armor.credential = Secret(credential);
    const std::vector<std::string_view> texts{"hello"};
    const auto calls = ask(armor, {.surface = Surface::input, .texts = texts, .now = sample_time});
    ASSERT_FALSE(calls);
    EXPECT_EQ(reason_of(calls.error()), "misconfigured") << credential;
  }
}

TEST(Requests, AreNotMadeForMoreThanTheProviderTakes) {
  const std::string text(200'000, 'x');
  const std::vector<std::string_view> texts{text};
  const auto calls = ask(provider_of("azure_content_safety"), {.surface = Surface::input, .texts = texts, .now = {}});
  ASSERT_FALSE(calls);
  EXPECT_EQ(reason_of(calls.error()), "too_large");
}

}  // namespace
}  // namespace sluice::guard::external
