// What the two processes of the agent tell each other: each side reads what a taken-over other side may send.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/channel/channel.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::agent;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // What was taken must come out as it went in.
  if (const auto message = decode_to_privileged(text))
    if (encode(*decode_to_privileged(encode(*message))) != encode(*message)) std::abort();
  if (const auto message = decode_to_traffic(text))
    if (encode(*decode_to_traffic(encode(*message))) != encode(*message)) std::abort();
  return 0;
}
