// Sources: the issuing authorities' published descriptions (SSA, HMRC NIM39110, BZSt, INSEE, Ministerio del Interior,
// Agenzia delle Entrate DM 23/12/1976, RvIG, RRN/BIS, MSWiA, Skatteverket SKV 704, Skatteetaten, CPR-kontoret, DVV,
// AT Portugal, Receita Federal, ESDC, ATO, UIDAI, GB 11643-1999, MOIS, MIC Ordinance 85 of 2014, NVI, ZAS, …).
#include "guard/pii/national_ids.h"

#include <algorithm>
#include <cstdint>

#include "guard/pii/checks.h"

namespace sluice::guard::pii {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
int at(std::string_view s, std::size_t i) noexcept {
  return s[i] - '0';
}
int two(std::string_view s, std::size_t i) noexcept {
  return at(s, i) * 10 + at(s, i + 1);
}
std::int64_t number(std::string_view s) noexcept {
  std::int64_t value = 0;
  for (const char c : s) value = value * 10 + (c - '0');
  return value;
}
template <std::size_t N>
int weighted(std::string_view s, const int (&weights)[N]) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < N; ++i) sum += weights[i] * at(s, i);
  return sum;
}
bool one_digit_only(std::string_view s) noexcept {
  return s.find_first_not_of(s[0]) == std::string_view::npos;
}

