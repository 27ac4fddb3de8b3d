#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/cli/policy_test.h"
#include "base/files.h"
#include "base/json.h"

namespace sluice::agent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Result<std::string> no_document(const std::string& path) {
  return fail(ErrorCode::not_found, path);
}

constexpr std::string_view policy_text = R"({
  "patterns":[{"id":"badge","regex":"B-[0-9]{4}"},{"id":"vault","regex":"V-[0-9]{4}"}],
  "rules":[
    {"id":"note","on":["input","output"],"detectors":[{"kind":"custom","names":["badge"]}],"action":"flag"},
    {"id":"hide","on":["input","tool_results"],"detectors":[{"kind":"custom","names":["badge"]}],"action":"redact"},
    {"id":"stop","scope":{"teams":["red"]},"on":["input"],"detectors":[{"kind":"custom","names":["vault"]}],"action":"block"},
    {"id":"size","on":["input"],"detectors":[{"kind":"limits","max_bytes":1000}],"action":"block"},
    {"id":"asked","on":["tool_results"],"detectors":[{"kind":"external","names":["hook"]}],"action":"block"}],
  "providers":["hook"]})";

std::string file_of(std::string_view cases) {
  return R"({"policy":)" + std::string(policy_text) + R"(,"cases":[)" + std::string(cases) + "]}";
}

PolicyReport report_of(std::string_view cases) {
  const auto file = parse_policy_test(file_of(cases), no_document);
  EXPECT_TRUE(file) << file.error().detail;
  auto report = run_policy_test(*file);
  EXPECT_TRUE(report) << report.error().detail;
  return std::move(*report);
}

std::string problem_of(std::string_view cases) {
  const auto file = parse_policy_test(file_of(cases), no_document);
  return file ? std::string("accepted") : file.error().detail;
}

TEST(PolicyTest, NamesTheStrongestActionAndTheRuleThatTakesIt) {
  const auto report = report_of(R"(
    {"text":"badge B-1234","expect":"redact"},
    {"text":"badge B-1234","surface":"output"},
    {"text":"vault V-1234 B-1234","subject":{"team":"red"}},
    {"text":"vault V-1234","subject":{"team":"blue"}})");
  ASSERT_EQ(report.verdicts.size(), 4u);
  EXPECT_EQ(report.verdicts[0].decision + " " + report.verdicts[0].rule, "redact hide");
  EXPECT_EQ(report.verdicts[0].findings.size(), 2u);
  EXPECT_EQ(report.verdicts[0].findings[0].bytes->first, 6u);
  EXPECT_EQ(report.verdicts[1].decision + " " + report.verdicts[1].rule, "flag note");
  EXPECT_EQ(report.verdicts[2].decision + " " + report.verdicts[2].rule, "block stop");
  EXPECT_EQ(report.verdicts[3].decision + " " + report.verdicts[3].rule, "pass ");
  EXPECT_EQ(report.differing(), 0u);
}

TEST(PolicyTest, ReadsRequestsAsTheGatewayDoes) {
  const auto report = report_of(R"(
    {"request":{"path":"/v1/chat/completions","body":{"model":"gpt-5","messages":[
       {"role":"user","content":"my badge is B-1234"},{"role":"tool","tool_call_id":"1","content":"B-9999"}]}},
     "expect":{"decision":"redact","rule":"hide","text":
       "{\"model\":\"gpt-5\",\"messages\":[{\"role\":\"user\",\"content\":\"my badge is [BADGE]\"},{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"[BADGE]\"}]}"}},
    {"request":{"path":"/v1/messages","body":"{\"messages\":[{\"role\":\"user\",\"content\":\"V-1234\"}]}"},
     "subject":{"team":"red"},"expect":{"decision":"block","rule":"stop"}})");
  EXPECT_THAT(report.verdicts[0].differs, IsEmpty());
  EXPECT_THAT(report.verdicts[1].differs, IsEmpty());
}

TEST(PolicyTest, TellsWhatDiffers) {
  const auto report = report_of(R"(
    {"text":"B-1234 here","expect":"block"},
    {"text":"B-1234 here","expect":{"rule":"note"}},
    {"text":"B-1234 here","expect":{"decision":"redact","rule":"hide","text":"[BADGE] there"}},
    {"text":"nothing","expect":{"decision":"pass","rule":""}})");
  EXPECT_THAT(report.verdicts[0].differs, ElementsAre("decision: expected block, is redact"));
  EXPECT_THAT(report.verdicts[1].differs, ElementsAre("rule: expected note, is hide"));
  EXPECT_THAT(report.verdicts[2].differs, ElementsAre(R"(text: differs from byte 8 on, is "[BADGE] here")"));
  EXPECT_THAT(report.verdicts[3].differs, IsEmpty());
  EXPECT_EQ(report.differing(), 3u);
}

