#include <gtest/gtest.h>

#include "gateway/edge/credentials.h"
#include "gateway/edge/edge.h"
#include "gateway/edge/routes.h"
#include "gateway/pipeline/no_route.h"

namespace sluice::gateway {
namespace {

TEST(Credentials, AVirtualKeyIsFoundInEachOfItsFields) {
  for (const char* name : {"x-api-key", "X-Goog-Api-Key", "api-key", "x-sluice-key", "x-bf-vk"})
    EXPECT_EQ(virtual_key_in({{name, "sk-slc-a"}}), "sk-slc-a") << name;
  EXPECT_EQ(virtual_key_in({{"authorization", "bearer  sk-slc-a"}}), "sk-slc-a");
  EXPECT_EQ(virtual_key_in({{"authorization", "Bearer sk-own"}, {"x-api-key", "sk-slc-b"}}), "sk-slc-b");
}

TEST(Credentials, WhatIsNoVirtualKeyIsNotTakenForOne) {
  EXPECT_EQ(virtual_key_in({{"authorization", "Bearer sk-other"}, {"x-api-key", ""}}), std::nullopt);
  EXPECT_EQ(virtual_key_in({{"authorization", "Basic sk-slc-a"}}), std::nullopt);
  EXPECT_EQ(virtual_key_in({}), std::nullopt);
}

TEST(Routes, ThePathAloneDecidesAndOnlyWholeSegmentsCount) {
  EXPECT_EQ(route_of("POST", "/v1/chat/completions"), ApiRoute::inference);
  EXPECT_EQ(route_of("POST", "/anthropic/v1/messages"), ApiRoute::inference);
  EXPECT_EQ(route_of("GET", "/openai/v1/models"), ApiRoute::models);
  EXPECT_EQ(route_of("POST", "/v1/models"), ApiRoute::inference);
  EXPECT_EQ(route_of("GET", "/api/devices"), ApiRoute::relay);
  EXPECT_EQ(route_of("POST", "/v1beta/models/gemini-3:generateContent"), ApiRoute::inference);
  EXPECT_EQ(route_of("GET", "/v1x"), ApiRoute::relay);
  EXPECT_EQ(route_of("GET", "/"), ApiRoute::relay);
}

TEST(Routes, WhereNothingIsServedTheAnswerSaysWhatIsPossible) {
  EXPECT_EQ(no_route("GET", "/v1/chat/completions").status, 405);
  EXPECT_EQ(no_route("GET", "/anthropic/v1/messages").allow, "POST");
  EXPECT_EQ(no_route("DELETE", "/v1/models").allow, "GET");
  EXPECT_EQ(no_route("POST", "/v1/chat/completion").status, 404);
  EXPECT_EQ(no_route("POST", "/v1/chat/completion").code, "unknown_path");
  EXPECT_EQ(no_route("POST", "/v1beta/models/gemini-3:generateContent").status, 404);
  EXPECT_EQ(no_route("POST", "/bedrock/model/m/converse").status, 501);
}

TEST(Routes, AnErrorHasTheFormOfThePathsApi) {
  EXPECT_EQ(dialect_of_path("/v1/chat/completion"), dialect::Dialect::openai);
  EXPECT_EQ(dialect_of_path("/v1/messages/batches"), dialect::Dialect::anthropic);
  EXPECT_EQ(dialect_of_path("/anthropic/v1/unknown"), dialect::Dialect::anthropic);
  EXPECT_EQ(dialect_of_path("/v1beta/models"), dialect::Dialect::gemini);
  EXPECT_EQ(dialect_of_path("/v1betax"), dialect::Dialect::openai);
}

TEST(Routes, UpgradesUnknownExpectationsAndMissingHostsAreAnsweredAtOnce) {
  http::RequestHead head{.method = "GET", .target = "/v1/responses", .fields = {}};
  head.fields = {{"host", "x"}};
  EXPECT_EQ(early_answer(head).status, 0);
  head.fields = {{"host", "x"}, {"expect", "100-Continue"}};
  EXPECT_EQ(early_answer(head).status, 0);
  head.fields = {{"host", "x"}, {"expect", "200-ok"}};
  EXPECT_EQ(early_answer(head).status, 417);
  head.fields = {{"host", "x"}, {"connection", "upgrade"}, {"upgrade", "websocket"}};
  EXPECT_EQ(early_answer(head).status, 426);
  head.fields = {};
  EXPECT_EQ(early_answer(head).status, 400);
  head.fields = {{"host", "x"}, {"host", "y"}};
  EXPECT_EQ(early_answer(head).status, 400);
}

TEST(Devices, OnlyACertificateOfADeviceNamesOne) {
  tls::CertificateFacts facts;
  facts.subject_cn = "dev_1";
  facts.subject_ou = "device";
  facts.serial = "0a";
  ASSERT_TRUE(device_of(facts));
  EXPECT_EQ(device_of(facts)->id, "dev_1");
  facts.subject_ou = "gateway";
  EXPECT_FALSE(device_of(facts));
  facts.subject_ou = "device";
  facts.subject_cn.clear();
  EXPECT_FALSE(device_of(facts));
  EXPECT_FALSE(device_of(std::nullopt));
}

}  // namespace
}  // namespace sluice::gateway
