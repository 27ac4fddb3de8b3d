#include "policy/decide.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace sluice::policy {
namespace {

TEST(DecideApp, TheDeviceStandsBeforeTheOrganisation) {
  const Policy policy(sample_fleet());
  EXPECT_TRUE(policy.decide_app("dev_1", "codex").allowed);
  EXPECT_EQ(policy.decide_app("dev_1", "codex").scope, Scope::device);
  const auto denied = policy.decide_app("dev_1", "claude-code");
  EXPECT_FALSE(denied.allowed);
  EXPECT_EQ(denied.reference, "QX7-3");

  const auto elsewhere = policy.decide_app("dev_2", "codex");
  EXPECT_FALSE(elsewhere.allowed);
  EXPECT_EQ(elsewhere.scope, Scope::global);
  EXPECT_EQ(elsewhere.note, "Use Claude Code");
  EXPECT_TRUE(policy.decide_app("dev_2", "claude-code").allowed);
}

TEST(DecideApp, PendingAppsFollowTheSettingAndUnknownAppsArePending) {
  auto fleet = sample_fleet();
  for (const auto setting : {PendingApps::allow, PendingApps::deny}) {
    fleet.pending_apps = setting;
    const Policy policy(fleet);
    for (const auto* app : {"opencode", "never-seen"}) {
      const auto decision = policy.decide_app("dev_2", app);
      EXPECT_EQ(decision.allowed, setting == PendingApps::allow) << app;
      EXPECT_EQ(decision.decision, Decision::pending) << app;
    }
    EXPECT_EQ(policy.decide_app("dev_2", "never-seen").scope, Scope::unknown);
    EXPECT_FALSE(policy.decide_app("dev_2", "codex").allowed);
    EXPECT_TRUE(policy.decide_app("dev_2", "claude-code").allowed);
  }
}

TEST(Policy, FindsAGovernedHostInAnySpelling) {
  const Policy policy(sample_fleet());
  ASSERT_NE(policy.host_named("api.openai.com"), nullptr);
  EXPECT_EQ(policy.host_named("API.OpenAI.com."), policy.host_named("api.openai.com"));
  EXPECT_EQ(policy.host_named("api.openai.com.evil.example"), nullptr);
  EXPECT_EQ(policy.host_named("openai.com"), nullptr);
  EXPECT_EQ(policy.host_named(""), nullptr);
}

TEST(Policy, KnowsRevokedSerialsInAnySpelling) {
  const Policy policy(sample_fleet());
  for (const auto* serial : {"0a1b", "a1b", "00A1B", "FF"}) EXPECT_TRUE(policy.is_revoked(serial)) << serial;
  for (const auto* serial : {"", "0", "a1b0", "f"}) EXPECT_FALSE(policy.is_revoked(serial)) << serial;
}

TEST(IsInference, TakesTheMeasuredPathsOfTheClients) {
  const Policy policy(sample_fleet());
  const auto is = [&](const char* host, const char* method, const char* target) {
    return Policy::is_inference(*policy.host_named(host), method, target);
  };
  EXPECT_TRUE(is("api.anthropic.com", "POST", "/v1/messages?beta=true"));
  EXPECT_TRUE(is("api.anthropic.com", "POST", "/v1/messages/count_tokens"));
  EXPECT_TRUE(is("api.openai.com", "POST", "/v1/responses"));
  EXPECT_TRUE(is("chatgpt.com", "POST", "/backend-api/codex/responses"));
  EXPECT_TRUE(
      is("generativelanguage.googleapis.com", "POST", "/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse"));
  EXPECT_TRUE(is("generativelanguage.googleapis.com", "POST", "/v1/models/gemini-3-pro:generateContent"));
  EXPECT_TRUE(is("cloudcode-pa.googleapis.com", "POST", "/v1internal:streamGenerateContent?alt=sse"));

  EXPECT_FALSE(is("api.anthropic.com", "HEAD", "/api/hello"));
  EXPECT_FALSE(is("api.anthropic.com", "GET", "/v1/messages"));
  EXPECT_FALSE(is("api.anthropic.com", "POST", "/v1/messages/batches"));
  EXPECT_FALSE(is("api.anthropic.com", "POST", "/v1/messagesx"));
  EXPECT_FALSE(is("generativelanguage.googleapis.com", "POST", "/v1beta/models/:generateContent"));
  EXPECT_FALSE(is("generativelanguage.googleapis.com", "POST", "/v1beta/models/a/b:generateContent"));
  EXPECT_FALSE(is("generativelanguage.googleapis.com", "POST", "/v1beta/models/a:countTokens"));
  EXPECT_FALSE(is("generativelanguage.googleapis.com", "POST", "/v2beta/models/a:generateContent"));
}

TEST(IsInference, IsNotFooledByAnotherSpellingOfThePath) {
  const Policy policy(sample_fleet());
  const auto& host = *policy.host_named("api.anthropic.com");
  for (const auto* target :
       {"//v1/messages", "/v1//messages", "/v1/./messages", "/x/../v1/messages", "/v1/%6dessages", "/v1/messages/",
        "/v1%2Fmessages", "/v1/messages;v=1", "/v1;a/messages", "/v1/messages#x", "/v1\\messages", "/%2e/v1/messages",
        "https://api.anthropic.com/v1/messages", "v1/messages"})
    EXPECT_TRUE(Policy::is_inference(host, "POST", target)) << target;
  for (const auto* target : {"/", "", "*", "/v1/messages/../x", "/?/v1/messages", "/v1/%6dessage", "/v1/messages%00"})
    EXPECT_FALSE(Policy::is_inference(host, "POST", target)) << target;
}

TEST(GlobMatches, TakesAnyRunForAStar) {
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("gpt-*", "gpt-5"));
  EXPECT_TRUE(glob_matches("*sonnet*", "claude-sonnet-4-5"));
  EXPECT_TRUE(glob_matches("a*b*c", "axxbyybc"));
  EXPECT_FALSE(glob_matches("gpt-*", "gpt"));
  EXPECT_FALSE(glob_matches("a*b", "ab "));
  EXPECT_FALSE(glob_matches("", "x"));
  EXPECT_FALSE(glob_matches("gpt-5", "gpt-55"));
  EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*a*b", std::string(20'000, 'a')));
}

