#include "guard/normalise.h"

#include <algorithm>
#include <array>
#include <optional>

#include "guard/normalise_tables.h"

namespace sluice::guard {
namespace {

constexpr bool is_letter(char c) {
  return static_cast<unsigned char>((static_cast<unsigned char>(c) | 0x20U) - 'a') < 26;
}
constexpr bool is_digit(char c) {
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
    view_.text.resize(source.size());  // nothing becomes longer
    view_.origin.resize(source.size() + 1);
    mostly_latin_ = count_scripts();
  }

  void run() {
    for (std::size_t at = run_ascii(0); at < source_.size(); at = run_ascii(at)) {
      const char c = source_[at];
      const CodePoint point = read_code_point(source_, at);
      if (!point.valid)
        put(c, at);
      else
        fold(point.value, source_.substr(at, point.bytes), at);
      at += point.bytes;
    }
    end_word();
    view_.text.resize(size_);
    view_.origin.resize(size_ + 1);
    view_.origin[size_] = static_cast<std::uint32_t>(source_.size());
    view_.whole = {0, static_cast<std::uint32_t>(source_.size())};
  }

 private:
  void put(char c, std::size_t at) {
    view_.text[size_] = c;
    view_.origin[size_++] = static_cast<std::uint32_t>(at);
  }
  // Most of most texts: the same as put_ascii() for each, without going through memory for every character. Returns
  // where the next other character stands.
  std::size_t run_ascii(std::size_t at) {
    char* const text = view_.text.data();
    std::uint32_t* const origin = view_.origin.data();
    std::size_t out = size_;
    bool latin = has_latin_;
    std::size_t word = word_;
    for (; at < source_.size() && static_cast<unsigned char>(source_[at]) < 0x80; ++at) {
      const char c = source_[at];
      const bool letter = is_letter(c);
      const bool separator = !letter && c != '\'' && !is_digit(c);
      if (separator && has_foreign_) {
        size_ = out, has_latin_ = latin;
        end_word();
        out = size_;
      }
      text[out] = letter ? static_cast<char>(c | 0x20) : c;
      origin[out++] = static_cast<std::uint32_t>(at);
      latin = !separator && (latin || letter);
      word = separator ? out : word;
    }
    size_ = out, has_latin_ = latin, word_ = word;
    return at;
  }
  void put_ascii(char c, std::size_t at) {
    if (is_letter(c)) {
      has_latin_ = true;
    } else if (c != '\'' && !is_digit(c)) {
      end_word();
      put(c, at);
      word_ = size_;
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
    word_ = size_;
  }
  void latinise() {
    std::size_t out = word_;
    for (std::size_t in = word_; in < size_;) {
      const auto first = static_cast<unsigned char>(view_.text[in]);
      const bool two = (first & 0xE0U) == 0xC0U && in + 1 < size_;
      const char32_t point =
          two ? ((first & 0x1FU) << 6U) | (static_cast<unsigned char>(view_.text[in + 1]) & 0x3FU) : 0;
      const char like = two ? tables::looks_like(point) : '\0';
      view_.origin[out] = view_.origin[in];
      view_.text[out++] = like != 0 ? like : view_.text[in];
      in += like != 0 ? 2 : 1;
    }
    size_ = out;
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
  std::size_t size_ = 0;  // of what is written
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

constexpr std::size_t fewest_spaced_letters = 5;

bool has_spaced_letters(std::string_view text) {
  for (std::size_t at = 0; at + 2 * fewest_spaced_letters - 1 <= text.size(); ++at) {
    const bool alone = is_letter(text[at]) && !is_letter(text[at + 1]) && (at == 0 || !is_letter(text[at - 1]));
    if (alone && spaced_letters(text, at).letters >= fewest_spaced_letters) return true;
  }
  return false;
}

// "i g n o r e  t h i s" becomes "ignore this".
void join_spaced_letters(NormalisedView& view) {
  if (!has_spaced_letters(view.text)) return;
  std::string& text = view.text;
  std::size_t out = 0;
  const auto keep = [&](std::size_t in, char c) {
    view.origin[out] = view.origin[in];
    text[out++] = c;
  };
  const std::string before = text;
  for (std::size_t in = 0; in < before.size();) {
    const SpacedLetters run = is_letter(before[in]) ? spaced_letters(before, in) : SpacedLetters{};
    if (run.letters < fewest_spaced_letters) {
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

constexpr char unleet(char c) {
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

enum class Part : std::uint8_t { none, letter, sign };
constexpr std::array<Part, 256> leet_parts = [] {
  std::array<Part, 256> parts{};
  for (std::size_t c = 0; c < 128; ++c) {
    const char character = static_cast<char>(c);
    parts[c] = is_letter(character) ? Part::letter : unleet(character) != character ? Part::sign : Part::none;
  }
  return parts;
}();

// Only words that mix letters with such digits and signs, and more than one of them, are worth a second reading.
// Calls take(start, end) for each. Looks for the signs, for most words have none.
template <class Take>
void each_leet_word(std::string_view text, Take&& take) {
  const auto part = [&](std::size_t at) { return leet_parts[static_cast<unsigned char>(text[at])]; };
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (part(at) != Part::sign) continue;
    std::size_t start = at;
    while (start > done && part(start - 1) != Part::none) --start;
    std::size_t letters = at - start;
    for (; at < text.size() && part(at) != Part::none; ++at) letters += part(at) == Part::letter ? 1 : 0;
    done = at;
    const std::size_t signs = at - start - letters;
    if (letters > 0 && signs > (text[at - 1] == '!' ? 1U : 0U) && letters + signs >= 3) take(start, at);
  }
}

std::optional<std::string> unleet_words(std::string_view text) {
  std::size_t words = 0;
  each_leet_word(text, [&](std::size_t, std::size_t) { ++words; });
  if (words < 2) return std::nullopt;
  std::string changed(text);
  each_leet_word(text, [&](std::size_t start, std::size_t end) {
    for (std::size_t i = start; i < end; ++i) changed[i] = unleet(text[i]);
  });
  return changed;
}

// Rot13 is tried only where common words of the other alphabet stand.
constexpr std::array<std::string_view, 12> rot13_words = {"gur",         "naq",          "lbh",    "vtaber",
                                                          "cerivbhf",    "vafgehpgvbaf", "flfgrz", "cebzcg",
                                                          "vafgehpgvba", "qvfertneq",    "erirny", "lbhe"};
// What they begin with, by five bits of two letters.
constexpr std::array<bool, 1024> rot13_beginnings = [] {
  std::array<bool, 1024> pairs{};
  for (const std::string_view word : rot13_words) pairs[(word[0] & 31U) << 5U | (word[1] & 31U)] = true;
  return pairs;
}();

bool looks_rot13(std::string_view text) {
  std::size_t found = 0;
  for (std::size_t at = 0; at + 3 <= text.size() && found < 3; ++at) {
    const bool begins = rot13_beginnings[(text[at] & 31U) << 5U | (text[at + 1] & 31U)];
    if (!begins || (at > 0 && is_letter(text[at - 1]))) continue;
    std::size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (std::ranges::find(rot13_words, text.substr(at, end - at)) != rot13_words.end()) ++found;
  }
  return found >= 3;
}

struct Digits {
  std::array<std::int8_t, 256> base64{};
  std::array<std::int8_t, 256> hex{};
  constexpr Digits() {
    base64.fill(-1);
    hex.fill(-1);
    const auto number = [](std::array<std::int8_t, 256>& digits, std::string_view characters, int first) {
      for (std::size_t i = 0; i < characters.size(); ++i)
        digits[static_cast<unsigned char>(characters[i])] = static_cast<std::int8_t>(first + static_cast<int>(i));
    };
    number(base64, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 0);
    number(base64, "-_", 62);
    number(hex, "0123456789abcdef", 0);
    number(hex, "ABCDEF", 10);
  }
};
constexpr Digits digits;

int base64_digit(char c) {
  return digits.base64[static_cast<unsigned char>(c)];
}
int hex_digit(char c) {
  return digits.hex[static_cast<unsigned char>(c)];
}

bool stands_in_text(const CodePoint& point) {
  if (point.value >= 0x80) return point.valid;
  return (point.value >= 0x20 && point.value < 0x7F) || point.value == '\n' || point.value == '\t' ||
         point.value == '\r';
}
// Behind the last byte that stands in no text; 0 when all may.
std::size_t behind_noise(std::string_view bytes) {
  std::size_t behind = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint point = read_code_point(bytes, at);
    at += point.bytes;
    if (!stands_in_text(point)) behind = at;
  }
  return behind;
}

// What decodes to words was text; what decodes to noise was a hash, a path or an identifier.
bool reads_as_text(std::string_view bytes) {
  if (bytes.size() < 12 || behind_noise(bytes) > 0) return false;
  const auto spaces =
      static_cast<std::size_t>(std::ranges::count_if(bytes, [](char c) { return c == ' ' || c == '\n'; }));
  return spaces * 24 >= bytes.size() || (spaces == 0 && bytes.size() >= shortest_encoded_run);
}

struct Run {
  Writing writing = Writing::base64;
  std::string bytes{};
  std::size_t begin = 0, end = 0;
};

// Hex from `at`: digits side by side, or pairs set apart by one of " ", ":", "%", "\x", "0x". Calls take(byte,
// its end) for each pair and returns the end of the last.
template <class Take>
std::size_t each_hex_pair(std::string_view text, std::size_t at, Take&& take) {
  std::size_t end = at;
  while (at + 1 < text.size() && hex_digit(text[at]) >= 0 && hex_digit(text[at + 1]) >= 0) {
    end = at + 2;
    take(static_cast<char>((hex_digit(text[at]) << 4) | hex_digit(text[at + 1])), end);
    at = end;
    if (at < text.size() && (text[at] == ' ' || text[at] == ':' || text[at] == '%' || text[at] == ',')) ++at;
    if (at + 1 < text.size() && (text[at] == '\\' || text[at] == '0') && text[at + 1] == 'x') at += 2;
  }
  return end;
}

// Base64 from `at`, line breaks after whole groups of four passed over. Calls take(digit); returns the end.
template <class Take>
std::size_t each_base64_digit(std::string_view text, std::size_t at, Take&& take) {
  std::size_t end = at;
  for (unsigned taken = 0; at < text.size(); ++at) {
    const int digit = base64_digit(text[at]);
    if (digit >= 0) {
      take(static_cast<std::uint32_t>(digit));
      ++taken;
    } else {
      const bool wraps = (text[at] == '\n' || text[at] == '\r') && taken % 4 == 0 && at + 1 < text.size();
      if (!wraps) break;
    }
    end = at + 1;
  }
  return end;
}

// Most of a text is words, which are measured before anything is kept of them.
Run read_hex(std::string_view text, std::size_t at) {
  Run run{Writing::hex, {}, at, at};
  std::size_t pairs = 0;
  each_hex_pair(text, at, [&](char, std::size_t) { ++pairs; });
  if (pairs * 2 >= shortest_encoded_run)
    run.end = each_hex_pair(text, at, [&](char byte, std::size_t) { run.bytes.push_back(byte); });
  return run;
}

Run read_base64(std::string_view text, std::size_t at) {
  Run run{Writing::base64, {}, at, each_base64_digit(text, at, [](std::uint32_t) {})};
  if (run.end - at < shortest_encoded_run) return run;
  std::uint32_t bits = 0;
  unsigned held = 0;
  each_base64_digit(text, at, [&](std::uint32_t digit) {
    bits = (bits << 6U) | digit;
    held += 6;
    if (held < 8) return;
    held -= 8;
    run.bytes.push_back(static_cast<char>((bits >> held) & 0xFFU));
  });
  return run;
}

// Pairs of hex that are no text, as dumps of programs are: none of them begins one before `until`. Without this every
// pair of a dump would be read to the dump's end.
struct HexNoise {
  std::size_t reads = 0;  // bytes that may be read once more in vain
  std::size_t until = 0;

  // Text may follow noise in one run; what is text but for too few blanks may be one from a later word on.
  void pass(std::string_view text, const Run& run) {
    const std::size_t behind = behind_noise(run.bytes), size = run.end - run.begin;
    std::size_t pairs = 0;
    if (behind > 0)
      each_hex_pair(text.substr(0, run.end), run.begin, [&](char, std::size_t end) {
        if (++pairs == behind) until = end;
      });
    else if (size > reads)
      until = run.end;
    else
      reads -= size;
  }
};

struct Budget {
  std::size_t bytes = 0;
  std::size_t runs = most_decoded_runs;
};

void decode_runs(std::string_view text, SourceRange outer, unsigned depth, Budget& budget,
                 std::vector<NormalisedView>& views) {
  HexNoise noise{.reads = text.size()};
  for (std::size_t at = 0; at < text.size() && budget.runs > 0;) {
    if (base64_digit(text[at]) < 0) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && base64_digit(text[end]) >= 0) ++end;
    const bool pairs = end > at + 1 && hex_digit(text[at]) >= 0 && hex_digit(text[at + 1]) >= 0;
    const bool goes_on = end < text.size() && (text[end] == '\n' || text[end] == '\r');
    if (end - at < shortest_encoded_run && !goes_on && !pairs && text[at] != 'x' && text[at] != '0') {
      at = end;
      continue;
    }
    Run run;
    bool is_text = false;
    if (at >= noise.until) {
      const bool escape = at > 0 && text[at] == 'x' && text[at - 1] == '\\';
      run = read_hex(text, at + (escape ? 1 : text.substr(at, 2) == "0x" ? 2 : 0));
      is_text = reads_as_text(run.bytes);
      if (!is_text) noise.pass(text, run);
    }
    if (!is_text) {
      run = read_base64(text, at);
      is_text = reads_as_text(run.bytes);
    }
    const bool fits = run.bytes.size() <= budget.bytes && run.end - at >= shortest_encoded_run;
    if (fits && is_text) {
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

  if (auto other = unleet_words(views[0].text))
    views.push_back({Writing::leet, std::move(*other), views[0].origin, views[0].whole});
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
