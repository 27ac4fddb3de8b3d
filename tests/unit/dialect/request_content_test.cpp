#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content_shown.h"
#include "dialect/segments.h"

namespace sluice::dialect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

Lines found(std::string_view path, std::string_view body) {
  static ContentReader reader;
  return shown(reader.request(*target_of("POST", path), body), body);
}
Lines chat(std::string_view body) {
  return found("/v1/chat/completions", body);
}
Lines responses(std::string_view body) {
  return found("/v1/responses", body);
}
Lines messages(std::string_view body) {
  return found("/v1/messages", body);
}
Lines gemini(std::string_view body) {
  return found("/v1beta/models/m:generateContent", body);
}

TEST(RequestContent, OfOpenAiChatMessages) {
  EXPECT_THAT(chat(R"({"model":"m","user":"u","messages":[{"role":"system","content":"be kind"},
      {"role":"developer","content":[{"type":"text","text":"be short"}]},
      {"role":"user","name":"n","content":"caf\u00e9"},{"content":"yes","role":"assistant"},
      {"role":"tool","tool_call_id":"c1","content":"sunny"},{"role":"function","name":"f","content":"warm"}]})"),
              ElementsAre("about: u", "instructions: be kind", "instructions: be short", "text: café",
                          "text: yes (assistant)", "tool_result: sunny", "tool_result: warm"));
}

TEST(RequestContent, OfWhatTheClientSaysAboutItself) {
  const auto lines = ElementsAre("about: ann@example.org", "about: Ann", "about: https://x/?q=1", "about: deep",
                                 "about: in a list", "about: h");
  const std::string about = R"("user":"ann@example.org","metadata":{"name":"Ann","url":"https://x/?q=1","count":7,
      "more":{"type":"deep","list":["in a list",null]}},"safety_identifier":"h","prompt_cache_key":"k"})";
  EXPECT_THAT(chat(R"({"model":"m",)" + about), lines);
  EXPECT_THAT(responses(R"({"model":"m",)" + about), lines);
}

TEST(RequestContent, OfAnthropicsUserIdIsAllOnceItIsTooLongForAnId) {
  const auto body = [](std::size_t size) { return R"({"metadata":{"user_id":")" + std::string(size, 'u') + "\"}}"; };
  EXPECT_THAT(messages(body(256)), IsEmpty());
  EXPECT_THAT(messages(body(257)), ElementsAre("about: " + std::string(257, 'u')));
}

TEST(RequestContent, OfAnthropicsOpaqueUserIdIsNothingAndOfWhatElseHasThatNameAll) {
  EXPECT_THAT(messages(R"({"metadata":{"user_id":"u","team":"blue"}})"), ElementsAre("about: blue"));
  EXPECT_THAT(found("/v1/messages/count_tokens", R"({"metadata":{"us\u0065r_id":"u"}})"), IsEmpty());
  EXPECT_THAT(messages(R"({"metadata":{"more":{"user_id":"deeper"},"metadata":{"user_id":"inside"},
      "list":[{"user_id":"in a list"}],"user_id":{"user_id":"in itself","x":["y"]}}})"),
              ElementsAre("about: deeper", "about: inside", "about: in a list", "about: in itself", "about: y"));
  EXPECT_THAT(messages(R"({"metadata":{"user_id":["one of several"]}})"), ElementsAre("about: one of several"));
  EXPECT_THAT(messages(R"({"metadata":[{"user_id":"of one of several"}]})"), ElementsAre("about: of one of several"));
  EXPECT_THAT(messages(R"({"user":{"user_id":"elsewhere"},"request":{"metadata":{"user_id":"wrapped"}}})"),
              ElementsAre("about: elsewhere", "about: wrapped"));
  for (const auto* path : {"/v1/chat/completions", "/v1/responses", "/v1beta/models/m:generateContent"})
    EXPECT_THAT(found(path, R"({"metadata":{"user_id":"of another dialect"}})"),
                ElementsAre("about: of another dialect"));
}

TEST(RequestContent, OfOpenAiChatParts) {
  EXPECT_THAT(
      chat(R"({"messages":[{"role":"user","content":[{"type":"text","text":"look"},
      {"type":"image_url","image_url":{"url":"https://x/y.png","detail":"high"}},
      {"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}},
      {"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","file_id":"f1"}}]},
      {"role":"assistant","refusal":"no","content":[{"type":"refusal","refusal":"never"}]}]})"),
      ElementsAre("text: look", "text: no (assistant)", "text: never (assistant)", "[image]", "[audio]", "[file]"));
}

