#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content_shown.h"
#include "dialect/segments.h"

namespace sluice::dialect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

Lines found(Operation operation, std::string_view data, std::string_view name = {}) {
  static ContentReader reader;
  return shown(reader.event(operation, name, data), data);
}
Lines chat(std::string_view data) {
  return found(Operation::chat_completions, data);
}
Lines responses(std::string_view data) {
  return found(Operation::responses, data);
}
Lines messages(std::string_view data) {
  return found(Operation::messages, data);
}
Lines gemini(std::string_view data) {
  return found(Operation::stream_generate_content, data);
}

TEST(EventContent, OfOpenAiChatChunks) {
  EXPECT_THAT(chat(R"({"id":"c","object":"chat.completion.chunk","model":"m","obfuscation":"xx","choices":[
      {"index":0,"delta":{"role":"assistant","content":"hi"},"logprobs":{"content":[{"token":"hi"}]},
       "finish_reason":null}],"usage":null})"),
              ElementsAre("+@0.0 text: hi", R"(<{"content":[{"token":"hi"}]}>)"));
  EXPECT_THAT(chat(R"({"choices":[{"delta":{"refusal":"no"},"index":1},{"delta":{"content":"b"},"index":3}]})"),
              ElementsAre("+@1.1 text: no", "+@3.0 text: b"))
      << "refusal and content are two texts";
  EXPECT_THAT(chat(R"({"choices":[{"index":0,"delta":{"reasoning_content":"a","reasoning":"b",
      "reasoning_details":[{"type":"reasoning.text","text":"c"}],"audio":{"data":"AA","transcript":"d"}}}]})"),
              ElementsAre("+@0.0? text: a", "+@0.1? text: b", "+@0.2? text: c", "+@0.3 text: d"));
  EXPECT_THAT(chat(R"({"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"a"}]}}]})"),
              ElementsAre("+@0.0 text: a"));
}

TEST(EventContent, OfOpenAiToolCallChunks) {
  EXPECT_THAT(chat(R"({"choices":[{"index":1,"delta":{"tool_calls":[
      {"index":2,"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"x\\n"}},
      {"function":{"arguments":"}"}},{"custom":{"name":"g","input":"ls"},"index":4}]}}]})"),
              ElementsAre("+@1.2 tool_arguments json: {\"a\":\"x\n", "+@1.1 tool_arguments json: }",
                          "+@1.4 tool_arguments: ls"));
  EXPECT_THAT(chat(R"({"choices":[{"index":0,"delta":{"function_call":{"name":"f","arguments":"{"}}}]})"),
              ElementsAre("+@0.0 tool_arguments json: {"));
  EXPECT_THAT(chat(R"({"choices":[{"delta":{"tool_calls":[{"function":{"arguments":{"name":"Ann"}}}]}}]})"),
              ElementsAre("=@0.0 tool_arguments: name", "=@0.0 tool_arguments: Ann"))
      << "an object instead of its text is whole";
}

TEST(EventContent, AFinishReasonEndsEveryLaneOfItsChoice) {
  EXPECT_THAT(chat(R"({"choices":[{"finish_reason":"stop","delta":{},"index":2}]})"), ElementsAre("end @2.*"));
  EXPECT_THAT(chat(R"({"choices":[{"finish_reason":"stop","text":"a"}]})"), ElementsAre("+@0.0 text: a", "end @0.*"));
  const Ended choice{.choice = 2, .part = {}};
  EXPECT_TRUE(choice.covers({.choice = 2, .part = 7}));
  EXPECT_FALSE(choice.covers({.choice = 1, .part = 7}));
  EXPECT_FALSE((Ended{.choice = 2, .part = 6}.covers({.choice = 2, .part = 7})));
}

TEST(EventContent, OfTheEndOfAStream) {
  EXPECT_THAT(chat("[DONE]"), ElementsAre("end all"));
  EXPECT_THAT(chat(R"({"error":{"message":"busy","type":"x"}})"), ElementsAre("=@0.0 text: busy", "end all"));
  EXPECT_THAT(chat(R"({"error":null,"choices":[]})"), IsEmpty());
  EXPECT_THAT(chat("\"a text\""), IsEmpty());
  EXPECT_THAT(chat(""), IsEmpty());
  EXPECT_THAT(found(Operation::messages, "{}", "message_stop"), ElementsAre("end all")) << "the name alone";
}

