#include "policy/snapshot.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace sluice::policy {
namespace {

// The text with one piece replaced; the piece must be there.
std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(FleetSnapshot, ReadsWhatItPrints) {
  const auto text = print_snapshot(sample_fleet());
  const auto snapshot = parse_fleet_snapshot(text);
  ASSERT_TRUE(snapshot) << snapshot.error().detail;
  EXPECT_EQ(print_snapshot(*snapshot), text);
  EXPECT_EQ(snapshot->device_decisions[1].note, "lost laptop");
  EXPECT_EQ(snapshot->not_after, sample_fleet().not_after);
}

TEST(FleetSnapshot, HasTheAgreedFields) {
  auto fleet = sample_fleet();
  fleet.hosts.resize(1);
  fleet.apps.resize(1);
  fleet.device_decisions.resize(1);
  fleet.root_cas = {"PEM"};
  EXPECT_EQ(
      print_snapshot(fleet),
      R"({"kind":"fleet","org":"Example Corp","epoch":2,"version":7,"issued_at":"2026-01-31T10:00:00.000Z",)"
      R"("not_after":"2026-02-07T10:00:00.000Z","gateway_url":"https://gateway.example.com:8444","root_cas":["PEM"],)"
      R"("contact":"it@example.com","pending_apps":"allow","gateway_down":"block","hosts":[{"host":"api.anthropic.com",)"
      R"("provider":"anthropic","dialect":"anthropic","mode":"governed","inference":[{"method":"POST",)"
      R"("path":"/v1/messages"},{"method":"POST","path":"/v1/messages/count_tokens"}]}],"apps":[{"app":"claude-code",)"
      R"("name":"Claude Code","decision":"approved","note":"","reference":""}],"device_decisions":[{"device_id":"dev_1",)"
      R"("app":"codex","decision":"approved","note":"pilot","reference":"QX7-2"}],"revoked_serials":["0a1b","ff"],)"
      R"("guardrails":{"rules":[],"patterns":[],"word_lists":[],"topics":[],"allow_lists":[],"gitleaks":[],)"
      R"("providers":[]}})");
}

TEST(FleetSnapshot, NamesWhatIsWrongByItsPath) {
  const auto good = print_snapshot(sample_fleet());
  const auto detail = [&](std::string_view from, std::string_view to) {
    const auto result = parse_fleet_snapshot(changed(good, from, to));
    return result ? std::string("accepted") : result.error().detail;
  };
  EXPECT_EQ(detail(R"("contact":)", R"("colour":"red","contact":)"), "colour: is not a known field");
  EXPECT_EQ(detail(R"("mode":"governed")", R"("mode":"governed","x":1)"), "hosts[0].x: is not a known field");
  EXPECT_EQ(detail(R"("mode":"governed")", R"("mode":"verdict")"), "hosts[0].mode: must be one of: governed");
  EXPECT_EQ(detail(R"("path":"/v1/messages")", R"("path":"v1")"), "hosts[0].inference[0].path: must begin with '/'");
  EXPECT_EQ(detail(R"("host":"api.anthropic.com")", R"("host":"API.anthropic.com")"),
            "hosts[0].host: must be a DNS name in lower case");
  EXPECT_EQ(detail(R"("decision":"denied")", R"("decision":"Denied")"),
            "apps[1].decision: must be one of: approved, pending, denied");
  EXPECT_EQ(detail(R"("org":"Example Corp")", R"("org":"")"), "org: must not be empty");
  EXPECT_EQ(detail(R"("kind":"fleet")", R"("kind":"gateway")"), "kind: must be one of: fleet");
  EXPECT_EQ(detail(R"("epoch":2)", R"("epoch":-1)"), "epoch: must be from 0 to 9223372036854775807");
  EXPECT_EQ(detail(R"("not_after":"2026-02-07T10:00:00.000Z",)", ""), "not_after: is missing");
  EXPECT_EQ(detail(R"("ff")", R"("FF")"), "revoked_serials[1]: must be lower case hexadecimal");
  EXPECT_EQ(detail(R"("epoch":2)", R"("epoch":2,"epoch":9)"), "epoch: stands twice");
}

TEST(FleetSnapshot, RefusesEveryCutOfItsText) {
  const auto good = print_snapshot(sample_fleet());
  for (std::size_t length = 0; length < good.size(); ++length)
    ASSERT_FALSE(parse_fleet_snapshot(good.substr(0, length))) << length;
}

TEST(GatewaySnapshot, ReadsWhatItPrints) {
  const auto text = print_snapshot(sample_gateway());
  const auto snapshot = parse_gateway_snapshot(text);
  ASSERT_TRUE(snapshot) << snapshot.error().detail;
  EXPECT_EQ(print_snapshot(*snapshot), text);
  EXPECT_EQ(snapshot->providers[0].api_key.reveal(), "sk-real");
  EXPECT_EQ(models_at(snapshot->virtual_keys[1], "openai")->globs, (std::vector<std::string>{"gpt-5*", "o3"}));
}

TEST(GatewaySnapshot, KeepsTheOrderInWhichAKeyListsItsProviders) {
  GatewaySnapshot sample = sample_gateway();
  sample.virtual_keys[0].allowed_models = {{"zeta", {"*"}}, {"alpha", {"*"}}, {"mid", {"*"}}};
  const auto read = parse_gateway_snapshot(print_snapshot(sample));
  ASSERT_TRUE(read) << read.error().detail;
  std::vector<std::string> names;
  for (const ProviderModels& models : read->virtual_keys[0].allowed_models) names.push_back(models.provider);
  EXPECT_EQ(names, (std::vector<std::string>{"zeta", "alpha", "mid"}));
}

TEST(GatewaySnapshot, RefusesEveryCutOfItsText) {
  const auto good = print_snapshot(sample_gateway());
  for (std::size_t length = 0; length < good.size(); length += 7)
    ASSERT_FALSE(parse_gateway_snapshot(good.substr(0, length))) << length;
}

TEST(GatewaySnapshot, NamesWhatIsWrongByItsPathAndNeverQuotesAKey) {
  const auto good = print_snapshot(sample_gateway());
  const auto detail = [&](std::string_view from, std::string_view to) {
    const auto result = parse_gateway_snapshot(changed(good, from, to));
    return result ? std::string("accepted") : result.error().detail;
  };
  EXPECT_EQ(detail(R"(["gpt-5*","o3"])", R"(["gpt-5*",3])"),
            "virtual_keys[1].allowed_models.openai[1]: must be a string");
  EXPECT_EQ(detail(R"("key_sha256":"")", R"("key_sha256":"abc")"),
            "virtual_keys[0].key_sha256: must be 64 digits of lower case hexadecimal");
  EXPECT_EQ(detail(R"("api_key":"sk-real")", R"("api_kay":"sk-real")"), "providers[0].api_kay: is not a known field");
  EXPECT_EQ(detail(R"("base_url":"https)", R"("base_url":"ftp)"),
            "providers[0].base_url: must begin with https:// or http://");
  EXPECT_EQ(parse_fleet_snapshot(good).error().detail.find("sk-real"), std::string::npos);
}

}  // namespace
}  // namespace sluice::policy
