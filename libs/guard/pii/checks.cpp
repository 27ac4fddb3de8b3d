#include "guard/pii/checks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

namespace sluice::guard::pii {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

// FIPS 180-4; the only use is the four-byte checksum of a Bitcoin address, which guards nothing.
using Digest = std::array<std::uint8_t, 32>;

void compress(std::array<std::uint32_t, 8>& state, const std::uint8_t* block) noexcept {
  static constexpr std::array<std::uint32_t, 64> k = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  std::array<std::uint32_t, 64> w{};
  for (std::size_t i = 0; i < 16; ++i)
    w[i] = static_cast<std::uint32_t>(block[4 * i]) << 24 | static_cast<std::uint32_t>(block[4 * i + 1]) << 16 |
           static_cast<std::uint32_t>(block[4 * i + 2]) << 8 | block[4 * i + 3];
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t a = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const std::uint32_t b = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  std::array<std::uint32_t, 8> v = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t s1 = std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25);
    const std::uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
    const std::uint32_t s0 = std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22);
    const std::uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    v = {t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
  }
  for (std::size_t i = 0; i < 8; ++i) state[i] += v[i];
}

// Of at most 55 bytes: one block.
Digest sha256_short(const std::uint8_t* data, std::size_t size) noexcept {
  std::array<std::uint32_t, 8> state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> block{};
  std::memcpy(block.data(), data, size);
  block[size] = 0x80;
  block[62] = static_cast<std::uint8_t>(size * 8 >> 8);
  block[63] = static_cast<std::uint8_t>(size * 8);
  compress(state, block.data());
  Digest out{};
  for (std::size_t i = 0; i < 32; ++i) out[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

struct IbanCountry {
  std::string_view country;
  std::size_t length;
};
// SWIFT IBAN registry, release 99.
constexpr IbanCountry iban_countries[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22},
    {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27},
    {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27},
    {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28},
    {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28},
    {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22},
    {"MK", 19}, {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23},
    {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28},
    {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30}};

int number(std::string_view digits) noexcept {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

bool luhn(std::string_view digits) noexcept {
  if (!all_digits(digits)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int d = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) d = d > 4 ? 2 * d - 9 : 2 * d;
    sum += d;
  }
  return sum % 10 == 0;
}

bool verhoeff(std::string_view digits) noexcept {
  if (!all_digits(digits)) return false;
  static constexpr std::string_view product[] = {"0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
                                                 "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"};
  static constexpr std::string_view shuffle[] = {"0123456789", "1576283094", "5803796142", "8916043527",
                                                 "9453126870", "4286573901", "2793806415", "7046913258"};
  std::size_t check = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<std::size_t>(digits[digits.size() - 1 - i] - '0');
    check = static_cast<std::size_t>(product[check][static_cast<std::size_t>(shuffle[i % 8][digit] - '0')] - '0');
  }
  return check == 0;
}

bool mod97_1(std::string_view alnum) noexcept {
  unsigned rest = 0;
  for (const char c : alnum) {
    if (is_digit(c))
      rest = (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
    else if (c >= 'A' && c <= 'Z')
      rest = (rest * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97;
    else
      return false;
  }
  return rest == 1;
}

bool mod11_10(std::string_view digits) noexcept {
  if (!all_digits(digits)) return false;
  int product = 10;
  for (const char c : digits.substr(0, digits.size() - 1)) {
    const int sum = (c - '0' + product) % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  return (11 - product) % 10 == digits.back() - '0';
}

bool is_card_prefix(std::string_view digits) noexcept {
  const std::size_t n = digits.size();
  if (n < 12 || n > 19 || !all_digits(digits)) return false;
  const int p2 = number(digits.substr(0, 2)), p3 = number(digits.substr(0, 3)), p4 = number(digits.substr(0, 4));
  if (digits[0] == '4') return n == 13 || n == 16 || n == 19;                                     // Visa
  if ((p2 >= 51 && p2 <= 55) || (p4 >= 2221 && p4 <= 2720)) return n == 16;                       // Mastercard
  if (p2 == 34 || p2 == 37) return n == 15;                                                       // American Express
  if ((p3 >= 300 && p3 <= 305) || p3 == 309 || p2 == 36 || p2 == 38 || p2 == 39) return n >= 14;  // Diners Club
  if (p4 == 1800 || p4 == 2131) return n == 15;                                                   // JCB, older
  if (p4 >= 3528 && p4 <= 3589) return n >= 16;                                                   // JCB
  if (p4 == 6011 || p2 == 65 || (p3 >= 644 && p3 <= 649)) return n >= 16;                         // Discover
  if (p2 == 62 || p2 == 81) return n >= 16;                                                       // UnionPay
  if (p2 == 60 || (p4 >= 2200 && p4 <= 2204)) return n >= 16;                                     // RuPay, Mir
  if (p4 == 9792) return n == 16;                                                                 // Troy
  return p2 == 50 || (p2 >= 56 && p2 <= 59) || p2 == 61 || p2 == 63 || (p2 >= 66 && p2 <= 69);    // Maestro
}

std::optional<std::size_t> iban_length(std::string_view country) noexcept {
  for (const IbanCountry& row : iban_countries)
    if (row.country == country) return row.length;
  return std::nullopt;
}

bool is_iban(std::string_view text) noexcept {
  if (text.size() < 15 || text.size() > 34) return false;
  if (iban_length(text.substr(0, 2)) != text.size()) return false;
  if (!is_digit(text[2]) || !is_digit(text[3])) return false;
  char turned[34];
  std::memcpy(turned, text.data() + 4, text.size() - 4);
  std::memcpy(turned + text.size() - 4, text.data(), 4);
  return mod97_1(std::string_view(turned, text.size()));
}

bool is_base58check(std::string_view text) {
  static constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  if (text.size() < 26 || text.size() > 35) return false;
  std::array<std::uint8_t, 25> bytes{};
  for (const char c : text) {
    const std::size_t at = alphabet.find(c);
    if (at == std::string_view::npos) return false;
    auto carry = static_cast<unsigned>(at);
    for (std::size_t i = bytes.size(); i-- > 0;) {
      carry += 58U * bytes[i];
      bytes[i] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) return false;
  }
  if (bytes[0] != 0 && bytes[0] != 5) return false;
  const Digest once = sha256_short(bytes.data(), 21);
  const Digest twice = sha256_short(once.data(), once.size());
  return std::memcmp(twice.data(), bytes.data() + 21, 4) == 0;
}

bool is_segwit(std::string_view text) {
  static constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  if (text.size() < 14 || text.size() > 74 || (!text.starts_with("bc1") && !text.starts_with("tb1"))) return false;
  static constexpr std::uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  std::uint32_t check = 1;
  const auto add = [&](std::uint32_t value) {
    const std::uint32_t top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    for (std::size_t i = 0; i < 5; ++i)
      if ((top >> i & 1) != 0) check ^= generator[i];
  };
  for (const char c : text.substr(0, 2)) add(static_cast<std::uint32_t>(c) >> 5);
  add(0);
  for (const char c : text.substr(0, 2)) add(static_cast<std::uint32_t>(c) & 31);
  for (const char c : text.substr(3)) {
    const std::size_t at = alphabet.find(c);
    if (at == std::string_view::npos) return false;
    add(static_cast<std::uint32_t>(at));
  }
  return check == (text[3] == 'q' ? 1U : 0x2bc830a3U);
}

bool is_day(int year, int month, int day) noexcept {
  if (year < 100) year += 2000;
  if (month < 1 || month > 12 || day < 1) return false;
  static constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

}  // namespace sluice::guard::pii
