// The AI wire formats that Sluice understands, and which operation a request path names. Pure.
// Source of the paths: the providers' API references and facts measured with the real clients.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::dialect {

enum class Dialect : std::uint8_t { openai, anthropic, gemini };

enum class Operation : std::uint8_t {
  chat_completions,         // OpenAI POST /v1/chat/completions
  completions,              // OpenAI POST /v1/completions
  responses,                // OpenAI POST /v1/responses, chatgpt.com POST /backend-api/codex/responses
  embeddings,               // OpenAI POST /v1/embeddings
  messages,                 // Anthropic POST /v1/messages
  count_tokens,             // Anthropic POST /v1/messages/count_tokens
  generate_content,         // Gemini POST …/models/M:generateContent
  stream_generate_content,  // Gemini POST …/models/M:streamGenerateContent
};

// "openai", "anthropic", "gemini".
std::string_view name_of(Dialect dialect) noexcept;
std::optional<Dialect> dialect_named(std::string_view name) noexcept;
// "chat_completions", … as it stands in audit records and metrics.
std::string_view name_of(Operation operation) noexcept;
Dialect dialect_of(Operation operation) noexcept;

struct Target {
  Dialect dialect = Dialect::openai;
  Operation operation = Operation::chat_completions;
  std::string path = {};           // the provider's path, routing prefix removed, query kept
  std::string model_in_path = {};  // Gemini: percent-decoded M of …/models/M:generateContent; else empty
};

// What a request target means; nullopt when it is no inference. The query is not looked at. Accepts the provider's own
// paths and, for API clients of the gateway, the prefixes /openai, /anthropic and /genai.
std::optional<Target> target_of(std::string_view method, std::string_view request_target);

// "provider/model" → both parts; a bare name has an empty provider. Only the first '/' splits, and only when the part
// before it is a provider name in the sense of the caller: "meta-llama/Llama-3" is split too, the caller decides.
struct ModelName {
  std::string_view provider = {};
  std::string_view model = {};
};
ModelName split_model(std::string_view name) noexcept;

}  // namespace sluice::dialect