TEST(RequestContent, OfOpenAiChatToolCalls) {
  EXPECT_THAT(chat(R"({"messages":[{"role":"assistant","content":null,"tool_calls":[
      {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":\"x\\ny\"}"}},
      {"id":"c2","type":"custom","custom":{"name":"g","input":"ls -l"}}]},
      {"role":"assistant","function_call":{"name":"old","arguments":"{}"}},
      {"role":"assistant","function_call":{"name":"old","arguments":{"name":"Ann"}}}]})"),
              ElementsAre("tool_arguments json: {\"a\":\"x\ny\"} (assistant)", "tool_arguments: ls -l (assistant)",
                          "tool_arguments json: {} (assistant)", "tool_arguments: name (assistant)",
                          "tool_arguments: Ann (assistant)"));
}

TEST(RequestContent, OfDescriptionsOfTools) {
  EXPECT_THAT(chat(R"({"tools":[{"type":"function","function":{"name":"f","description":"finds","parameters":{
      "type":"object","required":["input"],"properties":{
        "input":{"type":"string","description":"what"},"name":{"type":"string","description":"who"},
        "type":{"enum":["one","two"]},
        "cache_control":{"type":"string","description":"how"},"headers":{"type":"object","description":"more"}}}}},
      {"type":"mcp","server_label":"s","server_url":"https://s","authorization":"secret",
       "headers":{"x-key":"secret"},"server_description":"a server"}],
      "functions":[{"name":"g","description":"gets"}],
      "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"description":"shape"}}},
      "prediction":{"type":"content","content":"guess"}})"),
              ElementsAre("instructions: finds", "instructions: what", "instructions: who", "instructions: one",
                          "instructions: two", "instructions: how", "instructions: more", "instructions: a server",
                          "instructions: gets", "instructions: shape", "text: guess"));
}

TEST(RequestContent, OfPromptsAndInputs) {
  EXPECT_THAT(found("/v1/completions", R"({"prompt":"one","suffix":"end","stop":"x"})"),
              ElementsAre("text: one", "text: end"));
  EXPECT_THAT(found("/v1/completions", R"({"prompt":["one","two"]})"), ElementsAre("text: one", "text: two"));
  EXPECT_THAT(found("/v1/completions", R"({"prompt":[[1,2],[3]]})"), IsEmpty());
  EXPECT_THAT(found("/v1/embeddings", R"({"input":"one"})"), ElementsAre("text: one"));
  EXPECT_THAT(found("/v1/embeddings", R"({"input":["one","two"],"user":"u"})"),
              ElementsAre("text: one", "text: two", "about: u"));
}

TEST(RequestContent, OfResponses) {
  EXPECT_THAT(responses(R"({"instructions":"be kind","input":"hi","text":{"format":{"type":"json_schema",
      "schema":{"description":"shape"}}},"prompt":{"id":"p","variables":{"name":"Ann"}}})"),
              ElementsAre("instructions: be kind", "text: hi", "instructions: shape", "text: name", "text: Ann"));
  EXPECT_THAT(responses(R"({"input":[
      {"type":"message","role":"developer","content":[{"type":"input_text","text":"rules"}]},
      {"role":"user","content":"hi"},
      {"role":"user","content":[{"type":"input_text","text":"see"},{"type":"input_image","image_url":"data:x"},
        {"type":"input_file","file_data":"data:y","filename":"ann.pdf"}]},
      {"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"zzz"},
      {"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok"}]}]})"),
              ElementsAre("instructions: rules", "text: hi", "text: see", "text: ann.pdf", "text: hm (assistant)",
                          "text: ok (assistant)", "[image]", "[file]"));
}

