#include "dialect/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::dialect {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Result<RequestFacts> read(std::string_view path, std::string_view body) {
  RequestReader reader;
  return reader.read(*target_of("POST", path), body);
}
std::string problem(std::string_view path, std::string_view body) {
  const auto facts = read(path, body);
  return facts ? "accepted" : facts.error().detail;
}

TEST(ReadRequest, OfOpenAiChat) {
  const std::string body =
      R"({"messages":[{"role":"user","content":"the \"model\": {[ \\"}],"model":"openai/gpt-5","stream":true,"n":2,)"
      R"("max_completion_tokens":100,"tools":[{"type":"function"}],"stream_options":{"include_usage":true},"x":{"y":[]}})";
  const auto facts = read("/v1/chat/completions", body);
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(facts->model, "openai/gpt-5");
  EXPECT_TRUE(facts->streamed);
  EXPECT_EQ(facts->choices, 2);
  EXPECT_EQ(facts->max_tokens, 100);
  EXPECT_TRUE(facts->has_tools);
  EXPECT_TRUE(facts->wants_stream_usage);
  ASSERT_TRUE(facts->model_span);
  EXPECT_EQ(body.substr(facts->model_span->begin, facts->model_span->end - facts->model_span->begin),
            "\"openai/gpt-5\"");
}

TEST(ReadRequest, OfTheOtherOperations) {
  const auto responses = read("/v1/responses", R"({"model":"gpt-5","input":"hi","max_output_tokens":7,"tools":[]})");
  ASSERT_TRUE(responses) << responses.error().detail;
  EXPECT_EQ(responses->max_tokens, 7);
  EXPECT_FALSE(responses->has_tools);
  EXPECT_FALSE(responses->streamed);
  EXPECT_EQ(read("/v1/embeddings", R"({"model":"text-embedding-3-small","input":["a"]})")->model,
            "text-embedding-3-small");
  const auto claude =
      read("/v1/messages?beta=true", R"({"model":"claude-sonnet-4-5","max_tokens":32000,"stream":true})");
  ASSERT_TRUE(claude) << claude.error().detail;
  EXPECT_EQ(claude->max_tokens, 32000);
  EXPECT_TRUE(claude->streamed);
  EXPECT_EQ(read("/v1/messages/count_tokens", R"({"model":"claude-sonnet-4-5","messages":[]})")->model,
            "claude-sonnet-4-5");
}

TEST(ReadRequest, OfGemini) {
  const auto facts = read("/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse",
                          R"({"contents":[],"generationConfig":{"maxOutputTokens":9,"candidateCount":3,)"
                          R"("responseMimeType":"application/json"},"tools":[{}],"model":"ignored"})");
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(facts->model, "gemini-3-pro");
  EXPECT_FALSE(facts->model_span);
  EXPECT_TRUE(facts->streamed);
  EXPECT_TRUE(facts->has_tools);
  EXPECT_TRUE(facts->wants_json);
  EXPECT_EQ(facts->choices, 3);
  EXPECT_EQ(facts->max_tokens, 9);

  const auto wrapped =
      read("/v1internal:generateContent",
           R"({"model":"gemini-3-pro","request":{"tools":[1],"generation_config":{"max_output_tokens":5}}})");
  ASSERT_TRUE(wrapped) << wrapped.error().detail;
  EXPECT_EQ(wrapped->model, "gemini-3-pro");
  EXPECT_EQ(problem("/v1internal:generateContent",
                    R"({"request":{"request":{"request":{"request":{"request":{}}}}},"model":"m"})"),
            "request.request.request.request.request: is nested too deep");
  EXPECT_TRUE(wrapped->has_tools);
  EXPECT_EQ(wrapped->max_tokens, 5);
}

TEST(ReadRequest, SeesThroughEscapes) {
  EXPECT_EQ(read("/v1/messages", R"({"mod\u0065l":"cl\u0061ude"})")->model, "claude");
  EXPECT_EQ(problem("/v1/messages", R"({"model":"a","mod\u0065l":"b"})"), "model: stands twice");
}

TEST(ReadRequest, RefusesASecondModelOrStreamButNotASecondOfWhatItDoesNotRead) {
  EXPECT_EQ(problem("/v1/chat/completions", R"({"model":"a","model":"a"})"), "model: stands twice");
  EXPECT_EQ(problem("/v1/chat/completions", R"({"model":"a","stream":null,"stream":true})"), "stream: stands twice");
  EXPECT_EQ(problem("/v1/chat/completions", R"({"model":"a","user":"x","user":"y"})"), "accepted");
  EXPECT_EQ(problem("/v1/chat/completions", R"({"model":"a","metadata":{"model":"b"}})"), "accepted");
}

