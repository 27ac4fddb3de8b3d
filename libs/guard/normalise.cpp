#include "guard/normalise.h"

#include <algorithm>
#include <array>

#include "guard/normalise_tables.h"

namespace sluice::guard {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

CodePoint read_code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  const std::size_t length = first >= 0xF0 && first < 0xF8 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first >= 0xF8 || at + length > text.size()) return {first, 1, false};
  char32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {first, 1, false};
    value = (value << 6U) | (byte(at + i) & 0x3FU);
  }
  return {value, length, true};
}

// Writes the plain view. A word is kept apart until it ends, for only then is it known whether its Cyrillic or Greek
// letters stand among Latin ones.
class Folder {
 public:
  Folder(std::string_view source, NormalisedView& view) : source_(source), view_(view) {
    view_.text.reserve(source.size());
    view_.origin.reserve(source.size() + 1);
    mostly_latin_ = count_scripts();
  }

  void run() {
    for (std::size_t at = 0; at < source_.size();) {
      const char c = source_[at];
      if (static_cast<unsigned char>(c) < 0x80) {
        put_ascii(c, at);
        ++at;
        continue;
      }
      const CodePoint point = read_code_point(source_, at);
      if (!point.valid)
        put(c, at);
      else
        fold(point.value, source_.substr(at, point.bytes), at);
      at += point.bytes;
    }
    end_word();
    view_.origin.push_back(static_cast<std::uint32_t>(source_.size()));
    view_.whole = {0, static_cast<std::uint32_t>(source_.size())};
  }

 private:
  void put(char c, std::size_t at) {
    view_.text.push_back(c);
    view_.origin.push_back(static_cast<std::uint32_t>(at));
  }
  void put_ascii(char c, std::size_t at) {
    if (is_letter(c)) {
      has_latin_ = true;
    } else if (c != '\'' && !is_digit(c)) {
      end_word();
      put(c, at);
      word_ = view_.text.size();
      return;
    }
    put(lower(c), at);
  }
  void fold(char32_t value, std::string_view bytes, std::size_t at) {
    const tables::Folding folding = tables::fold(value);
    switch (folding.kind) {
      case tables::Fold::dropped:
        return;
      case tables::Fold::ascii:
        return put_ascii(folding.ascii, at);
      case tables::Fold::foreign: {
        has_foreign_ = true;
        if (tables::looks_like(folding.foreign) == 0) has_unlike_ = true;
        const char32_t point = folding.foreign;  // Greek and Cyrillic have two bytes
        put(static_cast<char>(0xC0U | (point >> 6U)), at);
        return put(static_cast<char>(0x80U | (point & 0x3FU)), at);
      }
      case tables::Fold::kept:
        for (const char c : bytes) put(c, at);
    }
  }
  void end_word() {
    if (has_foreign_ && (has_latin_ || (mostly_latin_ && !has_unlike_))) latinise();
    has_latin_ = has_foreign_ = has_unlike_ = false;
    word_ = view_.text.size();
  }
  void latinise() {
    std::size_t out = word_;
    for (std::size_t in = word_; in < view_.text.size();) {
      const auto first = static_cast<unsigned char>(view_.text[in]);
      const bool two = (first & 0xE0U) == 0xC0U && in + 1 < view_.text.size();
      const char32_t point =
          two ? ((first & 0x1FU) << 6U) | (static_cast<unsigned char>(view_.text[in + 1]) & 0x3FU) : 0;
      const char like = two ? tables::looks_like(point) : '\0';
      view_.origin[out] = view_.origin[in];
      view_.text[out++] = like != 0 ? like : view_.text[in];
      in += like != 0 ? 2 : 1;
    }
    view_.text.resize(out);
    view_.origin.resize(out);
  }
  // True when Greek and Cyrillic are strangers in a Latin text.
  [[nodiscard]] bool count_scripts() const {
    std::size_t latin = 0;
    std::size_t foreign = 0;
    for (const char c : source_) {
      const auto byte = static_cast<unsigned char>(c);
      latin += is_letter(c) ? 1 : 0;
      foreign += byte >= 0xCD && byte <= 0xD4 ? 1 : 0;
    }
    return latin > 4 * foreign;
  }

  std::string_view source_;
  NormalisedView& view_;
  std::size_t word_ = 0;
  bool mostly_latin_ = false;
  bool has_latin_ = false;
  bool has_foreign_ = false;
  bool has_unlike_ = false;
};

