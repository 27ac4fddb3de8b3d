// Keccak-256 as Ethereum uses it: the submission to the SHA-3 contest, with the padding byte 0x01 where FIPS 202 has
// 0x06. OpenSSL 3.0 knows the latter only. It guards nothing here: an address carries its checksum in the case of its
// letters (EIP-55).
#include <bit>
#include <cstdint>
#include <cstring>

#include "guard/pii/characters.h"
#include "guard/pii/checks.h"

namespace sluice::guard::pii {
namespace {

constexpr std::size_t rate = 136;  // bytes taken in between two permutations
using Lanes = std::array<std::uint64_t, 25>;

constexpr std::array<std::uint64_t, 24> round_constants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// FIPS 202 §3.2: theta, rho with pi, chi, iota. Lane (x, y) stands at x + 5 y.
void permute(Lanes& a) noexcept {
  for (const std::uint64_t constant : round_constants) {
    std::array<std::uint64_t, 5> column{};
    for (std::size_t x = 0; x < 5; ++x) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (std::size_t i = 0; i < 25; ++i) a[i] ^= column[(i + 4) % 5] ^ std::rotl(column[(i + 1) % 5], 1);
    Lanes b = a;
    std::size_t x = 1, y = 0;
    for (unsigned t = 0; t < 24; ++t) {
      const std::size_t next = (2 * x + 3 * y) % 5;
      b[y + 5 * next] = std::rotl(a[x + 5 * y], static_cast<int>((t + 1) * (t + 2) / 2 % 64));
      x = y;
      y = next;
    }
    for (std::size_t row = 0; row < 25; row += 5)
      for (std::size_t i = 0; i < 5; ++i) a[row + i] = b[row + i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
    a[0] ^= constant;
  }
}

void take_in(Lanes& state, const std::uint8_t* block) noexcept {
  for (std::size_t i = 0; i < rate; ++i) state[i / 8] ^= std::uint64_t{block[i]} << i % 8 * 8;
  permute(state);
}

}  // namespace

std::array<std::uint8_t, 32> keccak256(std::string_view text) noexcept {
  Lanes state{};
  std::array<std::uint8_t, rate> block{};
  for (; text.size() >= rate; text.remove_prefix(rate)) {
    std::memcpy(block.data(), text.data(), rate);
    take_in(state, block.data());
  }
  block.fill(0);
  std::memcpy(block.data(), text.data(), text.size());
  block[text.size()] = 0x01;
  block[rate - 1] |= 0x80;
  take_in(state, block.data());
  std::array<std::uint8_t, 32> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(state[i / 8] >> i % 8 * 8);
  return out;
}

EthereumCase ethereum_case(std::string_view digits) noexcept {
  std::array<char, 40> lowered{};
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < lowered.size(); ++i) {
    seen |= kinds[byte(digits[i])];
    lowered[i] = static_cast<char>(is_upper(digits[i]) ? digits[i] | 0x20 : digits[i]);
  }
  if ((seen & kind::upper) == 0 || (seen & kind::lower) == 0) return EthereumCase::one;
  const auto hash = keccak256({lowered.data(), lowered.size()});
  for (std::size_t i = 0; i < lowered.size(); ++i) {
    const unsigned nibble = i % 2 == 0 ? hash[i / 2] >> 4U : hash[i / 2] & 0xFU;
    if (!is_digit(lowered[i]) && (nibble >= 8) != is_upper(digits[i])) return EthereumCase::wrong;
  }
  return EthereumCase::checked;
}

}  // namespace sluice::guard::pii