bool us_ssn(std::string_view d) noexcept {
  const auto area = number(d.substr(0, 3));
  return area != 0 && area != 666 && area < 900 && two(d, 3) != 0 && number(d.substr(5)) != 0;
}
bool us_itin(std::string_view d) noexcept {
  const int group = two(d, 3);
  return d[0] == '9' && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group != 93));
}
// Of the first ten digits one comes twice or three times, the others at most once.
bool de_tax_id(std::string_view d) noexcept {
  if (d[0] == '0' || !mod11_10(d)) return false;
  int counts[10] = {};
  for (const char c : d.substr(0, 10)) ++counts[c - '0'];
  int repeated = 0;
  for (const int count : counts) {
    if (count > 3) return false;
    if (count > 1) ++repeated;
  }
  return repeated == 1;
}
bool fr_nir(std::string_view d, std::int64_t first13) noexcept {
  const int month = two(d, 3);
  const bool month_ok = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return (d[0] == '1' || d[0] == '2') && month_ok && 97 - first13 % 97 == number(d.substr(13, 2));
}
bool nl_bsn(std::string_view d) noexcept {
  return number(d) >= 10'000'000 && weighted(d, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0;
}
bool be_nrn(std::string_view d) noexcept {
  const int month = two(d, 2) % 20, day = two(d, 4);
  if (month > 12 || day > 31) return false;
  const auto body = number(d.substr(0, 9));
  const auto check = number(d.substr(9, 2));
  return 97 - body % 97 == check || 97 - (2'000'000'000 + body) % 97 == check;
}
bool pl_pesel(std::string_view d) noexcept {
  const int month = two(d, 2);
  if (!is_day(2000, month % 20, two(d, 4)) || month > 92) return false;
  return weighted(d, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1}) % 10 == 0;
}
bool se_personnummer(std::string_view d) noexcept {  // ten digits
  const int day = two(d, 4);
  return is_day(2000, two(d, 2), day > 60 ? day - 60 : day) && luhn(d);
}
bool no_fnr(std::string_view d) noexcept {
  const int day = two(d, 0), month = two(d, 2);
  if (!is_day(2000, month > 40 ? month - 40 : month, day > 40 ? day - 40 : day)) return false;
  return weighted(d, {3, 7, 6, 1, 8, 9, 4, 5, 2, 1}) % 11 == 0 &&
         weighted(d, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}
bool dk_day(std::string_view d) noexcept {
  return is_day(2000, two(d, 2), two(d, 0));
}
bool dk_check(std::string_view d) noexcept {
  return weighted(d, {4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}
bool pt_nif(std::string_view d) noexcept {
  if (d[0] == '0' || d[0] == '4') return false;
  const int rest = weighted(d, {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return at(d, 8) == (rest < 2 ? 0 : 11 - rest);
}
bool br_cpf(std::string_view d) noexcept {
  if (one_digit_only(d)) return false;
  const int first = weighted(d, {10, 9, 8, 7, 6, 5, 4, 3, 2}) * 10 % 11 % 10;
  const int second = weighted(d, {11, 10, 9, 8, 7, 6, 5, 4, 3, 2}) * 10 % 11 % 10;
  return first == at(d, 9) && second == at(d, 10);
}
bool au_tfn(std::string_view d) noexcept {
  return weighted(d, {1, 4, 3, 7, 5, 8, 6, 9, 10}) % 11 == 0;
}
bool cn_id(std::string_view first17, char check) noexcept {
  if (!is_day(static_cast<int>(number(first17.substr(6, 4))), two(first17, 10), two(first17, 12))) return false;
  const int rest = weighted(first17, {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}) % 11;
  return "10X98765432"[rest] == check;
}
// The check digit is kept by numbers given out before October 2020.
bool kr_day(std::string_view d) noexcept {
  return d[6] >= '1' && d[6] <= '8' && is_day(2000, two(d, 2), two(d, 4));
}
bool kr_check(std::string_view d) noexcept {
  return (11 - weighted(d, {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5}) % 11) % 10 == at(d, 12);
}
bool jp_my_number(std::string_view d) noexcept {
  const int rest = weighted(d, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  return at(d, 11) == (rest < 2 ? 0 : 11 - rest);
}
bool tr_id(std::string_view d) noexcept {
  if (d[0] == '0') return false;
  const int odd = at(d, 0) + at(d, 2) + at(d, 4) + at(d, 6) + at(d, 8);
  const int even = at(d, 1) + at(d, 3) + at(d, 5) + at(d, 7);
  return (odd * 7 - even + 100) % 10 == at(d, 9) && (odd + even + at(d, 9)) % 10 == at(d, 10);
}
bool ean13(std::string_view d) noexcept {
  return weighted(d, {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1}) % 10 == 0;
}
bool ro_cnp(std::string_view d) noexcept {
  if (d[0] == '0' || !is_day(2000, two(d, 3), two(d, 5))) return false;
  const int rest = weighted(d, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
  return at(d, 12) == (rest == 10 ? 1 : rest);
}
bool cz_rc(std::string_view d) noexcept {
  int month = two(d, 2) % 50;
  if (month > 20) month -= 20;
  if (!is_day(2000, month, two(d, 4))) return false;
  const auto rest = number(d.substr(0, 9)) % 11;
  return rest % 10 == at(d, 9);
}
bool baltic_code(std::string_view d) noexcept {  // Estonia, Lithuania
  if (d[0] < '1' || d[0] > '8' || !is_day(2000, two(d, 3), two(d, 5))) return false;
  int rest = weighted(d, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}) % 11;
  if (rest == 10) rest = weighted(d, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3}) % 11 % 10;
  return rest == at(d, 10);
}
bool bg_egn(std::string_view d) noexcept {
  const int month = two(d, 2) % 20;
  return is_day(2000, month, two(d, 4)) && weighted(d, {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10 == at(d, 9);
}
bool za_id(std::string_view d) noexcept {
  return is_day(2000, two(d, 2), two(d, 4)) && d[10] <= '2' && luhn(d);
}
bool th_id(std::string_view d) noexcept {
  return d[0] != '0' && (11 - weighted(d, {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11) % 10 == at(d, 12);
}

void nine_digits(std::string_view d, std::string_view shape, IdMatches& out) {
  const bool bare = shape == "9";
  if (us_ssn(d)) {
    if (shape == "3-2-4") out.add("us_ssn", 0.6F);
    if (shape == "3 2 4") out.add("us_ssn", 0.45F);
    if (bare) out.add("us_ssn", 0.15F);
  }
  if (us_itin(d) && (shape == "3-2-4" || bare)) out.add("us_itin", bare ? 0.15F : 0.55F);
  const bool threes = shape == "3-3-3" || shape == "3 3 3";
  if ((bare || threes || shape == "4.2.3" || shape == "4 2 3") && nl_bsn(d)) out.add("nl_bsn", 0.25F);
  if ((bare || threes) && pt_nif(d)) out.add("pt_nif", 0.2F);
  if ((bare || threes) && d[0] != '0' && d[0] != '8' && luhn(d)) out.add("ca_sin", threes ? 0.4F : 0.2F);
  if ((bare || threes) && au_tfn(d)) out.add("au_tfn", 0.25F);
  if (bare && luhn(d)) out.add("il_id", 0.15F);
}

void ten_digits(std::string_view d, std::string_view shape, IdMatches& out) {
  const bool dashed = shape == "6-4", bare = shape == "10";
  if ((dashed || bare) && se_personnummer(d)) out.add("se_personnummer", dashed ? 0.6F : 0.35F);
  if ((dashed || bare) && dk_day(d)) out.add("dk_cpr", (dashed ? 0.4F : 0.15F) + (dk_check(d) ? 0.15F : 0));
  if ((shape == "6/4" || bare) && cz_rc(d)) out.add("cz_sk_rc", bare ? 0.3F : 0.65F);
  if (bare && bg_egn(d)) out.add("bg_egn", 0.35F);
}

void eleven_digits(std::string_view d, std::string_view shape, IdMatches& out) {
  const bool bare = shape == "11";
  if ((bare || shape == "2 3 3 3") && de_tax_id(d)) out.add("de_tax_id", bare ? 0.45F : 0.6F);
  if ((bare || shape == "2.2.2-3.2" || shape == "6-3-2" || shape == "2.2.2-3-2") && be_nrn(d))
    out.add("be_nrn", bare ? 0.55F : 0.85F);
  if (bare && pl_pesel(d)) out.add("pl_pesel", 0.5F);
  if ((bare || shape == "6 5") && no_fnr(d)) out.add("no_fnr", 0.65F);
  if ((bare || shape == "3.3.3-2") && br_cpf(d)) out.add("br_cpf", bare ? 0.5F : 0.9F);
  if (bare && tr_id(d)) out.add("tr_id", 0.5F);
  if (bare && baltic_code(d)) out.add("ee_lt_code", 0.45F);
  if (bare && mod11_10(d)) out.add("hr_oib", 0.2F);
}

void thirteen_digits(std::string_view d, std::string_view shape, IdMatches& out) {
  const bool bare = shape == "13";
  if ((shape == "6-7" || bare) && kr_day(d))
    if (!bare || kr_check(d)) out.add("kr_rrn", (bare ? 0.35F : 0.5F) + (kr_check(d) ? 0.15F : 0));
  if ((bare || shape == "3.4.4.2") && d.starts_with("756") && ean13(d)) out.add("ch_ahv", bare ? 0.6F : 0.9F);
  if (bare && ro_cnp(d)) out.add("ro_cnp", 0.45F);
  if ((bare || shape == "6 4 3" || shape == "6 4 2 1") && za_id(d)) out.add("za_id", 0.5F);
  if ((bare || shape == "1-4-5-2-1") && th_id(d)) out.add("th_id", bare ? 0.3F : 0.8F);
}

constexpr std::string_view dni_letters = "TRWAGMYFPDXBNJZSQVHLCKE";

bool uk_nino(std::string_view t) noexcept {
  if (t.size() != 9 || !is_upper(t[0]) || !is_upper(t[1]) || t[8] < 'A' || t[8] > 'D') return false;
  if (!std::ranges::all_of(t.substr(2, 6), is_digit)) return false;
  constexpr std::string_view never = "DFIQUV";
  if (never.contains(t[0]) || never.contains(t[1]) || t[1] == 'O') return false;
  for (const std::string_view pair : {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
    if (t.starts_with(pair)) return false;
  return true;
}
bool es_dni_nie(std::string_view t) noexcept {
  if (t.size() != 9 || !std::ranges::all_of(t.substr(1, 7), is_digit)) return false;
  std::int64_t body = number(t.substr(1, 7));
  if (is_digit(t[0]))
    body += 10'000'000 * at(t, 0);
  else if (t[0] >= 'X' && t[0] <= 'Z')
    body += 10'000'000 * (t[0] - 'X');
  else
    return false;
  return dni_letters[static_cast<std::size_t>(body % 23)] == t[8];
}
bool it_cf(std::string_view t) noexcept {
  if (t.size() != 16 || !std::ranges::all_of(t.substr(0, 6), is_upper)) return false;
  if (!std::string_view("ABCDEHLMPRST").contains(t[8]) || !is_upper(t[11]) || !is_upper(t[15])) return false;
  static constexpr int odd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  int sum = 0;
  for (std::size_t i = 0; i < 15; ++i) {
    if (!is_digit(t[i]) && !is_upper(t[i])) return false;
    const int value = is_digit(t[i]) ? t[i] - '0' : t[i] - 'A';
    sum += i % 2 == 0 ? odd[value] : value;
  }
  return 'A' + sum % 26 == t[15];
}
// DDMMYY, a sign of the century, three digits, a check character.
bool fi_hetu(std::string_view t) noexcept {
  if (t.size() != 11 || !std::string_view("+-ABCDEFYXWVU").contains(t[6])) return false;
  if (!std::ranges::all_of(t.substr(0, 6), is_digit) || !std::ranges::all_of(t.substr(7, 3), is_digit)) return false;
  if (!is_day(2000, two(t, 2), two(t, 0))) return false;
  const auto rest = static_cast<std::size_t>((number(t.substr(0, 6)) * 1000 + number(t.substr(7, 3))) % 31);
  return "0123456789ABCDEFHJKLMNPRSTUVWXY"[rest] == t[10];
}
bool sg_nric(std::string_view t) noexcept {
  if (t.size() != 9 || !std::string_view("STFGM").contains(t[0]) || !std::ranges::all_of(t.substr(1, 7), is_digit))
    return false;
  int sum = weighted(t.substr(1), {2, 7, 6, 5, 4, 3, 2});
  if (t[0] == 'T' || t[0] == 'G') sum += 4;
  if (t[0] == 'M') sum += 3;
  const auto rest = static_cast<std::size_t>(sum % 11);
  if (t[0] == 'S' || t[0] == 'T') return "JZIHGFEDCBA"[rest] == t[8];
  return t[0] == 'M' ? "KLJNPQRTUWX"[10 - rest] == t[8] : "XWUTRQPNMLK"[rest] == t[8];
}
bool mx_curp(std::string_view t) noexcept {
  if (t.size() != 18 || !std::ranges::all_of(t.substr(0, 4), is_upper)) return false;
  if (!std::ranges::all_of(t.substr(4, 6), is_digit) || !is_day(2000, two(t, 6), two(t, 8))) return false;
  if ((t[10] != 'H' && t[10] != 'M' && t[10] != 'X') || !std::ranges::all_of(t.substr(11, 5), is_upper)) return false;
  if (!is_digit(t[17])) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    // The alphabet of the check digit holds Ñ between N and O.
    const int value = is_digit(t[i]) ? t[i] - '0' : t[i] - 'A' + 10 + (t[i] > 'N' ? 1 : 0);
    sum += value * static_cast<int>(18 - i);
  }
  return (10 - sum % 10) % 10 == at(t, 17);
}

}  // namespace

IdMatches digit_ids(std::string_view d, std::string_view shape) {
  IdMatches out;
  if (d.empty() || one_digit_only(d)) return out;
  switch (d.size()) {
    case 9:
      nine_digits(d, shape, out);
      break;
    case 10:
      ten_digits(d, shape, out);
      break;
    case 11:
      eleven_digits(d, shape, out);
      break;
    case 12:
      if ((shape == "8-4" || shape == "12") && (d.starts_with("19") || d.starts_with("20")) &&
          se_personnummer(d.substr(2)))
        out.add("se_personnummer", 0.6F);
      if ((shape == "4 4 4" || shape == "4-4-4" || shape == "12") && d[0] >= '2' && verhoeff(d))
        out.add("in_aadhaar", shape == "12" ? 0.4F : 0.6F);
      if ((shape == "12" || shape == "4 4 4" || shape == "4-4-4") && jp_my_number(d)) out.add("jp_my_number", 0.25F);
      break;
    case 13:
      thirteen_digits(d, shape, out);
      break;
    case 15:
      if (fr_nir(d, number(d.substr(0, 13)))) out.add("fr_nir", shape == "15" ? 0.75F : 0.9F);
      break;
    case 18:
      if (shape == "18" && cn_id(d.substr(0, 17), d[17])) out.add("cn_id", 0.95F);
      break;
    default:
      break;
  }
  return out;
}

IdMatches letter_ids(std::string_view t, std::string_view raw) {
  IdMatches out;
  if (uk_nino(t)) out.add("uk_nino", 0.75F);
  if (es_dni_nie(t)) out.add(is_digit(t[0]) ? "es_dni" : "es_nie", 0.7F);
  if (it_cf(t)) out.add("it_cf", 0.95F);
  if (fi_hetu(raw)) out.add("fi_hetu", 0.85F);
  if (sg_nric(t)) out.add("sg_nric", 0.7F);
  if (mx_curp(t)) out.add("mx_curp", 0.9F);
  if (t.size() == 18 && t[17] == 'X' && std::ranges::all_of(t.substr(0, 17), is_digit) && cn_id(t.substr(0, 17), 'X'))
    out.add("cn_id", 0.95F);
  // Corsica: 2A and 2B stand for 19 and 18 in the key.
  if (t.size() == 15 && t[5] == '2' && (t[6] == 'A' || t[6] == 'B') && std::ranges::all_of(t.substr(0, 6), is_digit) &&
      std::ranges::all_of(t.substr(7), is_digit)) {
    const std::int64_t body =
        number(t.substr(0, 5)) * 100'000'000 + (t[6] == 'A' ? 19 : 18) * 1'000'000 + number(t.substr(7, 6));
    if (fr_nir(t, body)) out.add("fr_nir", 0.9F);
  }
  return out;
}

}  // namespace sluice::guard::pii