TEST(RequestContent, OfResponsesToolCalls) {
  EXPECT_THAT(
      responses(R"({"input":[
      {"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"},
      {"type":"function_call_output","call_id":"c","output":"sunny"},
      {"output":[{"type":"input_text","text":"warm"},{"type":"input_image","image_url":"data:x"}],
       "type":"function_call_output","call_id":"c"},
      {"type":"custom_tool_call","name":"p","input":"*** patch"},
      {"type":"custom_tool_call_output","output":"done"},
      {"type":"mcp_call","server_label":"s","name":"n","arguments":"{}","output":"rows"},
      {"type":"local_shell_call","status":"completed","action":{"type":"exec","command":["ls"]}},
      {"type":"computer_call_output","output":{"type":"computer_screenshot","image_url":"data:x"}},
      {"type":"web_search_call","action":{"query":"news"}}]})"),
      ElementsAre("tool_arguments json: {\"a\":1} (assistant)", "tool_result: sunny", "tool_result: warm",
                  "tool_arguments: *** patch (assistant)", "tool_result: done", "tool_arguments json: {} (assistant)",
                  "tool_result: rows", "tool_arguments: type (assistant)", "tool_arguments: exec (assistant)",
                  "tool_arguments: command (assistant)", "tool_arguments: ls (assistant)",
                  "tool_arguments: query (assistant)", "tool_arguments: news (assistant)", "[image]", "[image]"));
  EXPECT_THAT(responses(R"({"type":"response.create","response":{"input":"hi"}})"), ElementsAre("text: hi"));
}

TEST(RequestContent, OfAnthropicMessages) {
  EXPECT_THAT(messages(R"({"system":"be kind","messages":[{"role":"user","content":"hi"},
      {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"zz"},
        {"type":"redacted_thinking","data":"zz"},{"type":"text","text":"ok","citations":[{"cited_text":"quote"}]}]}],
      "metadata":{"user_id":"u"}})"),
              ElementsAre("instructions: be kind", "text: hi", "text: hm (assistant)", "text: ok (assistant)",
                          "text: quote (assistant)"));
  EXPECT_THAT(
      found("/v1/messages/count_tokens",
            R"({"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],
      "tools":[{"name":"t","description":"d","input_schema":{"properties":{"a":{"description":"pa"}}},
      "input_examples":[{"name":"Ann"}]}]})"),
      ElementsAre("instructions: s", "instructions: d", "instructions: pa", "instructions: name", "instructions: Ann"));
}

TEST(RequestContent, OfAnthropicTools) {
  EXPECT_THAT(
      messages(R"({"messages":[{"role":"assistant","content":[
      {"type":"tool_use","id":"t","name":"n","input":{"name":"Ann","deep":[{"id":"7"},1]}},
      {"type":"server_tool_use","name":"web_search","input":{"query":"q"}},
      {"type":"web_search_tool_result","tool_use_id":"t","content":[
        {"type":"web_search_result","title":"News","url":"https://n","encrypted_content":"zz"}]},
      {"type":"mcp_tool_use","server_name":"s","input":{}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"sunny"},
      {"content":[{"type":"text","text":"warm"},{"type":"image","source":{"type":"base64","data":"AA=="}}],
       "type":"tool_result"},
      {"type":"mcp_tool_result","content":[{"type":"text","text":"rows"}]},
      {"type":"search_result","source":"wiki","title":"T","content":[{"type":"text","text":"found"}]}]}]})"),
      ElementsAre("tool_arguments: name (assistant)", "tool_arguments: Ann (assistant)",
                  "tool_arguments: deep (assistant)", "tool_arguments: id (assistant)", "tool_arguments: 7 (assistant)",
                  "tool_arguments: query (assistant)", "tool_arguments: q (assistant)", "tool_result: News",
                  "tool_result: sunny", "tool_result: warm", "tool_result: rows", "tool_result: wiki", "tool_result: T",
                  "tool_result: found", "[image]"));
}

TEST(RequestContent, OfAnthropicAttachments) {
  EXPECT_THAT(
      messages(R"({"messages":[{"role":"user","content":[
      {"type":"image","source":{"type":"url","url":"https://x"}},
      {"source":{"data":"JVBE","media_type":"application/pdf","type":"base64"},"type":"document","title":"T",
       "context":"C"},
      {"type":"document","source":{"data":"plain","media_type":"text/plain","type":"text"}},
      {"type":"document","source":{"type":"content","content":[{"type":"text","text":"block"}]}},
      {"type":"document","source":{"type":"file","file_id":"f"}},
      {"type":"image","source":{"type":"file","file_id":"f"}}]}]})"),
      ElementsAre("text: T", "text: C", "text: plain", "text: block", "[image]", "[file]", "[file]", "[image]"));
}

