#include "base/ids.h"

#include <sys/random.h>

#include <array>
#include <chrono>
#include <cstdint>

#include "base/random.h"

namespace sluice {
namespace {

// A small per-thread pool spares a system call per id.
void take_random(unsigned char* out, std::size_t count) {
  thread_local std::string pool;
  thread_local std::size_t used = 0;
  if (pool.size() < used + count) {
    pool = random_bytes(640);
    used = 0;
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<unsigned char>(pool[used + i]);
  used += count;
}

}  // namespace

std::string new_id_text(std::string_view prefix) {
  using namespace std::chrono;
  const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  std::array<unsigned char, 16> raw{};
  for (int i = 0; i < 6; ++i) raw[static_cast<std::size_t>(i)] = static_cast<unsigned char>(now >> (40 - 8 * i));
  take_random(raw.data() + 6, 10);

  constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string out;
  out.reserve(prefix.size() + 27);
  out.append(prefix).push_back('_');
  // 128 bits as 26 base32 digits: the first holds the top 3 bits.
  std::uint32_t bits = 0;
  int have = 2;  // two leading zero bits make 130
  for (unsigned char byte : raw) {
    bits = bits << 8 | byte;
    have += 8;
    while (have >= 5) {
      have -= 5;
      out.push_back(digits[bits >> have & 31]);
    }
  }
  return out;
}

}  // namespace sluice
