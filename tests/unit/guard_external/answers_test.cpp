// What each vendor's answer says, in places of our texts. The first text has a character of each width before the
// words.
#include <gtest/gtest.h>

#include "policy/guard_providers.h"
#include "samples.h"

namespace sluice::guard::external {
namespace {

using policy::Surface;

// Bytes: é 0-2, space 2, 𝄞 3-7, space 7, mail 8-15. Characters: mail 4-11. UTF-16: mail 5-12.
constexpr std::string_view mail_text = "é 𝄞 a@b.com";
constexpr std::string_view other_text = "hello";

std::string answer(policy::GuardProvider provider, std::string_view body, Surface surface = Surface::input,
                   std::size_t call = 0) {
  const auto calls = calls_of(provider, {mail_text, other_text}, surface);
  return call < calls.size() ? told(read(provider, calls[call], 200, body)) : "no call";
}
std::string answer(const std::string& kind, std::string_view body, Surface surface = Surface::input,
                   std::size_t call = 0) {
  return answer(provider_of(kind), body, surface, call);
}

TEST(Answers, ThatFindNothingHoldNothing) {
  for (const Sample& sample : samples()) EXPECT_EQ(answer(sample.kind, sample.clean), "") << sample.kind;
  EXPECT_EQ(answer("azure_content_safety", R"({"userPromptAnalysis":{"attackDetected":false},"documentsAnalysis":[]})",
                   Surface::input, 1),
            "");
}

TEST(Answers, MayHoldFieldsThatWeDoNotKnow) {
  for (const Sample& sample : samples()) {
    if (sample.kind == "presidio") continue;
    std::string body = sample.clean;
    body.insert(1, R"("brand_new":{"deep":[1,{"x":null}]},)");
    EXPECT_EQ(answer(sample.kind, body), "") << sample.kind;
  }
}

TEST(WebhookAnswers, CountInTheUnitOfTheirOption) {
  policy::GuardProvider hook = provider_of("webhook");
  const auto body = [](int start, int end) {
    return R"({"findings":[{"text":0,"start":)" + std::to_string(start) + R"(,"end":)" + std::to_string(end) +
           R"(,"type":"email","category":"crm","score":0.5,"hit":false}]})";
  };
  const std::string mail = "0:8-15 email crm 0.50 noted";
  EXPECT_EQ(answer(policy::GuardProvider{.id = "h", .kind = "webhook", .url = "https://h"}, body(4, 11)), mail);
  hook.options = {{"offsets", "utf16"}};
  EXPECT_EQ(told(read(hook, calls_of(hook, {mail_text})[0], 200, body(5, 12))), mail);
  EXPECT_EQ(told(read(hook, calls_of(hook, {mail_text})[0], 200, body(3, 12))), "malformed_answer");  // half of 𝄞
  hook.options = {{"offsets", "bytes"}};
  EXPECT_EQ(told(read(hook, calls_of(hook, {mail_text})[0], 200, body(8, 15))), mail);
}

TEST(WebhookAnswers, MaySpeakOfAWholeText) {
  EXPECT_EQ(answer("webhook", R"({"findings":[{"text":1}]})"), "1:0-5 other other 1.00 hit");
}

TEST(BedrockAnswers, AreLookedForByTheirWords) {
  EXPECT_EQ(answer("bedrock", R"({"action":"GUARDRAIL_INTERVENED","assessments":[{"sensitiveInformationPolicy":)"
                              R"({"piiEntities":[{"type":"EMAIL","match":"A@B.com","action":"ANONYMIZED"}],)"
                              R"("regexes":[{"name":"greeting","match":"hello","regex":"h.*","action":"NONE"}]}}]})"),
            "0:8-15 email EMAIL 1.00 hit; 1:0-5 other regex:greeting 1.00 noted");
}

TEST(BedrockAnswers, SpeakOfEverythingWhereTheyNameNoWords) {
  EXPECT_EQ(answer("bedrock", R"({"action":"GUARDRAIL_INTERVENED","assessments":[{"contentPolicy":{"filters":[)"
                              R"({"type":"PROMPT_ATTACK","confidence":"HIGH","action":"BLOCKED","detected":true},)"
                              R"({"type":"HATE","confidence":"LOW","action":"NONE","detected":false}]}}]})"),
            "0:0-15 injection PROMPT_ATTACK 0.90 hit; 1:0-5 injection PROMPT_ATTACK 0.90 hit");
}

TEST(BedrockAnswers, ThatInterveneForUnknownReasonsAreHits) {
  EXPECT_EQ(answer("bedrock", R"({"action":"GUARDRAIL_INTERVENED","assessments":[{"newPolicy":{}}]})"),
            "0:0-15 other guardrail 1.00 hit; 1:0-5 other guardrail 1.00 hit");
  EXPECT_EQ(answer("bedrock", R"({"action":"BLOCKED","assessments":[]})"), "malformed_answer");
}

TEST(BedrockAnswers, WithMoreWordsThanWeLookForSpeakOfEverything) {
  std::string entities;
  for (int i = 0; i < 201; ++i)
    entities += std::string(i == 0 ? "" : ",") + R"({"type":"EMAIL","match":"a@b.com","action":"ANONYMIZED"})";
  const std::string told = answer("bedrock", R"({"action":"GUARDRAIL_INTERVENED","assessments":[)"
                                             R"({"sensitiveInformationPolicy":{"piiEntities":[)" +
                                                 entities + "]}}]}");
  EXPECT_TRUE(told.starts_with("0:0-15 email EMAIL 1.00 hit; 0:8-15 email EMAIL 1.00 hit")) << told.substr(0, 200);
}

TEST(BedrockAnswers, ThatCoverAPartOnlyDidNotRun) {
  EXPECT_EQ(answer("bedrock", R"({"action":"NONE","assessments":[],"guardrailCoverage":{"textCharacters":)"
                              R"({"guarded":3,"total":20}}})"),
            "vendor_failed");
}

TEST(AzureAnswers, AreHitsFromTheSeverityOfTheOption) {
  const std::string body =
      R"({"blocklistsMatch":[{"blocklistName":"names","blocklistItemId":"1","blocklistItemText":"HELLO"}],)"
      R"("categoriesAnalysis":[{"category":"Hate","severity":2},{"category":"SelfHarm","severity":0}]})";
  EXPECT_EQ(answer("azure_content_safety", body),
            "0:0-15 hate Hate 0.28 noted; 1:0-5 hate Hate 0.28 noted; 1:0-5 word blocklist:names 1.00 hit");
  policy::GuardProvider strict = provider_of("azure_content_safety");
  strict.options = {{"severity", "2"}};
  EXPECT_TRUE(answer(std::move(strict), body).starts_with("0:0-15 hate Hate 0.28 hit"));
}

TEST(AzureAnswers, OfPromptShieldsSpeakOfWhatWasAsked) {
  EXPECT_EQ(answer("azure_content_safety", R"({"userPromptAnalysis":{"attackDetected":true},"documentsAnalysis":[]})",
                   Surface::input, 1),
            "0:0-15 injection prompt_shield 1.00 hit; 1:0-5 injection prompt_shield 1.00 hit");
  const std::string documents = R"({"documentsAnalysis":[{"attackDetected":true}]})";
  EXPECT_TRUE(answer("azure_content_safety", documents, Surface::tool_results, 1).contains("prompt_shield"));
  EXPECT_EQ(answer("azure_content_safety", documents, Surface::input, 1), "malformed_answer");
  EXPECT_EQ(answer("azure_content_safety", R"({"documentsAnalysis":[]})", Surface::tool_results, 1),
            "malformed_answer");
}

std::string armor(std::string_view state, std::string_view result, std::string_view filters) {
  return R"({"sanitizationResult":{"filterMatchState":")" + std::string(state) + R"(","invocationResult":")" +
         std::string(result) + R"(","filterResults":{)" + std::string(filters) + "}}}";
}
constexpr std::string_view sdp =
    R"("sdp":{"sdpFilterResult":{"inspectResult":{"executionState":"EXECUTION_SUCCESS","matchState":"MATCH_FOUND",)"
    R"("findings":[{"infoType":"EMAIL_ADDRESS","likelihood":"LIKELY","location":{"byteRange":{"start":"8","end":"15"},)"
    R"("codepointRange":{"start":"4","end":"11"}}}]}}})";

