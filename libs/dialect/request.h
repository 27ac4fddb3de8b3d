// The facts of an inference request that decisions rest on. Everything else in the body is neither looked at nor
// changed: it is forwarded byte for byte.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dialect/dialect.h"

namespace sluice::dialect {

struct ByteSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct RequestFacts {
  std::string model = {};  // as the client wrote it, "provider/" included
  bool streamed = false;
  std::int64_t choices = 1;                     // OpenAI `n`, Gemini candidateCount
  std::optional<std::int64_t> max_tokens = {};  // max_tokens, max_completion_tokens, max_output_tokens, maxOutputTokens
  bool has_tools = false;                       // a non-empty `tools` (or `functions`) list
  bool wants_stream_usage = false;              // OpenAI chat: stream_options.include_usage is true
  bool wants_json = false;                      // Gemini: generationConfig.responseMimeType is application/json
  // Where the model's JSON string stands in the body, quotes included, so that "openai/gpt-5" can become "gpt-5" in
  // place. nullopt when the model is part of the path.
  std::optional<ByteSpan> model_span = {};
};

// Reads request bodies with simdjson; owns the parser and a padded buffer, so keep one per thread (and not across
// co_await). About 6 µs for a 20 KB chat body.
class RequestReader {
 public:
  static constexpr std::size_t default_largest_body = 32 * 1024 * 1024;
  explicit RequestReader(std::size_t largest_body = default_largest_body);
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;
  RequestReader& operator=(RequestReader&&) noexcept;

  // `body` is the decoded body (see content-encoding). Errors: too_large; malformed with the position when this is not
  // one JSON object, and by name when a field that we decide on (model, stream, n, the token limits, tools,
  // stream_options, generationConfig; in any spelling of its escapes) stands twice, is of another type than the
  // provider documents, or when the model is missing. null counts as absent. What lies in other fields is skipped over
  // in constant memory, however deep it is, and left to the provider to judge.
  Result<RequestFacts> read(const Target& target, std::string_view body);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// The same body with the model's name replaced; `model` is plain text. Everything outside the span stays as it was.
std::string with_model(std::string_view body, ByteSpan span, std::string_view model);

}  // namespace sluice::dialect