TEST(GatewayPolicy, HoldsTheNamesThatKeysListOnceAndSortedWithoutPatternsAndFineTunedModels) {
  GatewaySnapshot snapshot;
  snapshot.virtual_keys.resize(2);
  snapshot.virtual_keys[0].allowed_models = {{"p", {"b", "a*", "ft:a:org"}}, {"q", {"*"}}};
  snapshot.virtual_keys[1].allowed_models = {{"p", {"c", "a", "b"}}};
  const GatewayPolicy policy(std::move(snapshot));
  const auto names = policy.shared_models("p");
  EXPECT_EQ(std::vector<std::string_view>(names.begin(), names.end()), (std::vector<std::string_view>{"a", "b", "c"}));
  EXPECT_TRUE(policy.shared_models("q").empty());
  EXPECT_TRUE(policy.shared_models("nobody").empty());
}

TEST(GatewayPolicy, FindsKeysAndTheirModels) {
  const GatewayPolicy policy(sample_gateway());
  EXPECT_EQ(policy.key_by_hash(std::string(64, 'b')), nullptr);
  EXPECT_EQ(policy.key_by_hash(""), nullptr);
  const auto* key = policy.key_by_hash(std::string(64, 'a'));
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key, policy.key_by_id("vk_fleet"));
  EXPECT_EQ(key, policy.fleet_default_key());  // the disabled one before it is passed over
  EXPECT_TRUE(model_allowed(*key, "openai", "gpt-5-mini"));
  EXPECT_TRUE(model_allowed(*key, "openai", "o3"));
  EXPECT_FALSE(model_allowed(*key, "openai", "o3-mini"));
  EXPECT_TRUE(model_allowed(*key, "anthropic", "claude-sonnet-4-5"));
  EXPECT_FALSE(model_allowed(*key, "google", "gemini-3-pro"));
  ASSERT_NE(policy.provider_named("openai"), nullptr);
  EXPECT_EQ(policy.provider_named("openai")->api_key.reveal(), "sk-real");
  EXPECT_EQ(policy.provider_named("azure"), nullptr);
}

}  // namespace
}  // namespace sluice::policy
