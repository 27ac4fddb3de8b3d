#include "guard/pii/open.h"

#include <algorithm>
#include <array>

#include "guard/pii/characters.h"
#include "guard/pii/street.h"

namespace sluice::guard::pii {
namespace {

constexpr std::size_t longest_token = 90;   // 64 bytes and what is joined to them with '-'
constexpr std::size_t number_window = 420;  // twelve groups of twenty digits, their separators, words after them
constexpr std::size_t context_after = 24;   // near()
constexpr std::size_t longest_number = 5;   // digits of a number that is nothing by itself
constexpr std::size_t longest_mail = 64 + 256;
constexpr std::size_t longest_url = 2048 + 16;
constexpr std::size_t most_words = 8;

bool is_letter_byte(char c) noexcept {
  return is_upper(c) || is_lower(c) || byte(c) >= 0x80;
}
bool is_separator(char c) noexcept {
  return std::string_view(" -./()").contains(c);
}
bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

// The start of the run of bytes that `in` accepts and that ends at `end`; at most `most` bytes.
template <class In>
std::size_t run_before(std::string_view text, std::size_t end, std::size_t most, const In& in) {
  std::size_t at = end;
  while (at > 0 && end - at < most && in(text[at - 1])) --at;
  return at;
}

// The word that is being written: it may become a name, a number, a token.
std::size_t open_word(std::string_view text) {
  return run_before(text, text.size(), longest_token, [](char c) {
    return is_ascii_word(c) || (byte(c) >= 0x80 && byte(c) < 0xE0) || std::string_view("_-+'").contains(c);
  });
}

// Names in front of a form of address (han_names.h): up to eight characters of three bytes, a blank in Korean, and half
// of the form itself.
std::size_t open_han(std::string_view text) {
  std::size_t end = text.size();
  if (end > 0 && text[end - 1] == ' ') --end;
  return end >= 3 && byte(text[end - 3]) >= 0xE0 ? run_before(text, end, 33, [](char c) { return byte(c) >= 0x80; })
                                                 : text.size();
}

std::size_t open_mail(std::string_view text) {
  const auto part = [](char c) { return is_word_byte(c) || std::string_view("-._%+'&=~!#@").contains(c); };
  const std::size_t all = run_before(text, text.size(), longest_mail, part);
  if (text.substr(all).contains('@')) return all;
  return std::max(all, text.size() - std::min<std::size_t>(text.size(), 65));
}

std::size_t open_url(std::string_view text) {
  const std::size_t begin = run_before(text, text.size(), longest_url, [](char c) {
    return byte(c) > ' ' && !std::string_view("\"<>\\^`{|}").contains(c);
  });
  const std::string_view run = text.substr(begin);
  const auto scheme = [&](std::size_t colon) {
    return run_before(text, colon, 9, [](char c) { return is_upper(c) || is_lower(c); });
  };
  std::size_t open = text.size();
  if (const std::size_t at = run.find("://"); at != std::string_view::npos) open = scheme(begin + at);
  for (const std::string_view half : {":", ":/"})
    if (run.ends_with(half)) open = std::min(open, scheme(text.size() - half.size()));
  for (std::size_t at = 0; (at = run.find('.', at)) != std::string_view::npos; ++at)
    if (at >= 3 && (run[at - 1] | 0x20) == 'w' && (run[at - 2] | 0x20) == 'w' && (run[at - 3] | 0x20) == 'w')
      return std::min(open, begin + at - 3);
  return open;
}

// IPv6 and MAC addresses with colons.
std::size_t open_colons(std::string_view text) {
  const std::size_t begin = run_before(text, text.size(), longest_token, [](char c) { return is_hex(c) || c == ':'; });
  if (!text.substr(begin).contains(':')) return text.size();
  const bool in_a_word =
      begin > 0 && text.size() - begin < longest_token && (is_ascii_word(text[begin - 1]) || text[begin - 1] == '_');
  return in_a_word ? text.size() : begin;
}

// No newline ends the words that say what a number is, and there are less of them than are looked at.
bool words_may_come(std::string_view text, std::size_t end) {
  return text.size() <= end + context_after && !text.substr(end).contains('\n');
}

// All of text[start, size) could be one token in groups: "GB82 WEST 1234", "AB 12 34 56 C" (Sweep::spaced_token).
bool may_be_spaced(std::string_view text, std::size_t start, std::size_t most) {
  if (text.size() - start > most) return false;
  for (std::size_t at = start; at < text.size(); ++at)
    if (!is_ascii_word(text[at]) &&
        ((text[at] != ' ' && text[at] != '-') || at == start || !is_ascii_word(text[at - 1])))
      return false;
  return true;
}

struct Token {
  std::size_t start = 0, end = 0;
  bool digits = false, letters = false, capitals = false;
};

// A chain of numbers joined as Sweep::number() joins them, or a token of letters and digits.
bool is_open(std::string_view text, const Token& first, const Token& last, std::size_t groups) {
  const std::string_view rest = text.substr(last.end);
  if (rest.size() <= 3 && std::ranges::all_of(rest, is_separator)) return true;
  const bool letters_first =
      first.end - first.start >= 2 && is_letter_byte(text[first.start]) && is_letter_byte(text[first.start + 1]);
  if (letters_first && may_be_spaced(text, first.start, 70)) return true;
  const std::size_t size = first.end - first.start;
  const bool joined = !rest.empty() && (rest[0] == '-' || rest[0] == '+');
  if (groups == 1 && !first.letters && size <= longest_number) return rest.empty();
  if (groups == 1 && first.letters && size <= longest_number && !joined) return rest.empty();
  const std::size_t end = joined ? std::max(last.end, std::min(text.size(), first.start + 24)) : last.end;
  return words_may_come(text, end);
}

// "+(" in front of a number, as Sweep::number() takes them along.
std::size_t with_sign(std::string_view text, std::size_t start) {
  for (const char c : {'(', '+'})
    if (start > 0 && text[start - 1] == c) --start;
  return start;
}

// Numbers and what is near them (Sweep::number, mixed_token, spaced_token, near).
std::size_t open_number(std::string_view text, std::size_t from) {
  std::size_t at = std::max(from, text.size() - std::min(text.size(), number_window));
  while (at > 0 && is_ascii_word(text[at - 1]) && text.size() - at < number_window + 64) --at;
  Token first, last;
  std::size_t groups = 0;
  while (at < text.size()) {
    if (!is_ascii_word(text[at])) {
      ++at;
      continue;
    }
    Token token{.start = at, .end = at};
    for (; token.end < text.size() && is_ascii_word(text[token.end]); ++token.end) {
      token.digits = token.digits || is_digit(text[token.end]);
      token.letters = token.letters || !is_digit(text[token.end]);
      token.capitals = token.capitals || is_upper(text[token.end]);
    }
    at = token.end;
    if (!token.digits) {
      // "AB 12 34 56 C"
      const bool pair = token.end - token.start == 2 && token.capitals;
      if (pair && may_be_spaced(text, token.start, 20))
        return with_sign(text, groups > 0 && is_open(text, first, last, groups) ? first.start : token.start);
      continue;
    }
    const std::string_view gap = groups > 0 ? text.substr(last.end, token.start - last.end) : std::string_view();
    const bool chained = groups > 0 && gap.size() <= 3 && std::ranges::all_of(gap, is_separator);
    if (chained) {
      ++groups;
    } else {
      if (groups > 0 && is_open(text, first, last, groups)) return with_sign(text, first.start);
      first = token;
      groups = 1;
    }
    last = token;
  }
  return groups > 0 && is_open(text, first, last, groups) ? with_sign(text, first.start) : with_sign(text, text.size());
}

struct CapitalWord {
  std::size_t start = 0, end = 0;
};

// What follows a sequence of capitalised words decides about it (Sweep::joins, street_at, before_a_place, names).
bool is_open(const Tables& tables, std::string_view text, const CapitalWord& word) {
  const std::string_view rest = text.substr(word.end);
  if (rest.size() < 5) return true;
  if (rest.size() < 64 && behind_street(tables.lexicon, text, word.end).undecided) return true;
  if (rest.starts_with(", ") && rest.size() < 2 + region_reach + 3 && capital(rest, 2) &&
      std::ranges::all_of(rest.substr(2), [](char c) { return is_letter_byte(c) || c == ' '; }))
    return true;
  if (rest[0] != ' ') return false;
  std::size_t small = 1;
  while (small < rest.size() && small < 14 && is_letter_byte(rest[small])) ++small;
  if (small == rest.size() && small < 14) return true;
  return rest.size() < 10 && (tables.lexicon.find(rest.substr(1, small - 1)) & flag::particle) != 0;
}

// `next` begins with what stands behind the gap.
bool may_join(std::string_view gap, std::string_view next) {
  if (gap == ", ") return std::ranges::all_of(next.substr(0, 5), is_letter_byte) ? next.size() < 5 : true;  // ", Inc."
  if (gap.empty() || gap.size() > 9) return false;
  if (gap == " " || gap == "  " || gap == " & " || gap == "-" || gap == ". " || gap == ".") return true;
  return gap.size() > 3 && gap.front() == ' ' && gap.back() == ' ';
}

// name_of_mailbox(): capitalised words, and particles between them, that end the text or stand before "<ada@exa".
std::size_t open_mailbox(const Tables& tables, std::string_view text) {
  const std::size_t mail = run_before(text, text.size(), longest_mail, [](char c) {
    return is_word_byte(c) || std::string_view("-._%+'&=~!#@").contains(c);
  });
  std::size_t end = mail > 0 && text[mail - 1] == '<' ? mail - 1 : text.size();
  const bool half = end == text.size();  // the last word may be a particle that is being written
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '"')) --end;
  std::size_t open = text.size();
  for (int tries = 0; tries < 6; ++tries) {
    const std::size_t from = run_before(
        text, end, 40, [](char c) { return (is_word_byte(c) && !is_digit(c)) || std::string_view(".-'").contains(c); });
    if (from == end) break;
    if (capital(text, from))
      open = from;
    else if (!(half && end == text.size()) &&
             (tables.lexicon.find(text.substr(from, end - from)) & flag::particle) == 0)
      break;
    if (from == 0 || text[from - 1] != ' ') break;
    end = from - 1;
  }
  return open;
}

