#include "policy/refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace sluice::policy {
namespace {

using dialect::Answer;
using dialect::Dialect;
using dialect::Operation;
using testing::HasSubstr;
using testing::StartsWith;

std::string header(const Answer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers)
    if (key == name) return value;
  return {};
}

RefusalRequest request(std::string_view app, Operation operation, bool streamed) {
  return {.app = app,
          .operation = operation,
          .streamed = streamed,
          .reason = "Example Corp does not allow \"this\".",
          .reference = "QX7-1234",
          .request_id = "req_1",
          .model = "m",
          .path = {}};
}
const std::string shown = R"(Example Corp does not allow \"this\". Reference QX7-1234.)";

TEST(Refusal, IsFinalAndInTheProvidersShapeByDefault) {
  const auto openai = refusal_to_app(request("openai-sdk", Operation::chat_completions, true));
  EXPECT_EQ(openai.status, 400);
  EXPECT_EQ(header(openai, "content-type"), "application/json");
  EXPECT_EQ(header(openai, "x-should-retry"), "false");
  EXPECT_EQ(header(openai, "x-request-id"), "req_1");
  EXPECT_EQ(openai.body, R"({"error":{"message":")" + shown +
                             R"(","type":"invalid_request_error","param":null,"code":"app_denied"}})");

  const auto claude = refusal_to_app(request("claude-code", Operation::messages, true));
  EXPECT_EQ(claude.status, 400);
  EXPECT_EQ(claude.body, R"({"type":"error","error":{"type":"invalid_request_error","message":")" + shown +
                             R"("},"request_id":"req_1"})");

  const auto gemini = refusal_to_app(request("node", Operation::generate_content, false));
  EXPECT_EQ(gemini.status, 400);
  EXPECT_EQ(gemini.body, R"({"error":{"code":400,"message":")" + shown + R"(","status":"INVALID_ARGUMENT"}})");
}

TEST(Refusal, EndsACodexStreamWithInvalidPrompt) {
  const auto answer = refusal_to_app(request("codex", Operation::responses, true));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(header(answer, "content-type"), StartsWith("text/event-stream"));
  EXPECT_THAT(answer.body, HasSubstr("event: response.failed\ndata: {\"type\":\"response.failed\""));
  EXPECT_THAT(answer.body, HasSubstr(R"("error":{"code":"invalid_prompt","message":")" + shown + R"("})"));
  EXPECT_TRUE(answer.body.ends_with("\n\n"));
  EXPECT_EQ(refusal_to_app(request("codex", Operation::responses, false)).status, 400);
  EXPECT_EQ(refusal_to_app(request("codex", Operation::chat_completions, true)).status, 400);
}

TEST(Refusal, AnswersGeminiCliAsTheModelWould) {
  const auto whole = refusal_to_app(request("gemini-cli", Operation::generate_content, false));
  EXPECT_EQ(whole.status, 200);
  const auto document = parse_json(whole.body);
  ASSERT_TRUE(document);
  EXPECT_THAT(whole.body, HasSubstr(R"("parts":[{"text":")" + shown + R"("}],"role":"model"},"finishReason":"STOP")"));

  const auto streamed = refusal_to_app(request("gemini-cli", Operation::stream_generate_content, true));
  EXPECT_EQ(header(streamed, "content-type"), "text/event-stream");
  EXPECT_THAT(streamed.body, StartsWith("data: {\"candidates\""));
  EXPECT_TRUE(streamed.body.ends_with("\r\n\r\n"));
}

TEST(Refusal, GivesGeminiCliJsonAndTheWrappingWhereItAsksForThem) {
  auto wrapped = request("gemini-cli", Operation::generate_content, false);
  wrapped.path = "/v1internal:generateContent";
  EXPECT_THAT(refusal_to_app(wrapped).body, StartsWith(R"({"response":{"candidates":)"));
  EXPECT_TRUE(parse_json(refusal_to_app(wrapped).body));

  auto router = request("gemini-cli", Operation::generate_content, false);
  router.wants_json = true;
  const auto document = parse_json(refusal_to_app(router).body);
  ASSERT_TRUE(document);
  const auto& candidate = std::get<JsonArray>(document->find("candidates")->data).front();
  const auto& part = std::get<JsonArray>(candidate.find("content")->find("parts")->data).front();
  const auto inner = parse_json(std::get<std::string>(part.find("text")->data));
  ASSERT_TRUE(inner);
  EXPECT_NE(inner->find("model_choice"), nullptr);
}

TEST(Refusal, NamesAReferenceOnce) {
  auto twice = request("curl", Operation::messages, false);
  twice.reason = "No. Reference QX7-1234.";
  EXPECT_THAT(refusal_to_app(twice).body, HasSubstr(R"("message":"No. Reference QX7-1234.")"));
}

TEST(RefusalText, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(refusal_text("Example Corp", "Codex", "Use Claude Code", "it@example.com", "QX7-1"),
            "Example Corp does not allow Codex. Use Claude Code. Ask it@example.com. Reference QX7-1.");
  EXPECT_EQ(refusal_text("", "", "", "", ""), "Your organisation does not allow this app.");
}

}  // namespace
}  // namespace sluice::policy