TEST(ModelArmorAnswers, NameBytesOrCharacters) {
  EXPECT_EQ(answer("model_armor", armor("MATCH_FOUND", "SUCCESS", sdp)), "0:8-15 email EMAIL_ADDRESS 0.70 hit");
  std::string points(sdp);
  const std::string bytes = R"("byteRange":{"start":"8","end":"15"},)";
  points.erase(points.find(bytes), bytes.size());
  EXPECT_EQ(answer("model_armor", armor("MATCH_FOUND", "SUCCESS", points)), "0:8-15 email EMAIL_ADDRESS 0.70 hit");
}

TEST(ModelArmorAnswers, LeaveOutAStartOfZero) {
  EXPECT_EQ(
      answer("model_armor", armor("MATCH_FOUND", "SUCCESS",
                                  R"("sdp":{"sdpFilterResult":{"inspectResult":{"matchState":"MATCH_FOUND","findings":)"
                                  R"([{"infoType":"PERSON_NAME","location":{"byteRange":{"end":"2"}}}]}}})")),
      "0:0-2 person PERSON_NAME 1.00 hit");
}

TEST(ModelArmorAnswers, NameHarmsAttacksAndAddresses) {
  EXPECT_EQ(answer("model_armor",
                   armor("MATCH_FOUND", "SUCCESS",
                         R"("rai":{"raiFilterResult":{"matchState":"MATCH_FOUND","raiFilterTypeResults":{"dangerous":)"
                         R"({"matchState":"MATCH_FOUND","confidenceLevel":"HIGH"},"hate_speech":)"
                         R"({"matchState":"NO_MATCH_FOUND"}}}},"pi_and_jailbreak":{"piAndJailbreakFilterResult":)"
                         R"({"matchState":"NO_MATCH_FOUND"}},"malicious_uris":{"maliciousUriFilterResult":)"
                         R"({"matchState":"MATCH_FOUND","maliciousUriMatchedItems":[{"uri":"hello"}]}})")),
            "0:0-15 misconduct dangerous 0.90 hit; 1:0-5 misconduct dangerous 0.90 hit; "
            "1:0-5 malware malicious_uris 1.00 hit");
}