TEST(EventContent, OfResponsesTexts) {
  EXPECT_THAT(responses(R"({"type":"response.output_text.delta","item_id":"i","output_index":2,"content_index":1,
      "delta":"hi","logprobs":[],"sequence_number":4,"obfuscation":"xx"})"),
              ElementsAre("+@2.1 text: hi"));
  EXPECT_THAT(responses(R"({"delta":"hi","logprobs":[{"token":"hi"}],"type":"response.output_text.delta"})"),
              ElementsAre("+@0.0 text: hi", R"(<[{"token":"hi"}]>)"));
  EXPECT_THAT(responses(R"({"type":"response.output_text.done","output_index":2,"content_index":1,"text":"hi"})"),
              ElementsAre("=@2.1 text: hi", "end @2.1"));
  EXPECT_THAT(responses(R"({"type":"response.refusal.delta","output_index":1,"content_index":0,"delta":"no"})"),
              ElementsAre("+@1.0 text: no"));
  EXPECT_THAT(responses(R"({"type":"response.refusal.done","output_index":1,"content_index":0,"refusal":"no"})"),
              ElementsAre("=@1.0 text: no", "end @1.0"));
  EXPECT_THAT(responses(R"({"type":"response.reasoning_text.delta","output_index":0,"content_index":1,"delta":"h"})"),
              ElementsAre("+@0.1? text: h"));
  EXPECT_THAT(
      responses(R"({"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":1,"delta":"h"})"),
      ElementsAre("+@0.65537? text: h"))
      << "parts of the summary are counted apart from those of the content";
  EXPECT_THAT(
      responses(R"({"type":"response.reasoning_summary_text.done","output_index":0,"summary_index":1,"text":"h"})"),
      ElementsAre("=@0.65537? text: h", "end @0.65537"));
  EXPECT_THAT(responses(R"({"type":"response.audio.transcript.delta","delta":"said"})"),
              ElementsAre("+@0.0 text: said"));
  EXPECT_THAT(responses(R"({"type":"response.output_audio_transcript.done","transcript":"said"})"),
              ElementsAre("=@0.0 text: said", "end @0.0"));
  EXPECT_THAT(responses(R"({"type":"response.audio.delta","delta":"AAAA"})"), IsEmpty());
}

TEST(EventContent, OfResponsesToolCalls) {
  EXPECT_THAT(responses(R"({"type":"response.function_call_arguments.delta","output_index":3,"delta":"{\"a\":\"\\n"})"),
              ElementsAre("+@3.0 tool_arguments json: {\"a\":\"\n"));
  EXPECT_THAT(responses(R"({"type":"response.function_call_arguments.done","output_index":3,"name":"f",
      "arguments":"{}"})"),
              ElementsAre("=@3.0 tool_arguments json: {}", "end @3.0"));
  EXPECT_THAT(responses(R"({"type":"response.mcp_call_arguments.delta","output_index":1,"delta":"{"})"),
              ElementsAre("+@1.0 tool_arguments json: {"));
  EXPECT_THAT(responses(R"({"type":"response.custom_tool_call_input.delta","output_index":1,"delta":"ls"})"),
              ElementsAre("+@1.0 tool_arguments: ls"));
  EXPECT_THAT(responses(R"({"type":"response.custom_tool_call_input.done","output_index":1,"input":"ls"})"),
              ElementsAre("=@1.0 tool_arguments: ls", "end @1.0"));
  EXPECT_THAT(responses(R"({"type":"response.code_interpreter_call_code.delta","output_index":1,"delta":"1"})"),
              ElementsAre("+@1.0 tool_arguments: 1"));
  EXPECT_THAT(responses(R"({"type":"response.code_interpreter_call_code.done","output_index":1,"code":"1"})"),
              ElementsAre("=@1.0 tool_arguments: 1", "end @1.0"));
}

