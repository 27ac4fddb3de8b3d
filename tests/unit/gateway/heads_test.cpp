#include "gateway/pipeline/heads.h"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::gateway {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs(const http::Fields& fields) {
  Pairs made;
  for (const http::Field field : fields) made.emplace_back(field.name, field.value);
  return made;
}

TEST(DeviceHead, KeepsNamesValuesAndOrderAndTheClientsOwnCredential) {
  http::RequestHead received{.method = "POST", .target = "/v1/messages?beta=true", .fields = {}};
  received.fields = {{"Host", "api.anthropic.com"},
                     {"X-B", "2"},
                     {"x-a", "1"},
                     {"Authorization", "Bearer own"},
                     {"X-B", "3"},
                     {"sluice-app", "curl"},
                     {"Sluice-User", "alice"},
                     {"connection", "keep-alive, x-hop"},
                     {"x-hop", "1"},
                     {"Expect", "100-continue"}};
  const http::RequestHead head = device_request_head(received);
  EXPECT_EQ(head.target, "/v1/messages?beta=true");
  EXPECT_EQ(
      pairs(head.fields),
      (Pairs{
          {"Host", "api.anthropic.com"}, {"X-B", "2"}, {"x-a", "1"}, {"Authorization", "Bearer own"}, {"X-B", "3"}}));
}

struct ApiHead : ::testing::Test {
  Destination destination = *destination_of_url("https://api.openai.com");
  policy::ProviderSettings provider;
  http::RequestHead received{.method = "POST", .target = "/openai/v1/chat/completions", .fields = {}};

  ApiHead() {
    provider.provider = "openai";
    provider.api_key = Secret("sk-real");
  }
  Pairs forwarded() {
    return pairs(api_request_head(received, {destination, provider, "/v1/chat/completions", 7}).fields);
  }
};

TEST_F(ApiHead, PutsTheProvidersKeyWhereTheVirtualKeyStood) {
  received.fields = {
      {"host", "localhost:8080"}, {"Authorization", "Bearer sk-slc-x"}, {"content-length", "9"}, {"accept", "*/*"}};
  EXPECT_EQ(forwarded(), (Pairs{{"host", "api.openai.com"},
                                {"Authorization", "Bearer sk-real"},
                                {"content-length", "7"},
                                {"accept", "*/*"}}));
}

TEST_F(ApiHead, LeavesOutEveryFieldThatMayCarryACredentialAndCookies) {
  received.fields = {{"host", "x"},         {"x-sluice-key", "sk-slc-x"}, {"x-api-key", "k"},
                     {"api-key", "k"},      {"x-goog-api-key", "k"},      {"x-bf-vk", "k"},
                     {"cookie", "session"}, {"sluice-app", "root"},       {"x-bf-user-id", "u"}};
  EXPECT_EQ(forwarded(), (Pairs{{"host", "api.openai.com"}, {"authorization", "Bearer sk-real"}}));
}

TEST_F(ApiHead, ASecondCredentialFieldDoesNotGetTheKeyAgain) {
  received.fields = {{"host", "x"}, {"authorization", "Bearer sk-slc-x"}, {"authorization", "Bearer other"}};
  EXPECT_EQ(forwarded(), (Pairs{{"host", "api.openai.com"}, {"authorization", "Bearer sk-real"}}));
}

TEST_F(ApiHead, AProviderWithoutAKeyGetsNoCredential) {
  provider.api_key = Secret();
  received.fields = {{"host", "x"}, {"authorization", "Bearer sk-slc-x"}};
  EXPECT_EQ(forwarded(), (Pairs{{"host", "api.openai.com"}}));
}

TEST(Answers, AnAppSeesTheProvidersIdAndAnApiClientOurs) {
  http::Fields to_app{{"content-type", "x"}, {"x-request-id", "theirs"}, {"connection", "close"}};
  dress_for_device(to_app, "req_1");
  EXPECT_EQ(pairs(to_app), (Pairs{{"content-type", "x"}, {"x-request-id", "theirs"}, {"sluice-request-id", "req_1"}}));
  http::Fields to_client{{"x-request-id", "theirs"}, {"set-cookie", "c"}, {"sluice-x", "1"}};
  dress_for_api(to_client, "req_1");
  EXPECT_EQ(pairs(to_client), (Pairs{{"x-request-id", "req_1"}, {"x-upstream-request-id", "theirs"}}));
}

}  // namespace
}  // namespace sluice::gateway
