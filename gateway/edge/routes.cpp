#include "gateway/edge/routes.h"

#include <algorithm>
#include <array>

namespace sluice::gateway {

ApiRoute route_of(std::string_view method, std::string_view path) noexcept {
  constexpr std::array<std::string_view, 6> prefixes{"/v1", "/v1beta", "/openai", "/anthropic", "/genai", "/bedrock"};
  const bool api = std::ranges::any_of(prefixes, [path](std::string_view prefix) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
  });
  if (!api) return ApiRoute::relay;
  const bool lists = path == "/v1/models" || path == "/openai/v1/models" || path == "/anthropic/v1/models";
  return lists && method == "GET" ? ApiRoute::models : ApiRoute::inference;
}

EarlyAnswer early_answer(const http::RequestHead& head) noexcept {
  if (const auto expect = head.fields.get("expect"); expect && !http::equal_ignoring_case(*expect, "100-continue"))
    return {417, "the only expectation that is met is 100-continue"};
  if (head.wants_upgrade()) return {426, "WebSocket is not available here: use HTTP with server-sent events"};
  if (head.fields.count("host") != 1 && (head.minor_version >= 1 || head.fields.count("host") > 1))
    return {400, "a request has exactly one Host field"};
  return {};
}

}  // namespace sluice::gateway
