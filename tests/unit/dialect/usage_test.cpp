#include "dialect/usage.h"

#include <gtest/gtest.h>

namespace sluice::dialect {
namespace {

Usage tokens(std::int64_t input, std::int64_t output, std::int64_t cache_read = 0, std::int64_t cache_write = 0) {
  return {input, output, cache_read, cache_write, true};
}

TEST(UsageOfBody, SortsTokensIntoCategories) {
  EXPECT_EQ(usage_of_body(Operation::chat_completions,
                          R"({"id":"x","choices":[{"message":{"content":"\"usage\":{"}}],"usage":{"prompt_tokens":100,)"
                          R"("completion_tokens":7,"total_tokens":107,"prompt_tokens_details":{"cached_tokens":60}}})"),
            tokens(40, 7, 60));
  EXPECT_EQ(usage_of_body(Operation::responses,
                          R"({"object":"response","error":null,"usage":{"input_tokens":50,"input_tokens_details":)"
                          R"({"cached_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":3}}})"),
            tokens(50, 5));
  EXPECT_EQ(usage_of_body(Operation::messages, R"({"type":"message","usage":{"input_tokens":3,"output_tokens":5,)"
                                               R"("cache_creation_input_tokens":20,"cache_read_input_tokens":10}})"),
            tokens(3, 5, 10, 20));
  EXPECT_EQ(usage_of_body(Operation::embeddings, R"({"data":[],"usage":{"prompt_tokens":8,"total_tokens":8}})"),
            tokens(8, 0));
  EXPECT_EQ(usage_of_body(Operation::generate_content,
                          R"({"usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":5,"thoughtsTokenCount":2,)"
                          R"("cachedContentTokenCount":10,"toolUsePromptTokenCount":4}})"),
            tokens(24, 7, 10));
}

TEST(UsageOfBody, ReadsGeminisListAndItsWrapping) {
  EXPECT_EQ(usage_of_body(Operation::stream_generate_content,
                          R"( [{"usageMetadata":{"promptTokenCount":3}},)"
                          R"({"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":9}}])"),
            tokens(3, 9));
  EXPECT_EQ(usage_of_body(Operation::generate_content,
                          R"({"response":{"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":9}}})"),
            tokens(3, 9));
}

TEST(UsageOfBody, SaysWhenNothingWasReported) {
  for (const auto* body : {"", "{}", "{", "[]", "not json", R"({"usage":null})", R"({"usage":7})", R"({"usage":{}})",
                           R"({"error":{"message":"no"}})", R"({"usage":{"prompt_tokens":"many"}})"})
    EXPECT_FALSE(usage_of_body(Operation::chat_completions, body).reported) << body;
  EXPECT_FALSE(usage_of_body(Operation::count_tokens, R"({"input_tokens":5})").reported);
}

TEST(UsageOfBody, IsNeverNegative) {
  EXPECT_EQ(usage_of_body(
                Operation::chat_completions,
                R"({"usage":{"prompt_tokens":-5,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":9}}})"),
            tokens(0, 3));
}

struct Watched {
  Usage usage;
  StreamEnd end;
  std::string error;
};

// The same answer for every size of piece.
Watched watch(Operation operation, std::string_view text) {
  std::optional<Watched> first;
  for (std::size_t size = 1; size <= text.size(); size += size < 50 ? 1 : 37) {
    StreamWatcher watcher(operation);
    for (std::size_t at = 0; at < text.size(); at += size) watcher.feed(text.substr(at, size));
    const Watched now{watcher.usage(), watcher.end(), watcher.error_text()};
    if (!first) first = now;
    EXPECT_EQ(now.usage, first->usage) << size;
    EXPECT_EQ(now.end, first->end) << size;
    EXPECT_EQ(now.error, first->error) << size;
  }
  return *first;
}

TEST(StreamWatcher, ReadsTheUsageChunkOfAChat) {
  const std::string text =
      "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\": {\"}}],\"usage\":null}\n\n"
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5}}\n\n"
      "data: [DONE]\n\n";
  const auto watched = watch(Operation::chat_completions, text);
  EXPECT_EQ(watched.usage, tokens(3, 5));
  EXPECT_EQ(watched.end, StreamEnd::clean);
  EXPECT_EQ(watch(Operation::chat_completions, std::string_view(text).substr(0, text.size() - 3)).end, StreamEnd::open);
}

