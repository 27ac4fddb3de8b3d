// What a request to the API listener is for. Pure.
#pragma once
#include <cstdint>
#include <string_view>

#include "http/message.h"

namespace sluice::gateway {

enum class ApiRoute : std::uint8_t {
  inference,  // the pipeline; unknown paths below the API prefixes too: it answers 404 in their dialect
  models,     // GET /v1/models, and under a prefix
  relay,      // /api, the web console: only with admin_relay
};
// /v1, /v1beta, /openai, /anthropic, /genai and /bedrock are the API's; everything else is the console's.
ApiRoute route_of(std::string_view method, std::string_view path) noexcept;

// What the edge answers before anything is read: 417 for an expectation other than 100-continue (RFC 9110 §10.1.1), 426
// for a protocol upgrade (Codex falls back to POST at once), 400 when there is no single Host.
struct EarlyAnswer {
  int status = 0;  // 0: none, go on
  std::string_view message;
};
EarlyAnswer early_answer(const http::RequestHead& head) noexcept;

}  // namespace sluice::gateway
