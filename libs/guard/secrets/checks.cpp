#include "guard/secrets/checks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/encoding.h"
#include "guard/entropy.h"

namespace sluice::guard {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_alnum(char c) {
  return is_digit(c) || is_upper(c) || is_lower(c);
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (is_upper(c)) c = static_cast<char>(c + 32);
  return out;
}

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
    table[i] = value;
  }
  return table;
}

std::uint32_t crc32(std::string_view text) {
  static constexpr auto table = crc_table();
  std::uint32_t value = 0xFFFFFFFFU;
  for (const char c : text) value = table[(value ^ static_cast<unsigned char>(c)) & 0xFF] ^ (value >> 8);
  return ~value;
}

// "ghp_" + 30 random characters + 6 of the CRC-32 of those 30, in base 62 with leading zeros
// (github.blog, "Behind GitHub's new authentication token formats").
bool github_checksum_holds(std::string_view token) {
  const auto underscore = token.rfind('_');
  const std::string_view body = underscore == std::string_view::npos ? token : token.substr(underscore + 1);
  if (body.size() != 36) return true;  // another length has another layout
  constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::uint32_t rest = crc32(body.substr(0, 30));
  std::array<char, 6> expected{};
  for (std::size_t i = 6; i-- > 0; rest /= 62) expected[i] = digits[rest % 62];
  return body.substr(30) == std::string_view(expected.data(), 6);
}

bool is_json_object(std::string_view part, std::string_view member) {
  const Result<std::string> text = from_base64url(part);
  return text && text->starts_with('{') && text->ends_with('}') && text->find(member) != std::string::npos;
}

bool is_jwt(std::string_view token) {
  const auto first = token.find('.');
  const auto second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return false;
  return is_json_object(token.substr(0, first), "\"alg\"") &&
         is_json_object(token.substr(first + 1, second - first - 1), "");
}

// Characters in runs of four letters and more that read like words: with vowels at ordinary distances.
std::size_t word_characters(std::string_view text) {
  std::size_t total = 0, run = 0, since_vowel = 0;
  const auto close = [&] {
    if (run >= 4) total += run;
    run = since_vowel = 0;
  };
  for (const char c : text) {
    const char l = is_upper(c) ? static_cast<char>(c + 32) : c;
    const bool vowel = std::string_view("aeiouy").find(l) != std::string_view::npos;
    since_vowel = vowel ? 0 : since_vowel + 1;
    if (is_lower(l) && since_vowel <= 3)
      ++run;
    else
      close();
  }
  close();
  return total;
}

// A value of a generic assignment: random enough to be a credential, unlike names, paths, versions, hosts and prose.
bool is_mixed(std::string_view value) {
  const auto digits = std::ranges::count_if(value, is_digit);
  const auto letters = std::ranges::count_if(value, [](char c) { return is_upper(c) || is_lower(c); });
  if (digits < 2 || letters < 2) return false;
  if (value.find("://") != std::string_view::npos || value.starts_with('/') || value.starts_with("./")) return false;
  if (value.find('(') != std::string_view::npos || value.find('{') != std::string_view::npos) return false;
  const auto separators =
      std::ranges::count_if(value, [](char c) { return c == '-' || c == '_' || c == '.' || c == '/'; });
  if (separators * 4 > static_cast<std::ptrdiff_t>(value.size())) return false;
  if (word_characters(value) * 2 >= value.size()) return false;
  // Changes between kinds of characters: "a8Kx2…" has many, "release20240101" one.
  std::size_t changes = 0;
  const auto kind = [](char c) { return is_digit(c) ? 0 : is_upper(c) ? 1 : is_lower(c) ? 2 : 3; };
  for (std::size_t i = 1; i < value.size(); ++i) changes += kind(value[i]) != kind(value[i - 1]) ? 1U : 0U;
  return changes * 5 >= value.size();
}

bool is_real_password(std::string_view password) {
  if (password.size() < 3) return false;
  const std::string low = lowered(password);
  for (const std::string_view common : {"password", "passwd", "pass", "secret", "pwd", "user", "changeme", "token",
                                        "null", "root", "admin", "guest", "test", "postgres", "localhost"})
    if (low == common) return false;
  return password.find_first_of("${}<>[]%*") == std::string_view::npos || password.size() > 24;
}

bool is_sequence(std::string_view text) {
  std::size_t steps = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const int step = text[i] - text[i - 1];
    steps += step == 1 || step == -1 || step == 0 ||
                     (text[i - 1] == '9' && (text[i] == '0' || text[i] == 'a' || text[i] == 'A'))
                 ? 1U
                 : 0U;
  }
  return text.size() >= 8 && steps * 10 >= (text.size() - 1) * 8;
}

}  // namespace

bool passes(SecretCheck check, std::string_view secret) noexcept {
  switch (check) {
    case SecretCheck::none:
      return true;
    case SecretCheck::github_crc:
      return github_checksum_holds(secret);
    case SecretCheck::jwt:
      return is_jwt(secret);
    case SecretCheck::digits:
      return std::ranges::count_if(secret, is_digit) >= 2;
    case SecretCheck::mixed:
      return is_mixed(secret);
    case SecretCheck::url_password:
      return is_real_password(secret);
  }
  return true;
}

bool is_placeholder(std::string_view secret) noexcept {
  if (secret.empty()) return true;
  const std::string low = lowered(secret);
  for (const std::string_view word :
       {"example",  "placeholder", "your-",     "your_",   "yourapi", "yourkey",  "yourtoken",
        "changeme", "change-me",   "change_me", "insert-", "insert_", "replace",  "redacted",
        "dummy",    "xxxxx",       "<your",     "sample",  "notreal", "not-real", "fake"})
    if (low.find(word) != std::string::npos) return true;
  if (secret.front() == '<' && secret.back() == '>') return true;
  if (secret.starts_with("${") || secret.starts_with("{{") || secret.starts_with("$(") || secret.starts_with("%("))
    return true;
  // The random part decides: a prefix like "sk-ant-api03-" says nothing.
  std::string_view tail = secret;
  for (std::size_t i = 0; i + 1 < secret.size() && i < 24; ++i)
    if (!is_alnum(secret[i])) tail = secret.substr(i + 1);
  if (tail.size() < 16) tail = secret;
  const double bits = entropy(tail);
  return bits < 1.5 || (tail.size() >= 16 && bits < 2.0) || is_sequence(tail);
}

}  // namespace sluice::guard
