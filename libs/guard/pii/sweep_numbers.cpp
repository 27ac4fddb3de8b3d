// Numbers: digit runs joined by single separators are tried as cards, phones, identity numbers, dates and addresses
// of hosts; tokens of letters and digits as IBANs, identity numbers and addresses of coins.
#include <algorithm>
#include <cstdint>
#include <optional>

#include "guard/pii/characters.h"
#include "guard/pii/checks.h"
#include "guard/pii/national_ids.h"
#include "guard/pii/sweep.h"

namespace sluice::guard::pii {
namespace {

constexpr std::size_t most_groups = 12;
constexpr std::size_t most_digits = 20;

bool is_alpha(char c) noexcept {
  return is_upper(c) || is_lower(c);
}
bool is_alnum(char c) noexcept {
  return is_ascii_word(c);
}
char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
int value(std::string_view digits) noexcept {
  int v = 0;
  for (const char c : digits) v = v * 10 + (c - '0');
  return v;
}

// The sizes of a number's groups as text, "3-2-4". Two digits and a separator a group at most.
class Short {
 public:
  void add(char c) { bytes_[size_++] = c; }
  void add(std::size_t number) {
    if (number >= 10) add(static_cast<char>('0' + number / 10));
    add(static_cast<char>('0' + number % 10));
  }
  [[nodiscard]] std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 3 * most_groups> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace

// A run of digit groups.
struct Sweep::Number {
  std::array<Group, most_groups> groups;
  std::size_t count = 0;
  bool plus = false;
  bool parenthesis = false;   // "(" stands in front
  std::size_t outer = 0;      // where "+" or "(" stands, else the first digit
  std::size_t extension = 0;  // end of "x1234", 0 when there is none
  bool decimal = false;       // part of 1,234 or 0.5 or a price
  // Looked up when the number could be something, which most numbers could not.
  mutable std::optional<Flags> context{};
};

Flags Sweep::context_of(const Number& n) const {
  if (!n.context) n.context = near(tables_.lexicon, text_, n.outer, n.groups[n.count - 1].end);
  return *n.context;
}

void Sweep::add(std::string_view rule, std::string_view type, std::size_t start, std::size_t end, float score) {
  findings_.push_back(
      {Detector::pii, rule, type, static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), score, false});
}

std::size_t Sweep::number(std::size_t start) {
  Number n;
  n.outer = start;
  std::size_t at = start;
  char before = 0;
  while (n.count < most_groups && at < text_.size() && is_digit(text_[at])) {
    Group group{at, at, before};
    while (at < text_.size() && is_digit(text_[at])) ++at;
    group.end = at;
    if (group.end - group.start > most_digits) break;
    if (at < text_.size() && (is_alpha(text_[at]) || text_[at] == '_')) {
      // 2000-04-16T11:34 ends a date, 555-1234x12 has an extension, everything else is not a number.
      std::size_t end = at + 1;
      while (end < text_.size() && is_digit(text_[end]) && end < at + 7) ++end;
      const bool whole = end == text_.size() || !is_alnum(text_[end]);
      if (upper(text_[at]) == 'T' && n.count == 2 && end > at + 1) {
        n.groups[n.count++] = group;
      } else if (upper(text_[at]) == 'X' && end > at + 1 && whole && (n.count > 0 || at - group.start >= 7)) {
        n.groups[n.count++] = group;
        n.extension = end;
        at = end;
      } else {
        at = group.start;
      }
      break;
    }
    n.groups[n.count++] = group;
    std::size_t next = at;
    char separator = 0;
    while (next < text_.size() && next < at + 3) {
      const char c = text_[next];
      if (c == '(' || c == ')')
        separator = 'p';
      else if (c == '-' || c == '.' || c == '/')
        separator = separator == 'p' ? 'p' : (separator == 0 || separator == ' ' ? c : '?');
      else if (c == ' ')
        separator = separator == 0 ? ' ' : separator;
      else
        break;
      ++next;
    }
    if (separator == 0 || separator == '?' || next >= text_.size() || !is_digit(text_[next])) break;
    before = separator;
    at = next;
  }
  std::size_t consumed = at;
  if (n.count == 0) {
    while (consumed < text_.size() && is_alnum(text_[consumed])) ++consumed;
    return std::max(consumed, start + 1);
  }
  // Up to five digits alone are a count, a year or a code: the usual case, left at once.
  if (n.count == 1 && n.groups[0].end - n.groups[0].start < 6) return std::max(consumed, n.groups[0].end);
  std::size_t front = start;
  if (front > done_ && text_[front - 1] == '(') {
    n.parenthesis = true;
    n.outer = --front;
  }
  if (front > done_ && text_[front - 1] == '+') {
    n.plus = true;
    n.outer = --front;
  }
  if (front > 0) {
    const char c = text_[front - 1];
    n.decimal = c == '$' || (front > 1 && (c == ',' || c == '.') && is_digit(text_[front - 2]));
  }
  const std::size_t last_end = n.groups[n.count - 1].end;
  if (last_end + 1 < text_.size() && text_[last_end] == ',' && is_digit(text_[last_end + 1])) n.decimal = true;

  for (std::size_t first = 0; first < n.count;) {
    std::size_t last = n.count;
    while (last > first && !number_between(n, first, last - 1)) --last;
    first = last > first ? last : first + 1;
  }
  return std::max(consumed, last_end);
}

bool Sweep::address_of_host(const Number& n, std::size_t first, std::size_t last, float& score) const {
  if (last - first != 3) return false;
  bool tiny = true;
  for (std::size_t i = first; i <= last; ++i) {
    const std::string_view octet = slice(n.groups[i].start, n.groups[i].end);
    if (octet.size() > 3 || value(octet) > 255 || (octet.size() > 1 && octet[0] == '0')) return false;
    if (i > first && n.groups[i].before != '.') return false;
    if (i > first && n.groups[i].start != n.groups[i - 1].end + 1) return false;
    if (octet.size() > 1) tiny = false;
  }
  if ((last + 1 < n.count && n.groups[last + 1].before == '.') || (first > 0 && n.groups[first].before == '.'))
    return false;
  score = tiny ? 0.5F : 0.85F;
  if ((context_of(n) & flag::near_machine) != 0 && (context_of(n) & flag::near_ip) == 0) score -= 0.3F;
  return true;
}

// Tries the groups first to last as one number; true when something was found that uses them up.
bool Sweep::number_between(const Number& n, std::size_t first, std::size_t last) {
  std::array<char, most_digits> digits_buffer{};
  Short shape, sizes;
  std::size_t count = 0;
  std::size_t separators = 0;
  bool slash = false, dot = false;
  for (std::size_t i = first; i <= last; ++i) {
    const std::string_view group = slice(n.groups[i].start, n.groups[i].end);
    if (count + group.size() > most_digits) return false;
    std::ranges::copy(group, digits_buffer.begin() + static_cast<std::ptrdiff_t>(count));
    count += group.size();
    if (i > first) {
      ++separators;
      shape.add(n.groups[i].before);
      sizes.add(' ');
      slash = slash || n.groups[i].before == '/';
      dot = dot || n.groups[i].before == '.';
    }
    shape.add(group.size());
    sizes.add(group.size());
  }
  const std::string_view digits(digits_buffer.data(), count);
  const std::size_t start = n.groups[first].start, end = n.groups[last].end;
  if (count < 4) return false;
  const std::size_t before = findings_.size();
  float best = 0;
  const auto found = [&](std::string_view rule, std::string_view type, std::size_t from, std::size_t to, float score) {
    if (n.decimal) score -= 0.3F;
    if (score <= 0) return;
    add(rule, type, from, to, score);
    best = std::max(best, score);
  };

  float score = 0;
  if (address_of_host(n, first, last, score)) {
    found("ipv4", "ip", start, end, score);
    return true;
  }
  if (last - first == 2 && n.groups[first + 1].before == n.groups[last].before && n.groups[last].before != ' ' &&
      n.groups[last].before != 'p') {
    const int a = count <= 8 ? value(slice(n.groups[first].start, n.groups[first].end)) : 0;
    const int b = count <= 8 ? value(slice(n.groups[first + 1].start, n.groups[first + 1].end)) : 0;
    const int c = count <= 8 ? value(slice(n.groups[last].start, n.groups[last].end)) : 0;
    const std::size_t sa = n.groups[first].end - n.groups[first].start,
                      sb = n.groups[first + 1].end - n.groups[first + 1].start;
    const std::size_t sc = n.groups[last].end - n.groups[last].start;
    const bool ymd = sa == 4 && sb <= 2 && sc <= 2 && a >= 1000 && a < 2200 && is_day(a, b, c);
    const bool other = sa <= 2 && sb <= 2 && (sc == 4 || sc == 2) && (sc == 2 || (c >= 1000 && c < 2200)) &&
                       (is_day(c, b, a) || is_day(c, a, b));
    if (ymd || other) {
      const bool birth = (context_of(n) & flag::near_birth) != 0;
      if (birth)
        found("date_of_birth", "date_of_birth", start, end, 0.85F);
      else
        found("date", "date", start, end, sc == 4 || ymd ? 0.6F : 0.35F);
      return true;
    }
  }
  // A decimal fraction, a time or a short count: nothing below begins with less than six digits.
  if (count < 6) return false;
  const Flags context = context_of(n);
  const float boost = 0.35F;
  const float machine = (context & flag::near_machine) != 0 ? 0.2F : 0;

  if (count >= 12 && count <= 19 && !n.plus && luhn(digits)) {
    // A number of no known issuer needs a word beside it: one in ten passes Luhn.
    const bool issued = is_card_prefix(digits);
    const bool grouped = shape.text() == "4 4 4 4" || shape.text() == "4-4-4-4" || shape.text() == "4 6 5" ||
                         shape.text() == "4-6-5" || shape.text() == "4 4 4 4 3" || shape.text() == "4 6 4" ||
                         shape.text() == "4-6-4";
    if (separators == 0 || grouped) {
      float s = !issued ? 0.2F : grouped ? 0.85F : count >= 15 ? 0.65F : 0.35F;
      if ((context & flag::near_card) != 0)
        s = std::min(1.0F, s + boost);
      else if (s < 0.7F)
        s -= machine;
      found("credit_card", "credit_card", start, end, s);
    }
  }
  const bool id_near = (context & flag::near_id) != 0;
  const IdMatches ids = digit_ids(digits, shape.text());
  for (std::size_t i = 0; i < ids.count; ++i) {
    const float base = ids.rows[i].score;
    found(ids.rows[i].rule, "national_id", start, end,
          std::min(1.0F, id_near ? base + boost : base - (base < 0.8F ? machine : 0)));
  }
  const bool licence = (context & flag::near_licence) != 0;
  if (count >= 6 && count <= 15 && !n.plus && separators <= 3 && !dot && (context & flag::near_passport) != 0)
    found("passport", "passport", start, end, 0.6F);
  if (count >= 6 && count <= 15 && !n.plus && separators <= 3 && !dot && licence && (context & flag::near_card) == 0)
    found("driver_license", "driver_license", start, end, 0.7F);

  if (count >= 7 && count <= 17 && !(slash && separators > 1)) {
    const bool near_phone = (context & flag::near_phone) != 0;
    const bool outermost = first == 0;
    const std::size_t from = outermost ? n.outer : start;
    const std::size_t to = n.extension != 0 && last + 1 == n.count ? n.extension : end;
    std::string_view abroad = digits;
    if (outermost && !n.plus && digits.starts_with("00")) abroad = digits.substr(2);
    float s = 0;
    if (outermost && (n.plus || abroad.size() != digits.size())) {
      switch (tables_.phones.international(abroad)) {
        case PhonePlans::International::valid:
          s = n.plus ? 0.9F : 0.7F;
          break;
        case PhonePlans::International::code_only:
          s = n.plus && separators > 0 ? 0.65F : 0.4F;
          break;
        case PhonePlans::International::no:
          break;
      }
    }
    bool plausible = separators <= 5;
    for (std::size_t i = first + 1; i <= last; ++i) plausible = plausible && n.groups[i].end - n.groups[i].start >= 2;
    if (s == 0 && plausible && count <= 13) {
      const bool usual = separators > 0 && tables_.phones.usual_groups(sizes.text());
      const bool nanp =
          shape.text() == "1-3-3-4" || shape.text() == "3-3-4" || shape.text() == "3p3-4" || shape.text() == "3.3.4";
      if (usual || near_phone) {
        const bool valid = tables_.phones.national(digits);
        if (usual && valid)
          s = nanp || (n.parenthesis && outermost) || (digits[0] == '0' && count >= 9) ? 0.55F : 0.35F;
        else if (separators > 0)
          s = nanp ? 0.5F : n.parenthesis ? 0.35F : 0.2F;
        else if (valid)
          s = 0.2F;
      }
    }
    if (n.extension != 0 && to == n.extension && s > 0) s += 0.2F;
    if (s > 0) {
      if (near_phone)
        s = std::min(1.0F, s + boost);
      else if (s < 0.8F)
        s -= machine;
      found("phone", "phone", from, to, s);
    }
  }
  return best >= 0.4F || (findings_.size() > before && first == 0 && last + 1 == n.count);
}

// A token of letters and digits: text_[start, end), at most 64 bytes.
std::size_t Sweep::mixed_token(std::size_t start, std::size_t end) {
  if (spaced_token(start, end)) return std::max(end, done_);
  std::array<char, 64> up{};
  const std::string_view token = slice(start, end);
  std::ranges::transform(token, up.begin(), upper);
  const std::string_view folded(up.data(), token.size());

  if (token.size() >= 26 && token.size() <= 35 && (token[0] == '1' || token[0] == '3') && is_base58check(token))
    add("bitcoin", "crypto_address", start, end, 0.95F);
  if (token.size() >= 14 && (token.starts_with("bc1") || token.starts_with("tb1")) && is_segwit(token))
    add("bitcoin", "crypto_address", start, end, 0.95F);
  if (token.size() == 42 && token.starts_with("0x") &&
      std::ranges::all_of(folded.substr(2), [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); })) {
    const EthereumCase checksum = ethereum_case(token.substr(2));
    add("ethereum", "crypto_address", start, end,
        checksum == EthereumCase::checked ? 0.95F
        : checksum == EthereumCase::one   ? 0.8F
                                          : 0.3F);
  }