TEST(ModelArmorAnswers, WithAFilterThatWasSkippedDidNotRunOrStandForEverything) {
  const std::string skipped = R"("csam":{"csamFilterFilterResult":{"executionState":"EXECUTION_SKIPPED"}})";
  EXPECT_EQ(answer("model_armor", armor("NO_MATCH_FOUND", "SUCCESS", skipped)), "vendor_failed");
  EXPECT_EQ(answer("model_armor", armor("NO_MATCH_FOUND", "PARTIAL", "")), "vendor_failed");
  EXPECT_EQ(answer("model_armor", armor("MATCH_FOUND", "PARTIAL", sdp)),
            "0:0-15 other incomplete 1.00 hit; 0:8-15 email EMAIL_ADDRESS 0.70 hit; 1:0-5 other incomplete 1.00 hit");
  std::string truncated(sdp);
  truncated.insert(truncated.find(R"("findings")"), R"("findingsTruncated":true,)");
  EXPECT_TRUE(answer("model_armor", armor("MATCH_FOUND", "SUCCESS", truncated)).contains("0:0-15 other incomplete"));
  EXPECT_EQ(answer("model_armor", armor("MATCH_FOUND", "SUCCESS", "")),
            "0:0-15 other model_armor 1.00 hit; 1:0-5 other model_armor 1.00 hit");
}

TEST(LakeraAnswers, AreReadInTheUnitInWhichTheWordsAgree) {
  const auto body = [](std::string_view start, std::string_view end, std::string_view words = "a@b.com") {
    return R"({"flagged":true,"payload":[{"start":)" + std::string(start) + R"(,"end":)" + std::string(end) +
           R"(,"text":")" + std::string(words) +
           R"(","detector_type":"pii/email","labels":[]}],"breakdown":[{"detector_type":"pii/email","detected":true}]})";
  };
  const std::string mail = "0:8-15 email pii/email 1.00 hit";
  EXPECT_EQ(answer("lakera", body("4", "11")), mail);  // characters
  EXPECT_EQ(answer("lakera", body("5", "12")), mail);  // UTF-16
  EXPECT_EQ(answer("lakera", body("8", "15")), mail);  // bytes
  EXPECT_EQ(answer("lakera", body("4", "10")), mail);  // an end that is the last character
  EXPECT_EQ(answer("lakera", body("4", "11", "c@d.com")), "malformed_answer");
}

TEST(LakeraAnswers, SpeakOfEverythingWhereTheyNameNoPlace) {
  EXPECT_EQ(answer("lakera", R"({"flagged":true,"breakdown":[{"detector_type":"prompt_attack","detected":true}]})"),
            "0:0-15 injection prompt_attack 1.00 hit; 1:0-5 injection prompt_attack 1.00 hit");
  EXPECT_EQ(answer("lakera", R"({"flagged":true})"), "0:0-15 other flagged 1.00 hit; 1:0-5 other flagged 1.00 hit");
}