TEST(RequestContent, OfGemini) {
  EXPECT_THAT(gemini(R"({"systemInstruction":{"role":"user","parts":[{"text":"be kind"}]},"contents":[
      {"role":"user","parts":[{"text":"hi"},{"inlineData":{"mimeType":"image/png","data":"AA=="}},
        {"file_data":{"mime_type":"video/mp4","file_uri":"gs://v"}},{"inline_data":{"data":"AA","mime_type":"text/x"}}]},
      {"parts":[{"thought":true,"text":"hm","thoughtSignature":"zz"},
        {"functionCall":{"name":"f","id":"1","args":{"name":"Ann"}}},
        {"executableCode":{"language":"PYTHON","code":"print 1"}}],"role":"model"},
      {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"id":"x"}}},
        {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}]}],
      "tools":[{"functionDeclarations":[{"name":"f","description":"finds"}]}],
      "generationConfig":{"stopSequences":["x"],"responseSchema":{"description":"shape"}}})"),
              ElementsAre("instructions: be kind", "text: hi", "text: hm (assistant)",
                          "tool_arguments: name (assistant)", "tool_arguments: Ann (assistant)",
                          "tool_arguments: print 1 (assistant)", "tool_result: id", "tool_result: x", "tool_result: 1",
                          "instructions: finds", "instructions: shape", "[image]", "[video]", "[file]"));
  EXPECT_THAT(found("/v1internal:streamGenerateContent",
                    R"({"model":"m","project":"p","request":{"contents":{"parts":{"text":"hi"}},
      "system_instruction":"s","session_id":"x"}})"),
              ElementsAre("text: hi", "instructions: s"));
}

TEST(RequestContent, OfTypesNobodyNamedIsLookedAt) {
  EXPECT_THAT(messages(R"({"messages":[{"role":"user","surprise":"a","content":[
      {"type":"hologram","body":{"caption":"b"},"list":["c"],"data":"d","id":"e"}]}],"other":"f"})"),
              ElementsAre("text: a", "text: b", "text: c", "text: d"));
}

TEST(RequestContent, NamesOfThingsAreNoProse) {
  EXPECT_THAT(messages(R"({"messages":[{"content":[{"role":"x",
      "id":"x","call_id":"x","tool_call_id":"x","tool_use_id":"x","item_id":"x","response_id":"x",
      "responseId":"x","conversation_id":"x","container_id":"x","file_id":"x","traceId":"x","name":"x",
      "model":"x","modelVersion":"x","object":"x","status":"x","signature":"x","thoughtSignature":"x",
      "thought_signature":"x","encrypted_content":"x","encrypted_index":"x","encrypted_stdout":"x",
      "detail":"x","url":"x","uri":"x","file_url":"x","fileUri":"x","file_uri":"x","image_uri":"x",
      "server_label":"x","server_name":"x","server_url":"x","page_age":"x","finish_reason":"x",
      "native_finish_reason":"x","finishReason":"x","stop_reason":"x","stop_sequence":"x",
      "matched_stop":"x","service_tier":"x","system_fingerprint":"x","obfuscation":"x","provider":"x",
      "phase":"x","language":"x","outcome":"x","error_code":"x","environment":"x","execution":"x",
      "createTime":"x","recipient":"x","b64_json":"x","toolUseId":"x","blockReason":"x","tool_name":"x",
      "allowed_callers":"x"}]}]})"),
              IsEmpty());
  EXPECT_THAT(messages(R"({"messages":[{"url":["x"],"name":{"first":"Ann"}}]})"), ElementsAre("text: Ann"))
      << "only strings and lists of strings are names";
  EXPECT_THAT(chat(R"({"tools":[{"format":"x","pattern":"x","syntax":"x","verbosity":"x","$schema":"x","$ref":"x",
      "$id":"x","cache_control":{"ttl":"x"}}]})"),
              IsEmpty());
  EXPECT_THAT(chat(R"({"messages":[{"safetyRatings":[{"a":"x"}],"content_filter_results":{"a":"x"},
      "prompt_filter_results":{"a":"x"},"usage":{"a":"x"},"usageMetadata":{"a":"x"},
      "cache_control":{"ttl":"x"}}]})"),
              IsEmpty());
}

TEST(RequestContent, OfExamplesInSchemasIsReadWithItsKeys) {
  for (const std::string field : {"default", "const", "example", "examples", "input_examples"})
    EXPECT_THAT(chat(R"({"tools":[{")" + field + R"(":{"name":"Ann"}}]})"),
                ElementsAre("instructions: name", "instructions: Ann"))
        << field;
}

