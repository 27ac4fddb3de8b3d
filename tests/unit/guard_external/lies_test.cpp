// A provider that answers wrongly has not looked: every such answer is a named reason, never an empty list.
#include <gtest/gtest.h>

#include <algorithm>

#include "policy/guard_providers.h"
#include "samples.h"

namespace sluice::guard::external {
namespace {

std::string answer(const std::string& kind, std::string_view body, int status = 200) {
  const policy::GuardProvider provider = provider_of(kind);
  return told(read(provider, calls_of(provider, {"é secret words"}).at(0), status, body));
}

TEST(Lies, StatusesAreReasons) {
  for (const Sample& sample : samples()) {
    EXPECT_EQ(answer(sample.kind, sample.clean, 401), "refused");
    EXPECT_EQ(answer(sample.kind, sample.clean, 403), "refused");
    EXPECT_EQ(answer(sample.kind, sample.clean, 429), "throttled");
    for (const int status : {201, 202, 204, 301, 400, 404, 413, 500, 503})
      EXPECT_EQ(answer(sample.kind, sample.clean, status), "vendor_failed") << sample.kind << status;
  }
}

TEST(Lies, WhatIsNoAnswerIsMalformed) {
  const std::string deep(5000, '[');
  for (const Sample& sample : samples())
    for (const std::string_view body :
         {std::string_view("<html><body>502 Bad Gateway</body></html>"), std::string_view(""), std::string_view("null"),
          std::string_view("true"), std::string_view("{}"), std::string_view("\"clean\""), std::string_view(deep)})
      EXPECT_EQ(answer(sample.kind, body), "malformed_answer") << sample.kind << ": " << body.substr(0, 20);
}

TEST(Lies, EveryCutOfACleanAnswerIsMalformed) {
  for (const Sample& sample : samples())
    for (std::size_t cut = 0; cut < sample.clean.size(); ++cut)
      ASSERT_EQ(answer(sample.kind, std::string_view(sample.clean).substr(0, cut)), "malformed_answer")
          << sample.kind << " at " << cut;
}

TEST(Lies, AnswersAreBounded) {
  for (const Sample& sample : samples())
    EXPECT_EQ(answer(sample.kind, sample.clean + std::string(largest_answer, ' ')), "malformed_answer") << sample.kind;
  std::string many = R"({"findings":[)";
  for (int i = 0; i < 1001; ++i) many += i == 0 ? R"({"text":0})" : R"(,{"text":0})";
  EXPECT_EQ(answer("webhook", many + "]}"), "malformed_answer");
}

TEST(Lies, PlacesThatAreNotInTheTextAreMalformed) {
  for (const std::string place : {R"("start":0,"end":15)", R"("start":-1,"end":3)", R"("start":3,"end":3)",
                                  R"("start":5,"end":3)", R"("start":0)", R"("end":4)", R"("start":"x","end":4)",
                                  R"("start":0.5,"end":4)", R"("start":0,"end":9223372036854775807)"}) {
    EXPECT_EQ(answer("webhook", R"({"findings":[{"text":0,)" + place + "}]}"), "malformed_answer") << place;
    EXPECT_EQ(answer("presidio", R"([{"entity_type":"PERSON","score":1,)" + place + "}]"), "malformed_answer") << place;
  }
  EXPECT_EQ(answer("webhook", R"({"findings":[{"text":1}]})"), "malformed_answer");
  EXPECT_EQ(answer("webhook", R"({"findings":[{"text":-1}]})"), "malformed_answer");
}

TEST(Lies, ValuesOfAnotherTypeOrRangeAreMalformed) {
  EXPECT_EQ(answer("webhook", R"({"findings":{}})"), "malformed_answer");
  EXPECT_EQ(answer("webhook", R"({"findings":[{"text":0,"type":"emial"}]})"), "malformed_answer");
  EXPECT_EQ(answer("webhook", R"({"findings":[{"text":0,"score":1.5}]})"), "malformed_answer");
  EXPECT_EQ(answer("bedrock", R"({"action":1,"assessments":[]})"), "malformed_answer");
  EXPECT_EQ(answer("bedrock", R"({"action":"NONE","assessments":[{"topicPolicy":[]}]})"), "malformed_answer");
  EXPECT_EQ(answer("azure_content_safety", R"({"categoriesAnalysis":[{"category":"Hate","severity":9}]})"),
            "malformed_answer");
  EXPECT_EQ(answer("lakera", R"({"flagged":"no"})"), "malformed_answer");
  EXPECT_EQ(answer("lakera", R"({"flagged":false,"breakdown":[{"detector_type":"x"}]})"), "malformed_answer");
  EXPECT_EQ(answer("presidio", R"([{"entity_type":"X","start":0,"end":1,"score":2}])"), "malformed_answer");
  EXPECT_EQ(answer("crowdstrike_aidr", R"({"result":{"blocked":0}})"), "malformed_answer");
  EXPECT_EQ(answer("grayswan", R"({"violation":-0.1})"), "malformed_answer");
  EXPECT_EQ(answer("grayswan", R"({"violation":"0"})"), "malformed_answer");
}

TEST(Lies, ErrorsRepeatNothingOfTheAnswer) {
  for (const Sample& sample : samples()) {
    const policy::GuardProvider provider = provider_of(sample.kind);
    const Call call = calls_of(provider, {"é secret words"}).at(0);
    for (const std::string_view body : {R"({"secret words":)", R"({"secret words":{"secret words":"secret words"}})"}) {
      const auto found = read(provider, call, 200, body);
      ASSERT_FALSE(found);
      EXPECT_FALSE(found.error().message().contains("secret words")) << found.error().message();
    }
  }
}

TEST(Lies, RuleNamesAreShortAndPlain) {
  const policy::GuardProvider provider = provider_of("webhook");
  const Call call = calls_of(provider, {"é secret words"}).at(0);
  const auto found =
      read(provider, call, 200, R"({"findings":[{"text":0,"category":"a\"b\n)" + std::string(100, 'x') + "\"}]}");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->front().rule, "a_b_" + std::string(60, 'x'));
}

TEST(Reasons, AreAFixedList) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::io_failed); ++code) {
    const auto name = reason_of(Error{static_cast<ErrorCode>(code), ""});
    EXPECT_NE(std::ranges::find(reasons(), name), reasons().end()) << name;
  }
}

}  // namespace
}  // namespace sluice::guard::external
