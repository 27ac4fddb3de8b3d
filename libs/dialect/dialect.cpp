#include "dialect/dialect.h"

#include <array>

namespace sluice::dialect {
namespace {

struct OperationRow {
  Operation operation;
  std::string_view name;
  Dialect dialect;
};
using enum Operation;
constexpr std::array operations{
    OperationRow{chat_completions, "chat_completions", Dialect::openai},
    OperationRow{completions, "completions", Dialect::openai},
    OperationRow{responses, "responses", Dialect::openai},
    OperationRow{embeddings, "embeddings", Dialect::openai},
    OperationRow{messages, "messages", Dialect::anthropic},
    OperationRow{count_tokens, "count_tokens", Dialect::anthropic},
    OperationRow{generate_content, "generate_content", Dialect::gemini},
    OperationRow{stream_generate_content, "stream_generate_content", Dialect::gemini},
};

struct PathRow {
  std::string_view path;
  Operation operation;
};
constexpr std::array paths{
    PathRow{"/v1/chat/completions", chat_completions},
    PathRow{"/v1/completions", completions},
    PathRow{"/v1/responses", responses},
    PathRow{"/v1/embeddings", embeddings},
    PathRow{"/v1/messages", messages},
    PathRow{"/v1/messages/count_tokens", count_tokens},
    PathRow{"/backend-api/codex/responses", responses},
};

constexpr std::array<std::string_view, 3> dialect_names{"openai", "anthropic", "gemini"};
constexpr std::array<std::string_view, 3> prefixes{"/openai", "/anthropic", "/genai"};

std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// …/models/M:generateContent in every version and parent that Gemini, Vertex AI and Code Assist use.
std::optional<Target> gemini_target(std::string_view path) {
  const auto colon = path.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto verb = path.substr(colon + 1);
  Target target{.dialect = Dialect::gemini, .operation = generate_content, .path = {}, .model_in_path = {}};
  if (verb == "streamGenerateContent")
    target.operation = stream_generate_content;
  else if (verb != "generateContent")
    return std::nullopt;
  const auto slash = path.rfind('/', colon);
  // cloudcode-pa.googleapis.com/v1internal:generateContent has the model in its body.
  if (slash == 0) return path.starts_with("/v1internal:") ? std::optional(target) : std::nullopt;
  if (slash == std::string_view::npos) return std::nullopt;
  const auto parent = path.substr(0, slash);
  if (!parent.ends_with("/models") && !parent.ends_with("/tunedModels")) return std::nullopt;
  target.model_in_path = percent_decoded(path.substr(slash + 1, colon - slash - 1));
  return target.model_in_path.empty() ? std::nullopt : std::optional(target);
}

}  // namespace

std::string_view name_of(Dialect dialect) noexcept {
  return dialect_names[static_cast<std::size_t>(dialect)];
}

std::optional<Dialect> dialect_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < dialect_names.size(); ++i)
    if (dialect_names[i] == name) return static_cast<Dialect>(i);
  return std::nullopt;
}

std::string_view name_of(Operation operation) noexcept {
  return operations[static_cast<std::size_t>(operation)].name;
}

Dialect dialect_of(Operation operation) noexcept {
  return operations[static_cast<std::size_t>(operation)].dialect;
}

std::optional<Target> target_of(std::string_view method, std::string_view request_target) {
  if (method != "POST") return std::nullopt;
  std::string_view whole = request_target;
  for (const auto prefix : prefixes)
    if (whole.starts_with(prefix) && whole.size() > prefix.size() && whole[prefix.size()] == '/') {
      whole.remove_prefix(prefix.size());
      break;
    }
  auto path = whole.substr(0, whole.find('?'));
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  std::optional<Target> target;
  for (const auto& row : paths)
    if (row.path == path)
      target =
          Target{.dialect = dialect_of(row.operation), .operation = row.operation, .path = {}, .model_in_path = {}};
  if (!target) target = gemini_target(path);
  if (target) target->path = whole;
  return target;
}

ModelName split_model(std::string_view name) noexcept {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == name.size()) return {{}, name};
  return {name.substr(0, slash), name.substr(slash + 1)};
}

}  // namespace sluice::dialect
