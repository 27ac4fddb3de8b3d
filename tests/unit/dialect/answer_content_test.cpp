#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content_shown.h"
#include "dialect/segments.h"

namespace sluice::dialect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> found(Operation operation, std::string_view body) {
  static ContentReader reader;
  return shown(reader.answer(operation, body), body);
}

TEST(AnswerContent, OfOpenAiChat) {
  EXPECT_THAT(
      found(Operation::chat_completions, R"({"id":"x","model":"m","choices":[{"index":0,"message":{
      "role":"assistant","content":"hi","refusal":"no","reasoning_content":"hm","annotations":[
        {"type":"url_citation","url_citation":{"url":"https://x","title":"T"}}],
      "audio":{"id":"a","data":"AAAA","transcript":"said"},
      "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"b\"}"}}]},
      "finish_reason":"stop","logprobs":{"content":[{"token":"hi","logprob":-1}]}},
      {"message":{"content":"ho"},"logprobs":null,"index":2}],"usage":{"x":"y"}})"),
      ElementsAre("text: hi", "text: no", "text: hm", "text: T", "text: said", "tool_arguments json: {\"a\":\"b\"}",
                  "@2 text: ho", "[audio]", R"(<{"content":[{"token":"hi","logprob":-1}]}>)"));
}

TEST(AnswerContent, OfOpenAiCompletions) {
  EXPECT_THAT(found(Operation::completions, R"({"choices":[{"text":"a","logprobs":{"tokens":["a"]}},{"text":"b"}]})"),
              ElementsAre("text: a", "@1 text: b", R"(<{"tokens":["a"]}>)"));
  EXPECT_THAT(found(Operation::embeddings, R"({"data":[{"object":"embedding","embedding":[0.1]}]})"), IsEmpty());
}

TEST(AnswerContent, OfResponses) {
  EXPECT_THAT(
      found(Operation::responses, R"({"instructions":"be kind","output":[
      {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"content":[{"text":"so"}]},
      {"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi","logprobs":[],
        "annotations":[{"type":"file_citation","filename":"f"}]},{"type":"refusal","refusal":"no"}]},
      {"type":"function_call","name":"f","arguments":"{}"},{"type":"custom_tool_call","input":"ls"},
      {"type":"code_interpreter_call","code":"1+1","outputs":[{"type":"logs","logs":"2"}]},
      {"type":"mcp_call","arguments":"{\"q\":1}","output":"rows"},
      {"type":"image_generation_call","result":"iVBO","revised_prompt":"cat"}]})"),
      ElementsAre("text: hm", "text: so", "@1 text: hi", "@1 text: f", "@1 text: no", "@2 tool_arguments json: {}",
                  "@3 tool_arguments: ls", "@4 tool_arguments: 1+1", "@4 tool_result: 2",
                  "@5 tool_arguments json: {\"q\":1}", "@5 tool_result: rows", "@6 text: cat", "[image]"));
}

TEST(AnswerContent, OfAnthropicMessages) {
  EXPECT_THAT(found(Operation::messages, R"({"type":"message","role":"assistant","content":[
      {"type":"thinking","thinking":"hm","signature":"zz"},{"type":"text","text":"hi"},
      {"type":"tool_use","id":"t","name":"f","input":{"to":"Ann"}}],"stop_reason":"end_turn"})"),
              ElementsAre("text: hm", "text: hi", "tool_arguments: to", "tool_arguments: Ann"));
  EXPECT_THAT(found(Operation::count_tokens, R"({"input_tokens":3})"), IsEmpty());
  EXPECT_THAT(found(Operation::messages, R"({"type":"error","error":{"message":"no"}})"), IsEmpty());
}

TEST(AnswerContent, OfGemini) {
  const std::string one =
      R"({"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"hi"},)"
      R"({"functionCall":{"name":"f","args":{"to":"Ann"}}},{"inlineData":{"mimeType":"image/png","data":"A"}}]},)"
      R"("finishReason":"STOP","safetyRatings":[{"category":"C"}],"logprobsResult":{"chosen":[{"token":"hi"}]},)"
      R"("groundingMetadata":{"groundingSupports":[{"segment":{"text":"hi"}}]}},)"
      R"({"content":{"parts":[{"text":"ho"}]},"index":1}],"modelVersion":"m"})";
  const auto lines = ElementsAre("text: hm", "text: hi", "tool_arguments: to", "tool_arguments: Ann", "text: hi",
                                 "@1 text: ho", "[image]", R"(<{"chosen":[{"token":"hi"}]}>)");
  EXPECT_THAT(found(Operation::generate_content, one), lines);
  EXPECT_THAT(found(Operation::generate_content, "{\"response\":" + one + "}"), lines);
  EXPECT_THAT(found(Operation::stream_generate_content, "[" + one + "]"), lines) << "a stream without alt=sse";
}

}  // namespace
}  // namespace sluice::dialect