TEST(RequestContent, OfSchemasOfAnswers) {
  for (const std::string field : {"response_format", "output_format", "output_config", "text"})
    EXPECT_THAT(chat("{\"" + field + R"(":{"schema":{"description":"shape"}}})"), ElementsAre("instructions: shape"))
        << field;
  for (const std::string config : {"generationConfig", "generation_config"})
    for (const std::string field : {"responseSchema", "response_schema", "responseJsonSchema", "response_json_schema"})
      EXPECT_THAT(gemini("{\"" + config + "\":{\"" + field + R"(":{"description":"shape"}}})"),
                  ElementsAre("instructions: shape"))
          << field;
}

TEST(RequestContent, OfEveryFieldThatGoesToAToolOrComesFromOne) {
  for (const std::string field : {"args", "partialArgs", "input", "action", "operation", "queries", "arguments"})
    EXPECT_THAT(chat(R"({"messages":[{"content":[{")" + field + R"(":{"name":"Ann"}}]}]})"),
                ElementsAre("tool_arguments: name", "tool_arguments: Ann"))
        << field;
  EXPECT_THAT(chat(R"({"messages":[{"response":{"name":"Ann"}}]})"),
              ElementsAre("tool_result: name", "tool_result: Ann"));
  for (const std::string field : {"output", "outputs", "results", "codeExecutionResult", "code_execution_result"})
    EXPECT_THAT(chat(R"({"messages":[{")" + field + R"(":[{"name":"n","text":"a"}]}]})"), ElementsAre("tool_result: a"))
        << field;
  EXPECT_THAT(chat(R"({"messages":[{"tools":[{"type":"t","description":"d"}]}]})"), ElementsAre("instructions: d"));
}

TEST(RequestContent, OfEveryKindOfAttachment) {
  const auto block = [](std::string fields) { return chat("{\"messages\":[{\"content\":[{" + fields + "}]}]}"); };
  for (const std::string type : {"image_url", "input_image", "computer_screenshot", "image", "image_generation_call"})
    EXPECT_THAT(block(R"("type":")" + type + "\""), ElementsAre("[image]")) << type;
  for (const std::string type : {"audio", "input_audio"})
    EXPECT_THAT(block(R"("type":")" + type + "\""), ElementsAre("[audio]")) << type;
  for (const std::string type : {"video", "video_url", "input_video"})
    EXPECT_THAT(block(R"("type":")" + type + "\""), ElementsAre("[video]")) << type;
  for (const std::string type : {"file", "input_file", "container_upload"})
    EXPECT_THAT(block(R"("type":")" + type + "\""), ElementsAre("[file]")) << type;
  for (const std::string type : {"base64", "redacted_thinking"})
    EXPECT_THAT(block(R"("data":"AA","type":")" + type + "\""), IsEmpty()) << type;
  EXPECT_THAT(block(R"("data":"AA","type":"video")"), ElementsAre("[video]"));
  EXPECT_THAT(block(R"("data":"AA","type":"audio")"), ElementsAre("[audio]"));
  EXPECT_THAT(block(R"("data":"AA","type":"image")"), ElementsAre("[image]"));
  EXPECT_THAT(block(R"("data":"a","mimeType":"x/y","type":"content")"), ElementsAre("text: a"));
  EXPECT_THAT(block(R"("image_url":"x")"), ElementsAre("[image]"));
  EXPECT_THAT(block(R"("video_url":{"url":"x"})"), ElementsAre("[video]"));
  EXPECT_THAT(block(R"("audio_url":{"url":"x"})"), ElementsAre("[audio]"));
  EXPECT_THAT(block(R"("inlineData":{"data":"AA","mimeType":"audio/wav"})"), ElementsAre("[audio]"));
  EXPECT_THAT(block(R"("fileData":{"fileUri":"x","mime_type":"image/png"})"), ElementsAre("[image]"));
}

TEST(RequestContent, OfItemsWithoutARoleTellsWhoseTheyAre) {
  for (const std::string type : {"reasoning", "thinking", "function_call", "custom_tool_call", "mcp_approval_request"})
    EXPECT_THAT(responses(R"({"input":[{"a":"x","type":")" + type + "\"}]}"), ElementsAre("text: x (assistant)"))
        << type;
  for (const std::string type : {"custom_tool_call_output", "bash_code_execution_tool_result", "mcp_list_tools"})
    EXPECT_THAT(responses(R"({"input":[{"a":"x","type":")" + type + "\"}]}"), ElementsAre("tool_result: x")) << type;
}

