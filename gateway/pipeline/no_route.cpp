#include "gateway/pipeline/no_route.h"

#include "gateway/edge/routes.h"

namespace sluice::gateway {
namespace {

bool below(std::string_view path, std::string_view prefix) noexcept {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

dialect::Dialect dialect_of_path(std::string_view path) noexcept {
  if (const auto target = dialect::target_of("POST", path)) return target->dialect;
  if (below(path, "/anthropic") || below(path, "/v1/messages")) return dialect::Dialect::anthropic;
  if (below(path, "/genai") || below(path, "/v1beta")) return dialect::Dialect::gemini;
  return dialect::Dialect::openai;
}

NoRoute no_route(std::string_view method, std::string_view path) {
  const std::string shown(path.substr(0, 200));
  if (below(path, "/v1beta"))
    return {.status = 404,
            .code = "unknown_path",
            .message = "The Gemini API is not served at " + shown + " but below /genai: /genai" + shown};
  if (below(path, "/bedrock"))
    return {.status = 501, .code = "unsupported", .message = "The Bedrock API is not served in this release"};
  const bool models = route_of("GET", path) == ApiRoute::models;
  if (models || dialect::target_of("POST", path))
    return {.status = 405,
            .code = "method_not_allowed",
            .allow = models ? "GET" : "POST",
            .message = std::string(method) + " is not possible at " + shown + "; use " + (models ? "GET" : "POST")};
  return {.status = 404, .code = "unknown_path", .message = "There is no " + std::string(method) + " " + shown};
}

}  // namespace sluice::gateway