TEST(StreamWatcher, ReadsTheLastEventOfAResponse) {
  const auto watched = watch(
      Operation::responses,
      "event: response.created\r\ndata: {\"type\":\"response.created\",\"response\":{\"usage\":null}}\r\n\r\n"
      "event: response.output_text.delta\r\ndata: {\"delta\":\"response.completed\"}\r\n\r\n"
      "event: response.completed\r\ndata: {\"type\":\"response.completed\",\"response\":{\"error\":null,"
      "\"usage\":{\"input_tokens\":30,\"input_tokens_details\":{\"cached_tokens\":10},\"output_tokens\":5}}}\r\n\r\n");
  EXPECT_EQ(watched.usage, tokens(20, 5, 10));
  EXPECT_EQ(watched.end, StreamEnd::clean);
}

TEST(StreamWatcher, ReadsResponsesWithoutEventNames) {
  const auto watched =
      watch(Operation::responses,
            "data: {\"type\": \"response.failed\",\"response\":{\"error\":{\"code\":\"x\",\"message\":\"no\"},"
            "\"usage\":{\"input_tokens\":3,\"output_tokens\":0}}}\n\n");
  EXPECT_EQ(watched.usage, tokens(3, 0));
  EXPECT_EQ(watched.end, StreamEnd::failed);
  EXPECT_EQ(watched.error, "no");
}

TEST(StreamWatcher, AddsUpTheUsageOfAMessage) {
  const std::string text =
      "event: message_start\ndata: "
      "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3,\"output_tokens\":1,"
      "\"cache_creation_input_tokens\":20,\"cache_read_input_tokens\":10}}}\n\n"
      "event: ping\ndata: {\"type\": \"ping\"}\n\n"
      "event: content_block_delta\ndata: {\"delta\":{\"text\":\"message_stop\"}}\n\n"
      "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":5}}\n\n"
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  const auto watched = watch(Operation::messages, text);
  EXPECT_EQ(watched.usage, tokens(3, 5, 10, 20));
  EXPECT_EQ(watched.end, StreamEnd::clean);
  const auto cut = watch(Operation::messages, std::string_view(text).substr(0, text.find("event: message_delta")));
  EXPECT_EQ(cut.usage, tokens(3, 1, 10, 20));
  EXPECT_EQ(cut.end, StreamEnd::open);
}

TEST(StreamWatcher, BelievesTheNameOfAnEventBeforeItsData) {
  EXPECT_EQ(watch(Operation::messages, "event: message_stop\ndata: {}\n\n").end, StreamEnd::clean);
  EXPECT_EQ(watch(Operation::messages, "event: ping\ndata: {\"type\":\"message_stop\"}\n\n").end, StreamEnd::open);
  EXPECT_EQ(watch(Operation::messages, "data: {}\n\n").end, StreamEnd::open);
}

TEST(StreamWatcher, ReportsAnErrorInsideAStream) {
  const auto claude = watch(
      Operation::messages,
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n"
      "event: message_stop\ndata: {}\n\n");
  EXPECT_EQ(claude.end, StreamEnd::failed);
  EXPECT_EQ(claude.error, "busy");
  const auto chat = watch(Operation::chat_completions, "data: {\"error\":{\"message\":\"busy\"}}\n\ndata: [DONE]\n\n");
  EXPECT_EQ(chat.end, StreamEnd::failed);
  const auto responses =
      watch(Operation::responses, "event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"busy\"}\n\n");
  EXPECT_EQ(responses.end, StreamEnd::failed);
  EXPECT_EQ(responses.error, "busy");
}

TEST(StreamWatcher, ReadsGeminiChunks) {
  const auto watched = watch(Operation::stream_generate_content,
                             "data: {\"candidates\":[{}],\"usageMetadata\":{\"promptTokenCount\":3}}\r\n\r\n"
                             "data: {\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":"
                             "{\"promptTokenCount\":3,\"candidatesTokenCount\":5}}\r\n\r\n");
  EXPECT_EQ(watched.usage, tokens(3, 5));
  EXPECT_EQ(watched.end, StreamEnd::clean);
}

}  // namespace
}  // namespace sluice::dialect
