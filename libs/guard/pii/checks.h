// Check digits and formats of numbers that name a person or an account. Pure; threads: any.
// Digits are ASCII; every function accepts any text and answers false for what is malformed.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::guard::pii {

bool luhn(std::string_view digits) noexcept;      // ISO/IEC 7812-1 annex B
bool verhoeff(std::string_view digits) noexcept;  // the dihedral scheme of Aadhaar
bool mod97_1(std::string_view alnum) noexcept;    // ISO 7064 MOD 97-10 over digits and letters (A = 10)
bool mod11_10(std::string_view digits) noexcept;  // ISO 7064 MOD 11,10

// Issuer ranges and lengths of ISO/IEC 7812 card numbers, without the check digit.
bool is_card_prefix(std::string_view digits) noexcept;

// Total length of an IBAN of this country (two upper-case letters), by the SWIFT IBAN registry.
std::optional<std::size_t> iban_length(std::string_view country) noexcept;
// `text` is the IBAN in electronic form, upper case.
bool is_iban(std::string_view text) noexcept;

bool is_base58check(std::string_view text);  // Bitcoin addresses of version 0 and 5
bool is_segwit(std::string_view text);       // BIP 173 and BIP 350, lower case, bc1 or tb1

// The checksum of an Ethereum address lies in the case of its letters (EIP-55). `digits` are the 40 hexadecimal ones
// behind "0x"; in one case there is no checksum.
enum class EthereumCase : std::uint8_t { one, checked, wrong };
EthereumCase ethereum_case(std::string_view digits) noexcept;
std::array<std::uint8_t, 32> keccak256(std::string_view text) noexcept;

// A day that the calendar has; `year` of two digits counts as 2000 + year.
bool is_day(int year, int month, int day) noexcept;

}  // namespace sluice::guard::pii