TEST(PolicyTest, SaysWhatWasNotCheckedAndWhatNoCaseTouches) {
  const auto report = report_of(R"({"text":"x","surface":"tool_results"},{"text":")" + std::string(1001, 'a') + "\"}");
  EXPECT_THAT(report.verdicts[0].not_checked, ElementsAre("asked"));
  EXPECT_EQ(report.verdicts[1].rule, "size");
  EXPECT_THAT(report.silent_rules, ElementsAre("note", "hide", "stop", "asked"));
}

TEST(PolicyTest, PrintsNoTextOfAFinding) {
  const auto file =
      parse_policy_test(file_of(R"({"name":"one","text":"B-1234 here","expect":{"text":"other"}})"), no_document);
  ASSERT_TRUE(file) << file.error().detail;
  const auto report = run_policy_test(*file);
  ASSERT_TRUE(report);
  for (const std::string& out : {to_text(*file, *report), to_json(*file, *report)}) {
    EXPECT_THAT(out, HasSubstr("hide"));
    EXPECT_THAT(out, Not(HasSubstr("1234")));
  }
  EXPECT_TRUE(parse_json(to_json(*file, *report)));
  EXPECT_THAT(
      to_text(*file, *report),
      HasSubstr("DIFFERS case 1 (one): redact by hide\n        text: differs from byte 0 on, is \"[BADGE] here\"\n"
                "        input 0-6: custom (badge) → flag by note\n"));
}

TEST(PolicyTest, RefusesAFileThatSaysTooLittleOrTooMuch) {
  EXPECT_EQ(problem_of(R"({"expect":"pass"})"), "cases[0].text: is missing: a case has it or request");
  EXPECT_EQ(problem_of(R"({"text":"x","expects":"pass"})"), "cases[0].expects: is not a known field");
  EXPECT_EQ(problem_of(R"({"text":"x","expect":"deny"})"),
            "cases[0].expect: must be one of: pass, shadow, flag, redact, block");
  EXPECT_EQ(problem_of(R"({"text":"x","surface":"inputs"})"),
            "cases[0].surface: must be one of: input, tool_results, output, tool_arguments");
  EXPECT_EQ(problem_of(R"({"request":{"path":"/v1/nothing","body":{}}})"),
            "cases[0].request.path: is no path of an inference API");
  EXPECT_EQ(problem_of(R"({"text":"x","subject":{"group":"y"}})"), "cases[0].subject.group: is not a known field");
}

TEST(PolicyTest, ShowsALongTextAsFarAsItFits) {
  const auto report = report_of(R"({"text":")" + std::string(4095, 'a') + "é" + R"(","expect":{"text":"b"}})");
  ASSERT_EQ(report.verdicts[0].differs.size(), 1u);
  EXPECT_EQ(report.verdicts[0].differs[0],
            "text: differs from byte 0 on, is \"" + std::string(4095, 'a') + "\" and so on");
}

TEST(PolicyTest, SaysThatADocumentAloneIsNoFileOfCases) {
  const auto file = parse_policy_test(policy_text, no_document);
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().detail, HasSubstr("a policy without cases"));
  EXPECT_THAT(file.error().detail, HasSubstr("--help"));
}

TEST(PolicyTest, ReadsThePolicyFromAFileOfItsOwn) {
  const auto read = [](const std::string& path) -> Result<std::string> {
    EXPECT_EQ(path, "policy.json");
    return std::string(policy_text);
  };
  const auto file =
      parse_policy_test(R"({"policy":"policy.json","cases":[{"text":"B-1234","expect":"redact"}]})", read);
  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_EQ(run_policy_test(*file)->differing(), 0u);
  EXPECT_FALSE(parse_policy_test(R"({"policy":"policy.json","cases":[]})", no_document));
}

TEST(PolicyTest, DecidesTheDocumentedExampleAsItSays) {
  const auto text = read_file(SLUICE_SOURCE_DIR "/docs/examples/guardrails-test.json");
  ASSERT_TRUE(text);
  const auto file = parse_policy_test(
      *text, [](const std::string& path) { return read_file(SLUICE_SOURCE_DIR "/docs/examples/" + path); });
  ASSERT_TRUE(file) << file.error().detail;
  const auto report = run_policy_test(*file);
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->differing(), 0u) << to_text(*file, *report);
  EXPECT_THAT(report->silent_rules, IsEmpty());
}

TEST(PolicyTest, NamesThePathOfAPolicyThatDoesNotCompile) {
  constexpr std::string_view broken = R"({"patterns":[{"id":"x","regex":"a("}]})";
  const auto inside = parse_policy_test(R"({"policy":)" + std::string(broken) + R"(,"cases":[]})", no_document);
  ASSERT_TRUE(inside);
  EXPECT_THAT(run_policy_test(*inside).error().detail, StartsWith("policy.patterns[0].regex: missing )"));
  const auto beside = parse_policy_test(R"({"policy":"p.json","cases":[]})",
                                        [&](const std::string&) -> Result<std::string> { return std::string(broken); });
  ASSERT_TRUE(beside);
  EXPECT_THAT(run_policy_test(*beside).error().detail, StartsWith("p.json: patterns[0].regex: missing )"));
}

}  // namespace
}  // namespace sluice::agent