TEST(ReadRequest, NamesAFieldOfAnotherType) {
  const auto chat = [](std::string_view body) { return problem("/v1/chat/completions", body); };
  EXPECT_EQ(chat("{}"), "model: is missing");
  EXPECT_EQ(chat(R"({"model":null})"), "model: is missing");
  EXPECT_EQ(chat(R"({"model":7})"), "model: must be a string");
  EXPECT_EQ(chat(R"({"model":["a"]})"), "model: must be a string");
  EXPECT_EQ(chat(R"({"model":""})"), "model: must have 1 to 512 bytes");
  EXPECT_EQ(chat(R"({"model":")" + std::string(513, 'a') + R"("})"), "model: must have 1 to 512 bytes");
  EXPECT_EQ(chat(R"({"model":"a","stream":"true"})"), "stream: must be true or false");
  EXPECT_EQ(chat(R"({"model":"a","stream":1})"), "stream: must be true or false");
  EXPECT_EQ(chat(R"({"model":"a","n":1.5})"), "n: must be a whole number");
  EXPECT_EQ(chat(R"({"model":"a","n":-1})"), "n: must be a whole number");
  EXPECT_EQ(chat(R"({"model":"a","tools":{}})"), "tools: must be a list");
  EXPECT_EQ(chat(R"({"model":"a","stream_options":{"include_usage":"x"}})"),
            "stream_options.include_usage: must be true or false");
  EXPECT_EQ(chat(R"({"model":"a","stream":null,"n":null,"max_tokens":null,"tools":null,"stream_options":null})"),
            "accepted");
}

TEST(ReadRequest, SaysWhereTheJsonIsWrong) {
  const auto chat = [](std::string_view body) { return problem("/v1/chat/completions", body); };
  for (const auto* body :
       {"", " ", "{", "{\"model\":\"a\"", "{\"model\":\"a\"}}", "{\"model\":\"a\"} x", "{\"model\" \"a\"}",
        "{\"model\":\"a\" \"n\":1}", "{\"model\":\"a\",}", "{model:\"a\"}", "{\"model\":\"a\xff\"}",
        "{\"model\":\"a\n\"}", "{\"model\":\"a", "{\"x\":[1,2,\"model\":\"a\"}"})
    EXPECT_THAT(chat(body), StartsWith("not valid JSON")) << body;
  EXPECT_THAT(chat("{\"model\":\"a\" \"n\":1}"), HasSubstr("at byte 13"));
  EXPECT_EQ(chat("[]"), "the body must be a JSON object");
  EXPECT_EQ(chat("\"model\""), "the body must be a JSON object");
}

TEST(ReadRequest, RefusesEveryCutOfABody) {
  const std::string body =
      R"({"messages":[{"role":"user","content":"h\u00e4 €"}],"model":"gpt-5","stream":true,"n":2})";
  RequestReader reader;
  const auto target = *target_of("POST", "/v1/chat/completions");
  for (std::size_t length = 0; length < body.size(); ++length)
    ASSERT_FALSE(reader.read(target, std::string_view(body).substr(0, length))) << length;
  EXPECT_TRUE(reader.read(target, body));
}

TEST(ReadRequest, HoldsItsLimitAndSkipsDepthInConstantMemory) {
  RequestReader reader(100);
  const auto target = *target_of("POST", "/v1/messages");
  EXPECT_EQ(reader.read(target, std::string(101, ' ')).error().code, ErrorCode::too_large);
  const std::string deep = R"({"x":)" + std::string(200'000, '[') + std::string(200'000, ']') + R"(,"model":"a"})";
  EXPECT_EQ(read("/v1/messages", deep)->model, "a");
}

TEST(ReadRequest, WorksAgainAfterABodyThatWasWrongOrLarge) {
  RequestReader reader;
  const auto target = *target_of("POST", "/v1/messages");
  const std::string large = R"({"x":")" + std::string(3'000'000, 'x') + R"(","model":"large"})";
  EXPECT_EQ(reader.read(target, large)->model, "large");
  EXPECT_FALSE(reader.read(target, "{"));
  EXPECT_EQ(reader.read(target, R"({"model":"small"})")->model, "small");
}

TEST(WithModel, ChangesNothingElse) {
  const std::string body = R"( { "a" : 1.0, "model" : "openai\/gpt-5" , "b":"\u0061" } )";
  const auto facts = read("/v1/chat/completions", body);
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(facts->model, "openai/gpt-5");
  EXPECT_EQ(with_model(body, *facts->model_span, "gpt\"5"), R"( { "a" : 1.0, "model" : "gpt\"5" , "b":"\u0061" } )");
}

}  // namespace
}  // namespace sluice::dialect