// `open` is where something else is open: the word there may yet be one of a sequence.
std::size_t open_names(const Tables& tables, std::string_view text, std::size_t open) {
  std::array<CapitalWord, most_words + 4> words{};  // the last ones
  std::size_t count = 0;
  std::size_t at = text.size() - std::min<std::size_t>(text.size(), most_words * 74);
  while (at > 0 && is_word_byte(text[at - 1]) && text.size() - at < most_words * 74 + 64) --at;
  while (at < text.size()) {
    if (letter(text, at) == 0 && !is_digit(text[at])) {
      ++at;
      continue;
    }
    const std::size_t start = at;
    const bool named = capital(text, at);
    while (at < text.size() && (letter(text, at) > 0 || is_digit(text[at]) ||
                                (named && (text[at] == '\'' || text[at] == '-') && capital(text, at + 1))))
      at += std::max<std::size_t>(1, letter(text, at));
    if (!named) continue;
    words[count++ % words.size()] = {start, at};
  }
  for (std::size_t back = 0; back < std::min(count, words.size()); ++back) {
    const CapitalWord& word = words[(count - 1 - back) % words.size()];
    if (word.start >= open) continue;
    const bool joined =
        word.end > open || (capital(text, open) && may_join(text.substr(word.end, open - word.end), text.substr(open)));
    if (joined || is_open(tables, text, word)) open = word.start;
  }
  return std::min(before_street(tables.lexicon, text, open).start, before_open_street(tables.lexicon, text));
}

}  // namespace

std::size_t OpenEnd::open_from(const Tables& tables, std::string_view text, std::size_t from) const {
  const std::size_t open =
      std::min({open_word(text), open_mail(text), open_url(text), open_colons(text), open_han(text),
                open_mailbox(tables, text), open_number(text, from), forms_.open_from(text, from)});
  return std::max(from, open_names(tables, text, open));
}

// PiiRules::join_addresses: a neighbour within four bytes of blanks, or a code of four or five digits.
std::size_t OpenEnd::reach(std::string_view text, const Finding& finding) noexcept {
  if (finding.type != "address" && finding.type != "location") return finding.end;
  const auto behind_blanks = [&](std::size_t end) {
    std::size_t at = end;
    while (at < text.size() && at < end + 4U && std::string_view(" ,\n.").contains(text[at])) ++at;
    return at;
  };
  const std::size_t at = behind_blanks(finding.end);
  std::size_t digits = 0;
  while (at + digits < text.size() && digits < 6 && is_digit(text[at + digits])) ++digits;
  return (digits == 4 || digits == 5 ? behind_blanks(at + digits) : at + digits) + 1;
}

}  // namespace sluice::guard::pii
