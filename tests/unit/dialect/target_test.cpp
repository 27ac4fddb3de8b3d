#include <gtest/gtest.h>

#include "dialect/dialect.h"

namespace sluice::dialect {
namespace {

TEST(Target, IsReadFromTheProvidersPaths) {
  const auto operation = [](std::string_view path) {
    const auto target = target_of("POST", path);
    return target ? std::string(name_of(target->operation)) : std::string();
  };
  EXPECT_EQ(operation("/v1/chat/completions"), "chat_completions");
  EXPECT_EQ(operation("/v1/completions"), "completions");
  EXPECT_EQ(operation("/v1/responses"), "responses");
  EXPECT_EQ(operation("/backend-api/codex/responses"), "responses");
  EXPECT_EQ(operation("/v1/embeddings"), "embeddings");
  EXPECT_EQ(operation("/v1/messages?beta=true"), "messages");
  EXPECT_EQ(operation("/v1/messages/"), "messages");
  EXPECT_EQ(operation("/v1/messages/count_tokens"), "count_tokens");
  EXPECT_EQ(operation("/v1beta/models/gemini-3-pro:generateContent"), "generate_content");
  EXPECT_EQ(operation("/v1/models/gemini-3-pro:streamGenerateContent?alt=sse"), "stream_generate_content");
  EXPECT_EQ(operation("/v1internal:streamGenerateContent?alt=sse"), "stream_generate_content");
  for (const auto* path : {"", "/", "/v1/models", "/v1/messages/batches", "/v1/messagesx",
                           "/v1beta/models/x:countTokens", "/v1beta/models/:generateContent", "/x:generateContent",
                           "x:generateContent", "/v1beta/files/x:generateContent", "/openai", "/openaiv1/messages"})
    EXPECT_EQ(operation(path), "") << path;
  EXPECT_FALSE(target_of("GET", "/v1/messages"));
}

TEST(Target, LosesTheRoutingPrefixAndKeepsTheQuery) {
  const auto openai = target_of("POST", "/openai/v1/chat/completions?x=1");
  ASSERT_TRUE(openai);
  EXPECT_EQ(openai->path, "/v1/chat/completions?x=1");
  EXPECT_EQ(openai->dialect, Dialect::openai);
  EXPECT_EQ(target_of("POST", "/anthropic/v1/messages")->path, "/v1/messages");
  const auto gemini = target_of("POST", "/genai/v1beta/models/google%2Fgemini-3:generateContent");
  ASSERT_TRUE(gemini);
  EXPECT_EQ(gemini->path, "/v1beta/models/google%2Fgemini-3:generateContent");
  EXPECT_EQ(gemini->model_in_path, "google/gemini-3");
  EXPECT_EQ(target_of("POST", "/v1/models/a%2fb%2:generateContent")->model_in_path, "a/b%2");
}

TEST(SplitModel, TakesTheFirstPartAsTheProvider) {
  EXPECT_EQ(split_model("openai/gpt-5").provider, "openai");
  EXPECT_EQ(split_model("openai/gpt-5").model, "gpt-5");
  EXPECT_EQ(split_model("groq/meta/llama").model, "meta/llama");
  for (const auto* bare : {"gpt-5", "/gpt-5", "openai/", ""}) {
    EXPECT_EQ(split_model(bare).provider, "") << bare;
    EXPECT_EQ(split_model(bare).model, bare);
  }
}

TEST(Dialect, HasNames) {
  for (const auto dialect : {Dialect::openai, Dialect::anthropic, Dialect::gemini})
    EXPECT_EQ(dialect_named(name_of(dialect)), dialect);
  EXPECT_EQ(dialect_named("bedrock"), std::nullopt);
}

}  // namespace
}  // namespace sluice::dialect