TEST(RequestContent, OfResultsThatAreJsonIsReadAsJson) {
  EXPECT_THAT(responses(R"({"input":[
      {"type":"function_call_output","output":"{\"output\":\"one\\ntwo\"}"},
      {"type":"function_call_output","output":"{ half \\n"},
      {"type":"function_call_output","output":"[C:\\new]"},
      {"type":"function_call_output","output":"C:\\new"}]})"),
              ElementsAre("tool_result json: {\"output\":\"one\ntwo\"}", "tool_result: { half \\n",
                          "tool_result: [C:\\new]", "tool_result: C:\\new"));
}

TEST(RequestContent, NamesAreReadByTheirText) {
  EXPECT_THAT(chat(R"({"mess\u0061ges":[{"rol\u0065":"t\u006fol","c\u006fntent":"x"}]})"),
              ElementsAre("tool_result: x"));
}

TEST(RequestContent, TheRoleCountsOnlyOnTheMessage) {
  EXPECT_THAT(chat(R"({"messages":[{"role":"user","content":[{"type":"text","text":"x","role":"tool"}]}]})"),
              ElementsAre("text: x"));
}

TEST(RequestContent, RefusesTwoRolesOrTypes) {
  EXPECT_THAT(chat(R"({"messages":[{"role":"user","content":"x","role":"assistant"}]})"),
              ElementsAre(HasSubstr("two roles")));
  EXPECT_THAT(messages(R"({"messages":[{"content":[{"type":"text","text":"x","type":"tool_result"}]}]})"),
              ElementsAre(HasSubstr("two types")));
}

TEST(RequestContent, SpansLieBetweenTheQuotes) {
  const std::string body = " {\"messages\" : [ {\"content\" : \"a\\\"b\"  ,\"role\":\"user\"} ] } ";
  ContentReader reader;
  const auto content = reader.request(*target_of("POST", "/v1/chat/completions"), body);
  ASSERT_TRUE(content);
  ASSERT_EQ(content->segments.size(), 1U);
  const auto span = content->segments[0].span;
  EXPECT_EQ(body.substr(span.begin, span.end - span.begin), "a\\\"b");
}

TEST(RequestContent, RefusesWhatIsNoJson) {
  const std::string whole = R"({"messages":[{"role":"user","content":"hello"}],"tools":[{"x":[1,true,null]}]})";
  ContentReader reader;
  const auto target = *target_of("POST", "/v1/chat/completions");
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    EXPECT_FALSE(reader.request(target, whole.substr(0, cut))) << cut;
  EXPECT_TRUE(reader.request(target, whole));
  for (const std::string_view body : {"", " ", "nope", "{}}", "{} {}", "[]]", R"({"messages":["a" "b"]})",
                                      R"({"messages":"a""b"})", "{\"messages\":\"\xFF\"}"})
    EXPECT_FALSE(reader.request(target, body)) << body;
}

TEST(RequestContent, RefusesWhatIsTooDeepOrHasTooManyTexts) {
  const auto nested = [](std::size_t levels) {
    return "{\"messages\":" + std::string(levels, '[') + "\"x\"" + std::string(levels, ']') + "}";
  };
  EXPECT_THAT(chat(nested(127)), ElementsAre("text: x"));
  EXPECT_THAT(chat(nested(128)), ElementsAre(HasSubstr("too deep")));
  EXPECT_THAT(chat("{\"logit_bias\":" + std::string(900, '[') + std::string(900, ']') + "}"), IsEmpty())
      << "what is skipped may be deeper";
  std::string many = "{\"messages\":[\"x\"";
  for (int i = 1; i < 256 * 1024; ++i) many += ",\"x\"";
  ContentReader reader;
  const auto content = reader.request(*target_of("POST", "/v1/chat/completions"), many + "]}");
  ASSERT_TRUE(content);
  EXPECT_EQ(content->segments.size(), 256U * 1024U);
  EXPECT_THAT(chat(many + ",\"x\"]}"), ElementsAre(HasSubstr("texts")));
}

}  // namespace
}  // namespace sluice::dialect
