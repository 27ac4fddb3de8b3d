// Streams come from providers. The first byte says how long the pieces are: the answer must not depend on it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dialect/usage.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::dialect;
  if (size == 0) return 0;
  const std::size_t piece = data[0] + 1U;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (const auto operation :
       {Operation::chat_completions, Operation::responses, Operation::messages, Operation::stream_generate_content}) {
    StreamWatcher whole(operation), pieces(operation);
    whole.feed(text);
    for (std::size_t at = 0; at < text.size(); at += piece) pieces.feed(text.substr(at, piece));
    if (whole.usage() != pieces.usage() || whole.end() != pieces.end() || whole.events() != pieces.events() ||
        whole.error_text() != pieces.error_text())
      std::abort();
    (void)usage_of_body(operation, text);
  }
  return 0;
}
