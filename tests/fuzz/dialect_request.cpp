// Bodies of requests come from every program on a device. Whatever they hold, the model's span must lie inside and
// stand for exactly the model: putting the same name there must give the same facts.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dialect/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::dialect;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  static RequestReader reader;
  for (const auto* path : {"/v1/chat/completions", "/v1/messages", "/v1beta/models/m:generateContent",
                           "/v1internal:streamGenerateContent"}) {
    const auto target = *target_of("POST", path);
    const auto facts = reader.read(target, body);
    if (!facts || !facts->model_span) continue;
    if (facts->model_span->begin >= facts->model_span->end || facts->model_span->end > size) std::abort();
    const auto same = reader.read(target, with_model(body, *facts->model_span, facts->model));
    if (!same || same->model != facts->model || same->streamed != facts->streamed) std::abort();
  }
  (void)target_of("POST", body.substr(0, 512));
  return 0;
}