  std::size_t id_end = end;
  IdMatches ids = letter_ids(folded, folded);
  if (ids.count == 0 && end + 1 < text_.size() && (text_[end] == '-' || text_[end] == '+')) {
    // 12345678-Z, X-1234567-L, 131052-308T
    std::array<char, 24> joined{}, raw{};
    std::size_t n = 0, r = 0, at = start;
    while (at < text_.size() && n + 1 < joined.size() && r + 1 < raw.size() &&
           (is_alnum(text_[at]) || text_[at] == '-' || text_[at] == '+')) {
      raw[r++] = upper(text_[at]);
      if (is_alnum(text_[at])) joined[n++] = upper(text_[at]);
      ++at;
    }
    ids = letter_ids({joined.data(), n}, {raw.data(), r});
    if (ids.count > 0) id_end = at;
  }
  Flags context = 0;
  const auto small = std::ranges::count_if(token, [](char c) { return c >= 'a' && c <= 'z'; });
  const auto letters = std::ranges::count_if(token, is_alpha);
  // Numbers of documents are in one case and hold three digits at least; names in programs mostly are not so.
  const bool document = token.size() >= 6 && token.size() <= 16 && (small == 0 || small == letters) &&
                        token.size() - static_cast<std::size_t>(letters) >= 3;
  if (ids.count > 0 || document) context = near(tables_.lexicon, text_, start, id_end);
  for (std::size_t i = 0; i < ids.count; ++i)
    add(ids.rows[i].rule, "national_id", start, id_end,
        std::min(1.0F, ids.rows[i].score + ((context & flag::near_id) != 0 ? 0.3F : 0)));
  if (ids.count == 0 && document) {
    if ((context & flag::near_passport) != 0) add("passport", "passport", start, end, 0.75F);
    if ((context & flag::near_licence) != 0) add("driver_license", "driver_license", start, end, 0.7F);
  }
  return id_end;
}

// IBANs, and UK numbers in pairs, are written in groups: "GB82 WEST 1234 …", "AB 12 34 56 C".
bool Sweep::spaced_token(std::size_t start, std::size_t end) {
  std::array<char, 40> joined{};
  if (end - start < 2 || !is_alpha(text_[start]) || !is_alpha(text_[start + 1])) return false;
  const char country[2] = {upper(text_[start]), upper(text_[start + 1])};
  std::size_t length = 9;
  if (const auto iban = end - start >= 4 && is_digit(text_[start + 2]) && is_digit(text_[start + 3])
                            ? iban_length({country, 2})
                            : std::nullopt)
    length = *iban;
  const auto read = [&](std::size_t wanted) -> std::size_t {
    std::size_t n = 0, at = start;
    while (n < wanted && at < text_.size()) {
      if (is_alnum(text_[at]))
        joined[n++] = upper(text_[at]);
      else if ((text_[at] != ' ' && text_[at] != '-') || n == 0 || !is_alnum(text_[at - 1]))
        return 0;
      ++at;
    }
    return n == wanted && (at == text_.size() || !is_alnum(text_[at])) ? at : 0;
  };
  if (length > 9) {
    if (const std::size_t to = read(length); to != 0 && is_iban({joined.data(), length})) {
      add("iban", "iban", start, to, 0.98F);
      done_ = to;
      return true;
    }
  }
  if (const std::size_t to = read(9); to > end) {
    const IdMatches ids = letter_ids({joined.data(), 9}, {});
    if (ids.count > 0 && ids.rows[0].rule == "uk_nino") {
      add("uk_nino", "national_id", start, to, 0.7F);
      done_ = to;
      return true;
    }
  }
  return false;
}

}  // namespace sluice::guard::pii
