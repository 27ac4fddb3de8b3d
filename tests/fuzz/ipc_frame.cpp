// Frames must come out the same however the bytes arrive, and what comes out must encode to what went in.
#include "ipc/frame.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace sluice::ipc;

namespace {

std::string drain(FrameReader& reader, std::string& into) {
  for (;;) {
    const auto next = reader.next();
    if (!next) return "error";
    if (!*next) return "more";
    into += *encode_frame(**next);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  FrameReader whole, pieces;
  std::string from_whole, from_pieces, state = "more";
  whole.feed(bytes);
  const std::string end = drain(whole, from_whole);
  for (const char& byte : bytes) {
    pieces.feed(std::string_view(&byte, 1));
    state = drain(pieces, from_pieces);
    if (state == "error") break;
  }
  if (from_whole != from_pieces || end != state || !bytes.starts_with(from_whole)) std::abort();
  return 0;
}