TEST(PresidioAnswers, CountCharactersOverAllTexts) {
  // "hello" begins at character 13: 11 of the first text and the empty line.
  EXPECT_EQ(answer("presidio", R"([{"entity_type":"EMAIL_ADDRESS","start":4,"end":11,"score":1.0},)"
                               R"({"entity_type":"PERSON","start":13,"end":18,"score":0.4}])"),
            "0:8-15 email EMAIL_ADDRESS 1.00 hit; 1:0-5 person PERSON 0.40 noted");
}

TEST(PresidioAnswers, ThatReachOverTwoTextsAreCutAtTheirEnds) {
  EXPECT_EQ(answer("presidio", R"([{"entity_type":"ADDRESS","start":10,"end":14,"score":1.0}])"),
            "0:14-15 address ADDRESS 1.00 hit; 1:0-1 address ADDRESS 1.00 hit");
}

TEST(PatronusAnswers, AreHitsWhereAnEvaluatorFails) {
  const auto body = [](std::string_view result, std::string_view status = "success") {
    return R"({"results":[{"evaluator_id":"judge","criteria":"patronus:prompt-injection","status":")" +
           std::string(status) + R"(","evaluation_result":)" + std::string(result) + "}]}";
  };
  EXPECT_EQ(answer("patronus", body(R"({"pass":false,"score_raw":0.25})")),
            "0:0-15 injection judge/patronus:prompt-injection 0.75 hit; "
            "1:0-5 injection judge/patronus:prompt-injection 0.75 hit");
  EXPECT_EQ(answer("patronus", body(R"({"pass":false,"additional_info":{"positions":[[4,11]]}})")),
            "0:8-15 injection judge/patronus:prompt-injection 1.00 hit");
  EXPECT_EQ(answer("patronus", body(R"({"pass":false,"additional_info":{"positions":[[4,99]]}})")), "malformed_answer");
  EXPECT_EQ(answer("patronus", body(R"({"pass":null})")), "malformed_answer");
  EXPECT_EQ(answer("patronus", body("null", "failed")), "vendor_failed");
  EXPECT_EQ(answer("patronus", R"({"results":[]})"), "malformed_answer");
}

TEST(AidrAnswers, AreLookedForByTheirValues) {
  EXPECT_EQ(answer("crowdstrike_aidr",
                   R"({"status":"Success","result":{"blocked":false,"transformed":true,"detectors":)"
                   R"({"confidential_and_pii_entity":{"detected":true,"data":{"entities":[{"type":"EMAIL_ADDRESS",)"
                   R"("value":"a@b.com","action":"redacted:replaced"},{"type":"PERSON","value":"hello",)"
                   R"("action":"reported"}]}}}}})"),
            "0:8-15 email confidential_and_pii_entity/EMAIL_ADDRESS 1.00 hit; "
            "1:0-5 person confidential_and_pii_entity/PERSON 1.00 noted");
}

TEST(AidrAnswers, SpeakOfEverythingWhereTheyNameNoValue) {
  EXPECT_EQ(answer("crowdstrike_aidr",
                   R"({"result":{"blocked":true,"detectors":{"malicious_prompt":{"detected":true,"data":{"action":)"
                   R"("blocked","analyzer_responses":[{"analyzer":"PA4002","confidence":0.5}]}}}}})"),
            "0:0-15 injection malicious_prompt 0.50 hit; 1:0-5 injection malicious_prompt 0.50 hit");
  EXPECT_TRUE(answer("crowdstrike_aidr", R"({"result":{"blocked":true}})").contains("other blocked 1.00 hit"));
  EXPECT_EQ(answer("crowdstrike_aidr", R"({"status":"Accepted","result":{"blocked":false}})"), "vendor_failed");
}

TEST(GraySwanAnswers, AreHitsFromTheThresholdOfTheOption) {
  const std::string body = R"({"violation":0.4,"violated_rules":[{"rule":6,"name":"x"}],"ipi":false})";
  EXPECT_EQ(answer("grayswan", body), "0:0-15 other rule-6 0.40 noted; 1:0-5 other rule-6 0.40 noted");
  policy::GuardProvider strict = provider_of("grayswan");
  strict.options = {{"violation_threshold", "0.4"}};
  EXPECT_TRUE(answer(std::move(strict), body).starts_with("0:0-15 other rule-6 0.40 hit"));
  EXPECT_EQ(answer("grayswan", R"({"violation":0,"ipi":true})"),
            "0:0-15 injection ipi 1.00 hit; 1:0-5 injection ipi 1.00 hit");
}

}  // namespace
}  // namespace sluice::guard::external