// The end of a run of single letters that begins at `at`, and how many they are. One separator stands between letters,
// up to three of the same between words.
struct SpacedLetters {
  std::size_t end = 0;
  std::size_t letters = 0;
};

SpacedLetters spaced_letters(std::string_view text, std::size_t at) {
  constexpr std::string_view separators = " -._*";
  SpacedLetters run{at, 0};
  const auto alone = [&](std::size_t i) {
    return i < text.size() && is_letter(text[i]) && (i + 1 == text.size() || !is_letter(text[i + 1]));
  };
  if ((at > 0 && is_letter(text[at - 1])) || !alone(at) || at + 1 >= text.size()) return run;
  const char separator = text[at + 1];
  if (separators.find(separator) == std::string_view::npos) return run;
  for (std::size_t next = at; alone(next);) {
    run.end = next + 1;
    ++run.letters;
    std::size_t gap = next + 1;
    while (gap < text.size() && gap < next + 4 && text[gap] == separator) ++gap;
    if (gap == next + 1) break;
    next = gap;
  }
  return run;
}

// "i g n o r e  t h i s" becomes "ignore this".
void join_spaced_letters(NormalisedView& view) {
  constexpr std::size_t fewest = 5;
  std::string& text = view.text;
  std::size_t out = 0;
  const auto keep = [&](std::size_t in, char c) {
    view.origin[out] = view.origin[in];
    text[out++] = c;
  };
  const std::string before = text;
  for (std::size_t in = 0; in < before.size();) {
    const SpacedLetters run = is_letter(before[in]) ? spaced_letters(before, in) : SpacedLetters{};
    if (run.letters < fewest) {
      keep(in, before[in]);
      ++in;
      continue;
    }
    for (std::size_t last = in; in < run.end; ++in) {
      if (!is_letter(before[in])) continue;
      if (in > last + 2) keep(in - 1, ' ');
      keep(in, before[in]);
      last = in;
    }
  }
  view.origin[out] = view.origin[before.size()];
  text.resize(out);
  view.origin.resize(out + 1);
}

char unleet(char c) {
  switch (c) {
    case '0':
      return 'o';
    case '1':
    case '!':
    case '|':
      return 'i';
    case '3':
      return 'e';
    case '4':
    case '@':
      return 'a';
    case '5':
    case '$':
      return 's';
    case '7':
    case '+':
      return 't';
    default:
      return c;
  }
}

// Only words that mix letters with such digits and signs, and more than one of them, are worth a second reading.
bool unleet_words(std::string& text) {
  std::size_t changed_words = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    std::size_t letters = 0;
    std::size_t signs = 0;
    while (end < text.size() && (is_letter(text[end]) || unleet(text[end]) != text[end])) {
      is_letter(text[end]) ? ++letters : ++signs;
      ++end;
    }
    const bool trailing_mark = end > at && text[end - 1] == '!';
    if (letters > 0 && signs > (trailing_mark ? 1U : 0U) && letters + signs >= 3) {
      ++changed_words;
      for (std::size_t i = at; i < end; ++i) text[i] = unleet(text[i]);
    }
    at = std::max(end, at + 1);
  }
  return changed_words >= 2;
}

// Rot13 is tried only where common words of the other alphabet stand.
bool looks_rot13(std::string_view text) {
  static constexpr std::array<std::string_view, 12> signs = {"gur",         "naq",          "lbh",    "vtaber",
                                                             "cerivbhf",    "vafgehpgvbaf", "flfgrz", "cebzcg",
                                                             "vafgehpgvba", "qvfertneq",    "erirny", "lbhe"};
  std::size_t found = 0;
  for (std::size_t at = 0; at < text.size() && found < 3;) {
    std::size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    if (word.size() >= 3 && std::ranges::find(signs, word) != signs.end()) ++found;
    at = std::max(end, at + 1);
  }
  return found >= 3;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}
int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// What decodes to words was text; what decodes to noise was a hash, a path or an identifier.
bool reads_as_text(std::string_view bytes) {
  if (bytes.size() < 12) return false;
  std::size_t good = 0;
  std::size_t spaces = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ' || c == '\n') ++spaces;
    if ((byte >= 0x20 && byte < 0x7F) || c == '\n' || c == '\t' || c == '\r' || byte >= 0x80) ++good;
  }
  std::size_t high = static_cast<std::size_t>(
      std::ranges::count_if(bytes, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint point = read_code_point(bytes, at);
    if (point.valid) high -= point.bytes;
    at += point.bytes;
  }
  const bool encodes_again = spaces == 0 && bytes.size() >= shortest_encoded_run && good == bytes.size();
  return good == bytes.size() && high == 0 && (spaces * 24 >= bytes.size() || encodes_again);
}

