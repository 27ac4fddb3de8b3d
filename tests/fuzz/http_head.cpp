// Heads and bodies of both roles, from one input: the first byte picks the role and the size of the pieces.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/parser.h"

namespace {

using namespace sluice;

void read_message(http::Role role, std::string_view text, std::size_t step) {
  http::Parser parser(role, 4096);
  std::string buffer;
  bool head = false;
  for (std::size_t at = 0; at < text.size(); at += step) {
    buffer.append(text.substr(at, step));
    if (!head) {
      const Result<std::size_t> taken = parser.feed_head(buffer);
      if (!taken) return;
      if (*taken > buffer.size()) std::abort();
      if (*taken == 0) continue;
      buffer.erase(0, *taken);
      head = true;
      // What was accepted can be written again, and reads the same.
      const auto again =
          role == http::Role::request ? http::serialise(parser.request()) : http::serialise(parser.response());
      if (again) {
        http::Parser second(role, 8192);
        const Result<std::size_t> same = second.feed_head(*again);
        if (!same || *same != again->size()) std::abort();
      }
    }
    while (!parser.done() && !buffer.empty()) {
      const Result<http::Parser::Piece> piece = parser.feed_body(buffer);
      if (!piece) return;
      if (piece->consumed > buffer.size() || piece->data.size() > piece->consumed) std::abort();
      if (piece->consumed == 0) break;
      buffer.erase(0, piece->consumed);
    }
  }
  static_cast<void>(parser.end_of_input());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = data[0] % 64 + 1;
  read_message(data[0] >= 128 ? http::Role::response : http::Role::request, text, step);
  return 0;
}