TEST(EventContent, OfEveryTextOfResponsesHasItsLane) {
  const auto delta = [](const std::string& stem) {
    return responses(R"({"type":"response.)" + stem + R"(.delta","output_index":1,"delta":"{}"})");
  };
  for (const auto* stem : {"output_text", "refusal", "output_audio_transcript", "audio_transcript", "audio.transcript"})
    EXPECT_THAT(delta(stem), ElementsAre("+@1.0 text: {}")) << stem;
  for (const auto* stem : {"reasoning_text", "reasoning_summary_text", "reasoning_summary", "reasoning"})
    EXPECT_THAT(delta(stem), ElementsAre("+@1.0? text: {}")) << stem;
  for (const auto* stem : {"function_call_arguments", "mcp_call_arguments", "mcp_call.arguments"})
    EXPECT_THAT(delta(stem), ElementsAre("+@1.0 tool_arguments json: {}")) << stem;
  for (const auto* stem : {"custom_tool_call_input", "code_interpreter_call_code", "code_interpreter_call.code",
                           "apply_patch_call_operation_diff"})
    EXPECT_THAT(delta(stem), ElementsAre("+@1.0 tool_arguments: {}")) << stem;
  for (const auto* stem : {"audio", "output_audio"}) EXPECT_THAT(delta(stem), IsEmpty()) << stem;
  EXPECT_THAT(responses(R"({"type":"response.image_generation_call.partial_image","partial_image_b64":"AA"})"),
              IsEmpty());
  EXPECT_THAT(responses(R"({"type":"response.reasoning_summary_part.done","output_index":1,"summary_index":0,
      "part":{"type":"summary_text","text":"h"}})"),
              ElementsAre("=@1.65536? text: h", "end @1.65536"));
  EXPECT_THAT(responses(R"({"type":"response.content_part.done","part":{"type":"reasoning_text","text":"h"}})"),
              ElementsAre("=@0.0? text: h", "end @0.0"));
}

TEST(EventContent, OfResponsesPartsAndItems) {
  EXPECT_THAT(responses(R"({"type":"response.content_part.added","output_index":1,"content_index":2,
      "part":{"type":"output_text","text":"","annotations":[]}})"),
              IsEmpty());
  EXPECT_THAT(responses(R"({"type":"response.content_part.done","output_index":1,"content_index":2,
      "part":{"type":"output_text","text":"hi"}})"),
              ElementsAre("=@1.2 text: hi", "end @1.2"));
  EXPECT_THAT(responses(R"({"type":"response.output_item.added","output_index":1,
      "item":{"type":"function_call","id":"i","name":"f","arguments":""}})"),
              IsEmpty());
  EXPECT_THAT(responses(R"({"type":"response.output_item.done","output_index":1,
      "item":{"type":"reasoning","summary":[{"type":"summary_text","text":"h"}]}})"),
              ElementsAre("=@1.0? text: h", "end @1.*"));
}

TEST(EventContent, OfResponsesThatRepeatTheWholeAnswer) {
  EXPECT_THAT(responses(R"({"type":"response.created","response":{"instructions":"be kind","output":[]}})"), IsEmpty());
  EXPECT_THAT(responses(R"({"type":"response.completed","response":{"instructions":"be kind","output":[
      {"type":"message","content":[{"type":"output_text","text":"hi"}]},
      {"type":"function_call","arguments":"{}"}]}})"),
              ElementsAre("=@0.0 text: hi", "=@1.0 tool_arguments json: {}", "end all"));
  EXPECT_THAT(responses(R"({"type":"response.incomplete","response":{}})"), ElementsAre("end all"));
  EXPECT_THAT(responses(R"({"type":"response.failed","response":{}})"), ElementsAre("end all"));
  EXPECT_THAT(responses(R"({"type":"error","message":"no"})"), ElementsAre("=@0.0 text: no", "end all"));
}

