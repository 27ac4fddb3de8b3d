#include "audit/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/audit/samples.h"

namespace sluice::audit {
namespace {

using testing::HasSubstr;

std::string text_of(const Record& record) {
  return to_json({"gw_1", 7, record});
}

TEST(record, each_kind_is_written_in_the_fixed_order_of_fields) {
  EXPECT_EQ(text_of(sample_intent("req_1")),
            R"({"type":"intent","origin":"gw_1","sequence":7,"time":"2026-11-20T12:00:00.250Z","request_id":"req_1",)"
            R"("client_request_id":"c-1","device":"dev_1","user":"ada","app":"claude-code","app_version":"2.1.328",)"
            R"("virtual_key":"vk_fleet","provider":"anthropic","model":"claude-x","dialect":"anthropic",)"
            R"("operation":"messages","streamed":true,"host":"api.anthropic.com","path":"/v1/messages"})");
  EXPECT_EQ(text_of(sample_completion("req_1")),
            R"({"type":"completion","origin":"gw_1","sequence":7,"time":"2026-11-20T12:00:00.250Z",)"
            R"("request_id":"req_1","decision":"allowed","reason":"","status":200,"upstream_request_id":"up-1",)"
            R"("tokens":{"input":10,"output":20,"cache_read":3,"cache_write":4},"cost_nanodollars":null,)"
            R"("latency_us":1500,"overhead_us":90,"attempts":1,"guardrails":[]})");
}

Intent intent_of_a_team() {
  Intent intent = sample_intent("req_1");
  intent.request.team = "research";
  return intent;
}

TEST(record, a_team_stands_behind_its_key) {
  EXPECT_THAT(text_of(intent_of_a_team()), HasSubstr(R"("virtual_key":"vk_fleet","team":"research","provider")"));
}

Completion estimated_completion() {
  Completion completion = sample_completion("req_1");
  completion.outcome.tokens->estimated = true;
  return completion;
}

TEST(record, tokens_that_were_estimated_say_so) {
  const std::string text = text_of(estimated_completion());
  EXPECT_THAT(text, HasSubstr(R"("cache_write":4,"estimated":true})"));
  EXPECT_TRUE(std::get<Completion>(record_from_json(text)->record).outcome.tokens->estimated);
}

Completion untold_completion() {
  Completion completion = sample_completion("req_1");
  completion.outcome.tokens.reset();
  return completion;
}

TEST(record, tokens_that_nobody_told_and_a_cost_without_a_price_are_null) {
  const std::string text = text_of(untold_completion());
  EXPECT_THAT(text, HasSubstr(R"("tokens":null,"cost_nanodollars":null,"latency_us")"));
  const Outcome read = std::get<Completion>(record_from_json(text)->record).outcome;
  EXPECT_FALSE(read.tokens);
  EXPECT_FALSE(read.cost_nanodollars);
}

TEST(record, a_record_of_a_version_that_wrote_zero_for_what_it_did_not_know_is_read) {
  std::string text = text_of(untold_completion());
  const std::string_view now = R"("tokens":null,"cost_nanodollars":null)";
  text.replace(text.find(now), now.size(),
               R"("tokens":{"input":0,"output":0,"cache_read":0,"cache_write":0},"cost_nanodollars":0)");
  const auto read = record_from_json(text);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(std::get<Completion>(read->record).outcome.cost_nanodollars, 0);
}

TEST(record, what_is_written_reads_back_the_same) {
  for (const Record& record :
       {Record(sample_intent("req_1")), Record(intent_of_a_team()), Record(sample_completion("req_1")),
        Record(estimated_completion()), Record(untold_completion()), Record(sample_refusal("req_1"))}) {
    const std::string text = text_of(record);
    const auto read = record_from_json(text);
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->origin, "gw_1");
    EXPECT_EQ(read->sequence, 7U);
    EXPECT_EQ(read->record.index(), record.index());
    EXPECT_EQ(to_json(*read), text);
  }
}

TEST(record, text_of_any_bytes_becomes_valid_json) {
  std::string nasty;
  for (int byte = 0; byte < 256; ++byte) nasty.push_back(static_cast<char>(byte));
  nasty += "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\x80\xf5\x80\x80\x80\xc0\xaf\xe2\x82";
  Intent intent = sample_intent("req_1");
  intent.request.user = nasty;
  intent.request.path = std::string(5000, '/');
  const std::string text = text_of(intent);
  const auto read = record_from_json(text);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(to_json(*read), text);
  EXPECT_THAT(std::get<Intent>(read->record).request.user, HasSubstr("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"));
  EXPECT_LT(text.size(), 5000U);
}

TEST(record, a_wrong_field_is_named_by_its_path) {
  const auto changed = [](std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    const auto read = record_from_json(text);
    return read ? std::string("accepted") : read.error().detail;
  };
  const std::string completion = text_of(sample_completion("req_1"));
  EXPECT_THAT(changed(completion, R"("input":10)", R"("input":"10")"), HasSubstr("tokens.input"));
  EXPECT_THAT(changed(completion, R"("output":20)", R"("output":-1)"), HasSubstr("tokens.output"));
  EXPECT_THAT(changed(completion, R"("status":200)", R"("status":9999999999)"), HasSubstr("status"));
  EXPECT_THAT(changed(completion, R"("attempts":1)", R"("attempts":1,"extra":1)"), HasSubstr("extra is not a known"));
  EXPECT_THAT(changed(completion, R"(,"attempts":1)", ""), HasSubstr("attempts is missing"));
  EXPECT_THAT(changed(completion, R"("decision":"allowed")", R"("decision":"maybe")"), HasSubstr("decision"));
  EXPECT_THAT(changed(completion, R"("reason":"")", R"("reason":"","reason":"x")"), HasSubstr("twice"));
  EXPECT_THAT(changed(completion, R"("type":"completion")", R"("type":"other")"), HasSubstr("type"));
  EXPECT_THAT(changed(completion, R"("time":"2026)", R"("time":"x026)"), HasSubstr("time"));
  EXPECT_THAT(changed(completion, R"("sequence":7)", R"("sequence":0)"), HasSubstr("sequence"));
  EXPECT_THAT(changed(text_of(sample_refusal("r")), R"("phase":"input")", R"("phase":1)"),
              HasSubstr("guardrails[0].phase"));
  EXPECT_FALSE(record_from_json("[]"));
  EXPECT_FALSE(record_from_json(""));
  EXPECT_EQ(record_from_json(std::string(70'000, ' ')).error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace sluice::audit
