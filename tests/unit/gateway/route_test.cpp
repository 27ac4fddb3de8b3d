#include "gateway/route/policy_in_force.h"

#include <gtest/gtest.h>

#include "gateway/pipeline/pipeline.h"
#include "gateway/upstream/upstream.h"

namespace sluice::gateway {
namespace {

using dialect::Dialect;

policy::GatewaySnapshot snapshot() {
  policy::GatewaySnapshot made;
  made.fleet.org = "Test Org";
  made.fleet.version = 1;
  const auto add_provider = [&](std::string name, Dialect dialect) {
    policy::ProviderSettings provider;
    provider.provider = name;
    provider.dialect = dialect;
    provider.base_url = "https://" + name + ".example.com";
    made.providers.push_back(std::move(provider));
  };
  add_provider("local", Dialect::openai);
  add_provider("openai", Dialect::openai);
  add_provider("anthropic", Dialect::anthropic);
  policy::VirtualKey key;
  key.id = "vk_1";
  key.allowed_models = {{"openai", {"gpt-*"}}, {"local", {"llama", "gpt-oss"}}};
  made.virtual_keys.push_back(key);
  return made;
}

struct Routing : ::testing::Test {
  PolicyPtr policy = *PolicyInForce::make(snapshot());
  const policy::CompiledKey& key = *policy->rules().key_by_id("vk_1");