TEST(EventContent, OfAnthropicBlocks) {
  EXPECT_THAT(messages(R"({"type":"message_start","message":{"id":"m","model":"x","content":[],"other":"x",
      "usage":{}}})"),
              IsEmpty());
  EXPECT_THAT(messages(R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":"H"}})"),
              ElementsAre("+@0.1 text: H"));
  EXPECT_THAT(messages(R"({"type":"content_block_start","index":1,"content_block":{"type":"thinking",
      "thinking":"h"}})"),
              ElementsAre("+@0.1? text: h"));
  EXPECT_THAT(messages(R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t",
      "name":"f","input":{"to":"Ann"}}})"),
              ElementsAre("=@0.1 tool_arguments: to", "=@0.1 tool_arguments: Ann"));
  EXPECT_THAT(messages(R"({"type":"content_block_start","index":2,"content_block":{"type":"web_search_tool_result",
      "content":[{"type":"web_search_result","title":"News"}]}})"),
              ElementsAre("=@0.2 tool_result: News"));
  EXPECT_THAT(messages(R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"i"}})"),
              ElementsAre("+@0.1 text: i"));
  EXPECT_THAT(messages(R"({"delta":{"partial_json":"{\"a\":\"\\\\","type":"input_json_delta"},"index":3,
      "type":"content_block_delta"})"),
              ElementsAre("+@0.3 tool_arguments json: {\"a\":\"\\"));
  EXPECT_THAT(messages(R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h"}})"),
              ElementsAre("+@0.0? text: h"));
  EXPECT_THAT(messages(R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta",
      "signature":"zz"}})"),
              IsEmpty());
  EXPECT_THAT(messages(R"({"type":"content_block_delta","index":0,"delta":{"type":"citations_delta",
      "citation":{"cited_text":"quote","document_title":"T"}}})"),
              ElementsAre("=@0.0 text: quote", "=@0.0 text: T"));
}

TEST(EventContent, OfTheEndsOfAnthropicStreams) {
  EXPECT_THAT(messages(R"({"type":"content_block_stop","index":2})"), ElementsAre("end @0.2"));
  EXPECT_THAT(messages(R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":"x"}})"),
              IsEmpty());
  EXPECT_THAT(messages(R"({"type":"message_stop"})"), ElementsAre("end all"));
  EXPECT_THAT(messages(R"({"type":"ping"})"), IsEmpty());
  EXPECT_THAT(messages(R"({"type":"error","error":{"type":"overloaded_error","message":"busy"}})"),
              ElementsAre("=@0.0 text: busy", "end all"));
}

TEST(EventContent, OfGeminiChunks) {
  EXPECT_THAT(gemini(R"({"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"hi"}],"role":"model"},
      "index":1}],"modelVersion":"m","responseId":"r","usageMetadata":{}})"),
              ElementsAre("+@1.0? text: hm", "+@1.0 text: hi"));
  EXPECT_THAT(
      gemini(R"({"response":{"candidates":[{"content":{"parts":[
      {"functionCall":{"name":"f","args":{"to":"Ann"}}},{"executableCode":{"code":"1+1"}},
      {"codeExecutionResult":{"output":"2"}}]},"finishReason":"STOP",
      "groundingMetadata":{"webSearchQueries":["news"]}}]},"traceId":"t"})"),
      ElementsAre("=@0.0 tool_arguments: to", "=@0.0 tool_arguments: Ann", "=@0.0 tool_arguments: 1+1",
                  "=@0.0 tool_result: 2", "=@0.0 text: news", "call begins @0 before 0", "call ends @0 before 2"))
      << "models that say STOP in every chunk are heard out: the stream's own end comes at once";
  EXPECT_THAT(gemini(R"({"promptFeedback":{"blockReasonMessage":"x"}})"), IsEmpty());
  EXPECT_THAT(gemini(R"({"candidates":[{"content":{},"logprobsResult":{"chosen":"x"}}]})"),
              ElementsAre(R"(<{"chosen":"x"}>)"));
  EXPECT_THAT(gemini(R"({"error":{"code":400,"message":"no","status":"INVALID"}})"),
              ElementsAre("=@0.0 text: no", "end all"));
}

