#include "dialect/json_text.h"

#include <gtest/gtest.h>

#include <random>

#include "base/json.h"

namespace sluice::dialect {
namespace {

using namespace std::string_literals;

std::string text_of(std::string_view raw, Nesting nesting = Nesting::plain) {
  JsonText reader;
  reader.read(raw, nesting);
  return std::string(reader.text());
}
std::string edited(std::string_view raw, std::size_t begin, std::size_t end, std::string replacement,
                   Nesting nesting = Nesting::plain) {
  JsonText reader;
  reader.read(raw, nesting);
  const TextEdit edit{begin, end, std::move(replacement)};
  return reader.edited({&edit, 1});
}

TEST(JsonText, ResolvesEveryEscape) {
  EXPECT_EQ(text_of(""), "");
  EXPECT_EQ(text_of("plain"), "plain");
  EXPECT_EQ(text_of(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(text_of(R"(\u0041\u00e9\u20AC\ud83d\ude00\u0000.)"), "Aé€😀\0."s);
}

TEST(JsonText, TakesAsItStandsWhatIsNotValid) {
  for (const std::string_view raw : {R"(\q)", R"(a\)", R"(\u12)", R"(\u12G4)", R"(\ud83d)", R"(\ude00\ud83d)",
                                     R"(\ud83dx)", "\xFF\xC3", "\\\xC3\xA9", "\x01\n"})
    EXPECT_EQ(text_of(raw), raw);
  EXPECT_EQ(text_of(R"(\ud83d\u0041)"), R"(\ud83dA)");
}

TEST(JsonText, ResolvesTheEscapesOfJsonInsideOfAString) {
  EXPECT_EQ(text_of(R"({\"a\":\"say \\\"hi\\\"\\n\"})", Nesting::json), "{\"a\":\"say \"hi\"\n\"}");
  EXPECT_EQ(text_of(R"(\\u00e9\\ud83d\\ude00\u005cn)", Nesting::json), "é😀\n");
  EXPECT_EQ(text_of(R"(\\\\)", Nesting::json), "\\");
}

TEST(JsonText, TakesHalfAnEscapeAtTheEndOfAPieceAsItStands) {
  EXPECT_EQ(text_of(R"(\"a\\)", Nesting::json), R"("a\)");
  EXPECT_EQ(text_of(R"(\\u00)", Nesting::json), R"(\u00)");
  EXPECT_EQ(text_of(R"(\\ud83d\\ude)", Nesting::json), R"(\ud83d\ude)");
}

TEST(JsonText, ChangesTheMatchedBytesOnly) {
  EXPECT_EQ(edited(R"(\u0041 mail\/me \n)", 2, 6, "X"), R"(\u0041 X\/me \n)");
  EXPECT_EQ(edited(R"(a\u00e9b)", 1, 3, "\""), R"(a\"b)");
  EXPECT_EQ(edited(R"(a\u00e9b)", 2, 3, "_"), "a_b") << "half of an escape's text takes all of it";
  EXPECT_EQ(edited(R"(\n\n)", 1, 1, "+"), R"(\n+\n)");
  EXPECT_EQ(edited("abc", 3, 3, "\n"), R"(abc\n)");
  EXPECT_EQ(edited(R"({\"a\":\"\\n42\\u0041\"})", 7, 9, "\"", Nesting::json), R"({\"a\":\"\\n\\\"\\u0041\"})");
}

TEST(JsonText, NeverLeavesABackslashBehind) {
  EXPECT_EQ(edited(R"(\q)", 1, 2, ""), "");
  EXPECT_EQ(edited("\\\xC3\xA9", 0, 1, ""), "");
  EXPECT_EQ(edited(R"(\\q)", 1, 2, "", Nesting::json), "");
  EXPECT_EQ(edited(R"(\\\ud83d.)", 0, 1, "", Nesting::json), ".") << "the outer escape is not valid";
}

TEST(JsonText, MakesSeveralEditsInOneString) {
  JsonText reader;
  reader.read(R"(one\ttwo\tthree\u00e9)", Nesting::plain);
  const std::vector<TextEdit> edits{{0, 3, "1"}, {4, 7, "2"}, {13, 14, "e"}, {14, 15, "!"}};
  EXPECT_EQ(reader.edited(edits), R"(1\t2\tthreee!)");
}

TEST(JsonText, IsUsedAgainWithoutTracesOfTheLastString) {
  JsonText reader;
  reader.read(R"(\\n\\t)", Nesting::json);
  reader.read("a\\nb", Nesting::plain);
  EXPECT_EQ(reader.text(), "a\nb");
  EXPECT_EQ(reader.raw_span(2, 3).begin, 3U);
  EXPECT_EQ(reader.raw_span(0, 99).end, 4U) << "offsets beyond the text end with it";
}

// Strings whose characters are escaped in every way JSON has.
class Writer {
 public:
  explicit Writer(std::uint32_t seed) : random_(seed) {}
  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::vector<std::string> characters() {
    static const std::vector<std::string> alphabet{"a", "Z", "\"", "\\", "/", "\n", "\x1F", "é", "€", "😀", "u", "\0"s};
    std::vector<std::string> text(below(12));
    for (auto& character : text) character = alphabet[below(alphabet.size())];
    return text;
  }
  std::string escaped(std::string_view character, Nesting nesting) {
    auto once = escaped_once(character);
    if (nesting == Nesting::plain) return once;
    std::string twice;
    for (std::size_t i = 0; i < once.size();) {
      std::size_t size = 1;
      while (i + size < once.size() && (static_cast<unsigned char>(once[i + size]) & 0xC0U) == 0x80U) ++size;
      twice += escaped_once(std::string_view(once).substr(i, size));
      i += size;
    }
    return twice;
  }

 private:
  std::string escaped_once(std::string_view character) {
    const auto must = character == "\"" || character == "\\" || static_cast<unsigned char>(character[0]) < 0x20;
    if (must || below(4) == 0) {
      if (character == "😀") return below(2) == 0 ? R"(\uD83D\ude00)" : R"(\ud83d\uDE00)";
      if (character == "é") return R"(\u00E9)";
      if (character == "€") return R"(\u20ac)";
      if (character == "/") return R"(\/)";
      if (below(2) == 0 && must && character[0] > 0x1F) return "\\" + std::string(character);
      static constexpr std::string_view hex = "0123456789abcdef";
      const auto value = static_cast<unsigned char>(character[0]);
      return {'\\', 'u', '0', '0', hex[value >> 4U], hex[value & 15U]};
    }
    return std::string(character);
  }
  std::mt19937 random_;
};

TEST(JsonText, TextOfTheEditedStringIsTheEditedTextAndTheRestIsUntouched) {
  for (std::uint32_t seed = 0; seed < 20'000; ++seed) {
    Writer writer(seed);
    const auto nesting = seed % 2 == 0 ? Nesting::plain : Nesting::json;
    const auto characters = writer.characters();
    const auto first = writer.below(characters.size() + 1);
    const auto last = first + writer.below(characters.size() - first + 1);
    const auto replacement = std::vector<std::string>{"", "X", "\"", "[é\\]\n"}[writer.below(4)];
    std::string before, matched, after, raw_before, raw_matched, raw_after;
    for (std::size_t i = 0; i < characters.size(); ++i) {
      (i < first ? before : i < last ? matched : after) += characters[i];
      (i < first ? raw_before : i < last ? raw_matched : raw_after) += writer.escaped(characters[i], nesting);
    }
    const auto raw = raw_before + raw_matched + raw_after;
    ASSERT_EQ(text_of(raw, nesting), before + matched + after) << raw;
    const auto out = edited(raw, before.size(), before.size() + matched.size(), replacement, nesting);
    ASSERT_EQ(out, raw_before + json_escaped(replacement, nesting) + raw_after) << raw;
    ASSERT_EQ(text_of(out, nesting), before + replacement + after) << raw;
  }
}

TEST(JsonText, ReadsAStringAtEveryCutAndRestoresIt) {
  const std::string raw = R"(x\ud83d\ude00\\\\n\"\\\"\\ud83d\\ude00\u005cu0041\q\u00e9\\/)";
  for (std::size_t cut = 0; cut <= raw.size(); ++cut)
    for (const auto nesting : {Nesting::plain, Nesting::json}) {
      const auto piece = raw.substr(0, cut);
      JsonText reader;
      reader.read(piece, nesting);
      EXPECT_EQ(reader.edited({}), piece);
      for (std::size_t begin = 0, end = 0; begin <= reader.text().size(); ++begin, end = begin) {
        const auto span = reader.raw_span(begin, end);
        ASSERT_LE(span.begin, span.end);
        ASSERT_LE(span.end, piece.size());
        const auto next = reader.raw_span(begin, reader.text().size());
        ASSERT_EQ(next.end, piece.size());
        ASSERT_LE(next.begin, next.end);
      }
    }
}

TEST(JsonEscaped, StandsAsDeepAsTheStringIsNested) {
  EXPECT_EQ(json_escaped("a\"\n", Nesting::plain), R"(a\"\n)");
  EXPECT_EQ(json_escaped("a\"\n", Nesting::json), R"(a\\\"\\n)");
  EXPECT_EQ(json_escaped("\xFF", Nesting::plain), "\xEF\xBF\xBD") << "the body must stay valid UTF-8";
}

}  // namespace
}  // namespace sluice::dialect