  std::string choose(Dialect dialect, std::string_view model) {
    const Result<ProviderChoice> choice = choose_provider(*policy, key, dialect, model);
    if (!choice) return std::string(choice.error().name());
    return choice->provider->provider + " " + std::string(choice->model);
  }
};

TEST_F(Routing, APrefixThatNamesAProviderChoosesItAndIsCutOff) {
  EXPECT_EQ(choose(Dialect::openai, "openai/gpt-5"), "openai gpt-5");
  EXPECT_EQ(choose(Dialect::openai, "local/llama"), "local llama");
}

TEST_F(Routing, ABareModelGoesToTheFirstProviderOfTheKeyThatAllowsIt) {
  EXPECT_EQ(choose(Dialect::openai, "gpt-oss"), "openai gpt-oss");
  EXPECT_EQ(choose(Dialect::openai, "llama"), "local llama");
}

TEST(RoutingOfBareNames, AProviderNamedLikeTheDialectHasNoPreference) {
  policy::GatewaySnapshot made = snapshot();
  made.providers.push_back({});
  made.providers.back().provider = "openai-eu";
  made.providers.back().base_url = "https://openai-eu.example.com";
  made.virtual_keys[0].allowed_models = {{"anthropic", {"*"}}, {"openai-eu", {"gpt-*"}}, {"openai", {"gpt-*"}}};
  const PolicyPtr policy = *PolicyInForce::make(std::move(made));
  const auto choice = choose_provider(*policy, *policy->rules().key_by_id("vk_1"), Dialect::openai, "gpt-5");
  ASSERT_TRUE(choice) << choice.error().detail;
  EXPECT_EQ(choice->provider->provider, "openai-eu");
}

TEST(RoutingOfBareNames, OfTwoProvidersThatWouldDoTheFirstOfTheKeyIsAsked) {
  for (const bool other_first : {false, true}) {
    policy::GatewaySnapshot made = snapshot();
    made.providers.push_back({});
    made.providers.back().provider = "another";
    made.providers.back().base_url = "https://another.example.com";
    policy::AllowedModels& models = made.virtual_keys[0].allowed_models;
    models = {{"local", {"*"}}, {"another", {"*"}}};
    if (other_first) std::swap(models[0], models[1]);
    const PolicyPtr policy = *PolicyInForce::make(std::move(made));
    const auto choice = choose_provider(*policy, *policy->rules().key_by_id("vk_1"), Dialect::openai, "gpt-5");
    ASSERT_TRUE(choice) << choice.error().detail;
    EXPECT_EQ(choice->provider->provider, other_first ? "another" : "local");
  }
}

TEST_F(Routing, AModelThatTheKeyDoesNotAllowIsRefusedWithAndWithoutPrefix) {
  EXPECT_EQ(choose(Dialect::openai, "o3"), "model_not_allowed");
  EXPECT_EQ(choose(Dialect::openai, "openai/o3"), "model_not_allowed");
  EXPECT_EQ(choose(Dialect::anthropic, "claude-sonnet-4-5"), "model_not_allowed");
}

TEST(RoutingOfSlashes, AnUnknownProviderIsNamedAndItsModelGoesToNobodyElse) {
  policy::GatewaySnapshot made = snapshot();
  made.virtual_keys[0].allowed_models = {{"openai", {"*"}}, {"local", {"llama", "meta-llama/*"}}, {"gone", {"*"}}};
  const PolicyPtr policy = *PolicyInForce::make(std::move(made));
  const policy::CompiledKey& key = *policy->rules().key_by_id("vk_1");
  const Result<ProviderChoice> unknown = choose_provider(*policy, key, Dialect::openai, "nope/x");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
  EXPECT_EQ(unknown.error().detail,
            "there is no provider nope for the model x; this key's providers for this API are openai, local");
  const Result<ProviderChoice> listed = choose_provider(*policy, key, Dialect::openai, "meta-llama/llama-3");
  ASSERT_TRUE(listed) << listed.error().detail;
  EXPECT_EQ(listed->provider->provider, "local");
  EXPECT_EQ(listed->model, "meta-llama/llama-3");
  const Result<ProviderChoice> in_front = choose_provider(*policy, key, Dialect::openai, "openai/meta-llama/llama-3");
  ASSERT_TRUE(in_front) << in_front.error().detail;
  EXPECT_EQ(in_front->provider->provider, "openai");
  EXPECT_EQ(in_front->model, "meta-llama/llama-3");
  const Result<ProviderChoice> other = choose_provider(*policy, key, Dialect::anthropic, "nope/x");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().detail, "there is no provider nope for the model x; this key has no provider for this API");
}

TEST(Models, AKeyListsWhatItAndOtherKeysNameAndItMayUseAndThePatternsThatAllowMore) {
  policy::GatewaySnapshot made = snapshot();
  policy::VirtualKey other;
  other.id = "vk_2";
  other.allowed_models = {{"openai", {"gpt-5", "o3"}}, {"anthropic", {"claude-x"}}};
  made.virtual_keys.push_back(other);
  const policy::GatewayPolicy rules(std::move(made));
  EXPECT_EQ(models_document(Dialect::openai, *rules.key_by_id("vk_1"), rules),
            R"({"object":"list","data":[)"
            R"({"id":"openai/gpt-5","object":"model","created":0,"owned_by":"openai"},)"
            R"({"id":"local/gpt-oss","object":"model","created":0,"owned_by":"local"},)"
            R"({"id":"local/llama","object":"model","created":0,"owned_by":"local"}],)"
            R"("allowed_patterns":["openai/gpt-*"]})");
  EXPECT_EQ(models_document(Dialect::anthropic, *rules.key_by_id("vk_2"), rules).find("allowed_patterns"),
            std::string::npos);
}

TEST(Models, AFineTunedModelIsShownToTheKeysThatListItAlone) {
  policy::GatewaySnapshot made = snapshot();
  made.virtual_keys[0].allowed_models = {{"openai", {"*", "ft:gpt-5:own"}}};
  policy::VirtualKey other;
  other.id = "vk_2";
  other.allowed_models = {{"openai", {"ft:gpt-5:merger", "gpt-5"}}};
  made.virtual_keys.push_back(other);
  const policy::GatewayPolicy rules(std::move(made));
  EXPECT_EQ(models_document(Dialect::openai, *rules.key_by_id("vk_1"), rules),
            R"({"object":"list","data":[)"
            R"({"id":"openai/ft:gpt-5:own","object":"model","created":0,"owned_by":"openai"},)"
            R"({"id":"openai/gpt-5","object":"model","created":0,"owned_by":"openai"}],)"
            R"("allowed_patterns":["openai/*"]})");
  EXPECT_NE(models_document(Dialect::openai, *rules.key_by_id("vk_2"), rules).find("ft:gpt-5:merger"),
            std::string::npos);
}

TEST_F(Routing, AProviderOfAnotherDialectIsUnsupportedAndADialectWithoutProviderNotFound) {
  EXPECT_EQ(choose(Dialect::openai, "anthropic/claude-sonnet-4-5"), "unsupported");
  EXPECT_EQ(choose(Dialect::gemini, "gemini-3"), "not_found");
}

TEST(PolicyInForce, RefusesAProviderWithoutAUsableUrlAndNamesIt) {
  policy::GatewaySnapshot bad = snapshot();
  bad.providers[1].base_url = "ftp://openai.example.com";
  const Result<PolicyPtr> made = PolicyInForce::make(std::move(bad));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().detail.find("providers.openai.base_url"), std::string::npos);
}

TEST(Destination, ReadsSchemeHostPortAndPath) {
  const Result<Destination> tls = destination_of_url("https://API.OpenAI.com/v1/");
  ASSERT_TRUE(tls);
  EXPECT_EQ(tls->host, "api.openai.com");
  EXPECT_EQ(tls->port, 443);
  EXPECT_EQ(tls->base_path, "/v1");
  EXPECT_EQ(tls->authority, "api.openai.com");
  const Result<Destination> plain = destination_of_url("http://[::1]:9000");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->transport, Transport::plain);
  EXPECT_EQ(plain->host, "::1");
  EXPECT_EQ(plain->authority, "[::1]:9000");
}

TEST(Destination, RefusesUserInfoQueriesOtherSchemesAndBadPorts) {
  for (const char* url : {"https://user@host", "https://host?x", "https://host/#f", "gopher://host", "host", "https://",
                          "https://host:0", "https://host:99999", "https://host:x", "https://[::1", "https://a b"})
    EXPECT_FALSE(destination_of_url(url)) << url;
}

TEST(Destination, APoolKeyLeadsBackToWhereItCameFrom) {
  for (const char* url : {"https://a.example.com", "http://b.example.com:81", "http://[fd00::1]:9"}) {
    const Destination made = *destination_of_url(url);
    const Destination back = parse_pool_key(made.pool_key);
    EXPECT_EQ(back.pool_key, made.pool_key);
    EXPECT_EQ(back.host, made.host);
    EXPECT_EQ(back.port, made.port);
    EXPECT_EQ(back.transport, made.transport);
  }
}

TEST(Destination, TheVersionOfAPathIsNotDoubled) {
  EXPECT_EQ(join_path("/v1", "/v1/chat/completions"), "/v1/chat/completions");
  EXPECT_EQ(join_path("", "/v1/messages?beta=true"), "/v1/messages?beta=true");
  EXPECT_EQ(join_path("/openai", "/v1/responses"), "/openai/v1/responses");
}

TEST(PermittedAddresses, OnlyPublicOnesAndAllowedNetworksMayBeDialled) {
  const std::vector<net::Network> allowed{*net::parse_network("198.18.0.0/15")};
  const auto addresses = [](std::initializer_list<const char*> texts) {
    std::vector<net::Address> made;
    for (const char* text : texts) made.push_back(*net::parse_address(text));
    return made;
  };
  for (const char* inside :
       {"127.0.0.1:443", "10.0.0.1:443", "169.254.169.254:443", "192.168.1.1:443", "[::1]:443", "[fe80::1]:443",
        "[fd00::1]:443", "[::ffff:10.0.0.1]:443", "0.0.0.0:443", "100.64.0.1:443"}) {
    const auto refused = permitted_addresses("x.example.com", addresses({inside}), allowed);
    ASSERT_FALSE(refused) << inside;
    EXPECT_EQ(refused.error().code, ErrorCode::address_refused);
  }
  EXPECT_TRUE(permitted_addresses("x", addresses({"198.18.0.5:443"}), allowed));
  const auto mixed = permitted_addresses("x", addresses({"10.0.0.1:443", "93.184.216.34:443"}), allowed);
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->size(), 1U);
  EXPECT_EQ(permitted_addresses("x", {}, allowed).error().code, ErrorCode::resolve_failed);
}

}  // namespace
}  // namespace sluice::gateway