TEST(EventContent, OfArgumentsThatVertexStreams) {
  const auto call = [](const std::string& fields) {
    return gemini(R"({"candidates":[{"index":1,"content":{"parts":[{"functionCall":{)" + fields + "}}]}}]}");
  };
  const std::string in_city = "@1\\.1[0-9]{5} tool_arguments: ";
  const auto delta = testing::MatchesRegex("\\+" + in_city + "Bris"),
             path = testing::MatchesRegex("=" + in_city + "\\$\\.city");
  const auto ends = [](int slot) {
    return testing::MatchesRegex("value ends @1\\.1[0-9]{5} before " + std::to_string(slot));
  };
  EXPECT_THAT(call(R"("name":"f","willContinue":true)"), ElementsAre("call begins @1 before 0"));
  EXPECT_THAT(
      call(R"("partialArgs":[{"jsonPath":"$.city","stringValue":"Bris","willContinue":true}],"willContinue":true)"),
      ElementsAre(path, delta));
  EXPECT_THAT(call(R"("willContinue":true,"partialArgs":[{"stringValue":"Bris","jsonPath":"$.city"},)"
                   R"({"jsonPath":"$.n","numberValue":7},{"jsonPath":"$.z","nullValue":"NULL_VALUE"}])"),
              ElementsAre(delta, path, testing::EndsWith("$.n"), testing::EndsWith("$.z"), ends(2), ends(3), ends(4)));
  EXPECT_THAT(call(""), ElementsAre("call ends @1 before 0"));
  EXPECT_THAT(call(R"("partialArgs":[{"jsonPath":"$.city","stringValue":"Bris"}])"),
              ElementsAre(path, delta, ends(2), "call ends @1 before 2"));
  EXPECT_THAT(call(R"("partialArgs":[{"jsonPath":"$.city","stringValue":""}],"name":"f","willContinue":true)"),
              ElementsAre(path, "call begins @1 before 0", ends(1)));
  EXPECT_THAT(call(R"("args":{"to":"Ann"},"name":"f")"),
              ElementsAre("=@1.0 tool_arguments: to", "=@1.0 tool_arguments: Ann", "call begins @1 before 0",
                          "call ends @1 before 2"));
  EXPECT_NE(call(R"("willContinue":true,"partialArgs":[{"jsonPath":"$.a","stringValue":"x"}])").at(1),
            call(R"("willContinue":true,"partialArgs":[{"jsonPath":"$.b","stringValue":"x"}])").at(1))
      << "each value is a text";
}

TEST(EventContent, OfTypesNobodyNamedGoesOnFromEventToEventInALaneOfItsOwn) {
  EXPECT_THAT(responses(R"({"type":"response.hologram.delta","output_index":1,"delta":"a","body":{"caption":"b"}})"),
              ElementsAre(testing::MatchesRegex("\\+@1\\.1[0-9]{5} text: a"), "=@1.0 text: b"));
  EXPECT_THAT(messages(R"({"type":"content_block_delta","index":1,"delta":{"type":"new_delta","words":"a"}})"),
              ElementsAre("+@0.1 text: a"));
  EXPECT_THAT(chat(R"({"citations":["a"],"choices":[{"index":1,"delta":{"thoughts":"b","notes":{"c":"d"}}}]})"),
              ElementsAre("=@0.0 text: a", testing::MatchesRegex("\\+@1\\.1[0-9]{5} text: b"), "=@1.0 text: d"));
  EXPECT_NE(chat(R"({"choices":[{"delta":{"thoughts":"b"}}]})"), chat(R"({"choices":[{"delta":{"verses":"b"}}]})"));
  EXPECT_THAT(gemini(R"({"candidates":[{"content":{"parts":[{"poem":"a"}]}}]})"),
              ElementsAre(testing::MatchesRegex("\\+@0\\.1[0-9]{5} text: a")));
}

TEST(EventContent, AnEmptyFinishReasonEndsNothing) {
  for (const std::string_view none : {"null", R"("")", R"("null")"})
    EXPECT_THAT(chat(R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":)" + std::string(none) + "}]}"),
                ElementsAre("+@0.0 text: a"))
        << none;
}

TEST(EventContent, RefusesAnObjectThatIsNoJson) {
  ContentReader reader;
  EXPECT_FALSE(reader.event(Operation::messages, "", R"({"type":"ping")"));
  EXPECT_FALSE(reader.event(Operation::chat_completions, "", R"({"choices":[}])"));
  EXPECT_TRUE(reader.event(Operation::chat_completions, "", "{}"));
}

}  // namespace
}  // namespace sluice::dialect
