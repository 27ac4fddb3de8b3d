#include "guard/pii/name_shape.h"

#include <cstdint>
#include <iterator>

namespace sluice::guard::pii {
namespace {

constexpr std::int8_t weights[] = {
#include "guard/pii/name_shape.inc"
};
constexpr unsigned bits = 16;
static_assert(std::size(weights) == 1U << bits);
constexpr std::size_t longest = 40, shortest_group = 3, longest_group = 5;

}  // namespace

int name_shape(std::string_view folded) noexcept {
  if (folded.empty() || folded.size() > longest) return 0;
  char text[longest + 2];
  std::size_t size = 0;
  text[size++] = '^';
  for (const char c : folded) {
    if (static_cast<std::uint8_t>(c) >= 0x80) return 0;
    text[size++] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  text[size++] = '$';
  int sum = 0;
  // The groups that begin at one letter share the hash of their beginning.
  for (std::size_t at = 0; at + shortest_group <= size; ++at) {
    std::uint32_t hash = 0x811C9DC5U;
    for (std::size_t n = 1; n <= longest_group && at + n <= size; ++n) {
      hash = (hash ^ static_cast<std::uint8_t>(text[at + n - 1])) * 0x9E3779B1U;
      hash ^= hash >> 15;
      if (n >= shortest_group) sum += weights[hash >> (32 - bits)];
    }
  }
  return sum;
}

}  // namespace sluice::guard::pii