struct Run {
  Writing writing = Writing::base64;
  std::string bytes{};
  std::size_t end = 0;
};

// Hex from `at`: digits side by side, or pairs set apart by one of " ", ":", "%", "\x", "0x".
Run read_hex(std::string_view text, std::size_t at) {
  Run run{Writing::hex, {}, at};
  while (at + 1 < text.size() && hex_digit(text[at]) >= 0 && hex_digit(text[at + 1]) >= 0) {
    run.bytes.push_back(static_cast<char>((hex_digit(text[at]) << 4) | hex_digit(text[at + 1])));
    at += 2;
    run.end = at;
    if (at < text.size() && (text[at] == ' ' || text[at] == ':' || text[at] == '%' || text[at] == ',')) ++at;
    if (at + 1 < text.size() && (text[at] == '\\' || text[at] == '0') && text[at + 1] == 'x') at += 2;
  }
  return run;
}

// Base64 from `at`, line breaks within it passed over.
Run read_base64(std::string_view text, std::size_t at) {
  Run run{Writing::base64, {}, at};
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (; at < text.size(); ++at) {
    const int digit = base64_digit(text[at]);
    if (digit < 0) {
      const bool wraps =
          (text[at] == '\n' || text[at] == '\r') && run.end == at && held % 8 == 0 && at + 1 < text.size();
      if (!wraps) break;
      run.end = at + 1;
      continue;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      run.bytes.push_back(static_cast<char>((bits >> held) & 0xFFU));
    }
    run.end = at + 1;
  }
  return run;
}

struct Budget {
  std::size_t bytes = 0;
  std::size_t runs = most_decoded_runs;
};

void decode_runs(std::string_view text, SourceRange outer, unsigned depth, Budget& budget,
                 std::vector<NormalisedView>& views) {
  for (std::size_t at = 0; at < text.size() && budget.runs > 0;) {
    if (base64_digit(text[at]) < 0) {
      ++at;
      continue;
    }
    const bool escape = at > 0 && text[at] == 'x' && text[at - 1] == '\\';
    Run run = read_hex(text, at + (escape ? 1 : text.substr(at, 2) == "0x" ? 2 : 0));
    if (run.bytes.size() * 2 < shortest_encoded_run || !reads_as_text(run.bytes)) run = read_base64(text, at);
    const bool fits = run.bytes.size() <= budget.bytes && run.end - at >= shortest_encoded_run;
    if (fits && reads_as_text(run.bytes)) {
      const SourceRange whole =
          depth == 1 ? SourceRange{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(run.end)} : outer;
      budget.bytes -= run.bytes.size();
      --budget.runs;
      NormalisedView view;
      view.writing = run.writing;
      Folder(run.bytes, view).run();
      view.origin.clear();
      view.whole = whole;
      views.push_back(std::move(view));
      if (depth < deepest_decoding) decode_runs(run.bytes, whole, depth + 1, budget, views);
    }
    at = std::max(run.end, at + 1);
    while (!fits && at < text.size() && base64_digit(text[at]) >= 0) ++at;  // the same run is not read twice
  }
}

}  // namespace

SourceRange NormalisedView::source(std::size_t from, std::size_t to) const noexcept {
  if (origin.empty() || from >= text.size()) return whole;
  // The end is where the byte after the last one begins, less what was dropped between them where that is whitespace.
  return {origin[from], origin[std::min(to, text.size())]};
}

std::vector<NormalisedView> normalise(std::string_view source) {
  source = source.substr(0, longest_normalised);
  std::vector<NormalisedView> views(1);
  Folder(source, views[0]).run();
  join_spaced_letters(views[0]);

  std::string other = views[0].text;
  if (unleet_words(other)) views.push_back({Writing::leet, std::move(other), views[0].origin, views[0].whole});
  if (looks_rot13(views[0].text)) {
    std::string turned = views[0].text;
    for (char& c : turned)
      if (is_letter(c)) c = static_cast<char>('a' + (c - 'a' + 13) % 26);
    views.push_back({Writing::rot13, std::move(turned), views[0].origin, views[0].whole});
  }
  Budget budget{source.size() * largest_growth, most_decoded_runs};
  for (const NormalisedView& view : views) budget.bytes -= std::min(budget.bytes, view.text.size());
  decode_runs(source, views[0].whole, 1, budget, views);
  return views;
}

}  // namespace sluice::guard
