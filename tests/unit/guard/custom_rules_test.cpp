#include "guard/custom/custom_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guard/custom/expression.h"
#include "guard/utf8.h"
#include "guard_fixture.h"

namespace sluice::guard {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> found_by_pattern(std::string_view regex, std::string_view text, std::string_view more = "") {
  policy::GuardrailDocument document;
  document.patterns = {{.id = "x", .regex = std::string(regex), .caseless = more == "caseless"}};
  document.rules = {{.id = "r",
                     .on = {policy::Surface::input},
                     .detectors = {{.kind = policy::DetectorKind::custom, .names = {"x"}}}}};
  const auto guard = Guard::compile(std::move(document), {});
  if (!guard) return {guard.error().detail};
  return found(**guard, text);
}

std::vector<std::string> found_words(std::vector<std::string> words, std::string_view text, bool caseless = true,
                                     bool whole = true) {
  policy::GuardrailDocument document;
  document.word_lists = {{.id = "w", .words = std::move(words), .caseless = caseless, .whole_words = whole}};
  document.rules = {{.id = "r",
                     .on = {policy::Surface::input},
                     .detectors = {{.kind = policy::DetectorKind::custom, .names = {"w"}}}}};
  const auto guard = Guard::compile(std::move(document), {});
  if (!guard) return {guard.error().detail};
  return found(**guard, text);
}

std::vector<std::string> found_topics(policy::Topic topic, std::string_view text) {
  policy::GuardrailDocument document;
  topic.id = "t";
  document.topics = {std::move(topic)};
  document.rules = {{.id = "r",
                     .on = {policy::Surface::input},
                     .detectors = {{.kind = policy::DetectorKind::custom, .names = {"t"}}}}};
  const auto guard = Guard::compile(std::move(document), {});
  if (!guard) return {guard.error().detail};
  return found(**guard, text);
}

TEST(CustomPatterns, FindTheFirstGroupOrTheWholeMatch) {
  EXPECT_THAT(found_by_pattern(R"(\bE-[0-9]{6}\b)", "E-123456, E-1234567, xE-123456, E-654321"),
              ElementsAre("E-123456", "E-654321"));
  EXPECT_THAT(found_by_pattern(R"(employee no\. ([0-9]+))", "employee no. 4711"), ElementsAre("4711"));
  EXPECT_THAT(found_by_pattern(R"(case ([0-9]+)|dossier)", "dossier, case 7"), ElementsAre("dossier", "7"));
  EXPECT_THAT(found_by_pattern("abc", "ABC aBc", "caseless"), ElementsAre("ABC", "aBc"));
}

TEST(CustomPatterns, CountCharactersAndNotBytes) {
  EXPECT_THAT(found_by_pattern("x.{3}y", "x\xc3\xa4\xc3\xb6\xc3\xbcy"), ElementsAre("x\xc3\xa4\xc3\xb6\xc3\xbcy"));
  EXPECT_THAT(found_by_pattern("k\xc3\xa4{3}se", "k\xc3\xa4\xc3\xa4\xc3\xa4se"),
              ElementsAre("k\xc3\xa4\xc3\xa4\xc3\xa4se"));
  EXPECT_THAT(found_by_pattern("\xc3\xbc"
                               "ber",
                               "\xc3\x9c"
                               "BER",
                               "caseless"),
              ElementsAre("\xc3\x9c"
                          "BER"));
  EXPECT_THAT(found_by_pattern(R"(\p{Greek}{3})", "a \xce\xb1\xce\xb2\xce\xb3 b"),
              ElementsAre("\xce\xb1\xce\xb2\xce\xb3"));
}

TEST(CustomPatterns, ReadBytesThatAreNoUtf8AsNothing) {
  EXPECT_THAT(found_by_pattern("x.y", "x\xffy x\xc3y xzy"), ElementsAre("xzy"));
  EXPECT_THAT(found_by_pattern("[^a]{2}b",
                               "\xff\xfe"
                               "b ccb \xc3"),
              ElementsAre("ccb"));
}

TEST(CustomPatterns, FollowAMatchWithoutEndToItsEnd) {
  const std::string value(300'000, 'v');
  EXPECT_THAT(found_by_pattern(R"(key=\S+)", "a key=" + value + " b"), ElementsAre("key=" + value));
  const std::string block = "BEGIN" + std::string(100'000, '-') + "END";
  EXPECT_THAT(found_by_pattern(R"(BEGIN[\s\S]*?END)", "x " + block + " y END"), ElementsAre(block));
}

TEST(CustomPatterns, AreHarmlessWhereBacktrackingWouldExplode) {
  for (const std::string_view regex : {"(a+)+b", "(a|aa)+c", "(a*)*d", "(.*.*.*.*)=x", "(x+x+)+y", "a{1,30}b"}) {
    const auto found = found_by_pattern(regex, std::string(200'000, 'a'));
    EXPECT_THAT(found, IsEmpty()) << regex;
  }
  EXPECT_EQ(found_by_pattern("a", std::string(50'000, 'a')).size(), 50'000u);
  EXPECT_EQ(found_by_pattern("x(?:[^z]*z)?", std::string(50'000, 'x')).size(), 50'000u);
}

TEST(CustomPatterns, AreRefusedWhereTheyAreTooLarge) {
  const auto problem = [](std::string_view regex) {
    const auto found = found_by_pattern(regex, "");
    return found.empty() ? std::string("accepted") : found[0];
  };
  EXPECT_THAT(problem("a{1001}"), testing::StartsWith("patterns[0].regex: a repetition may be of at most 1000"));
  EXPECT_THAT(problem("((a{100}){100}){100}"), testing::StartsWith("patterns[0].regex: "));
  EXPECT_THAT(problem(R"(\pL{1000})"), testing::StartsWith("patterns[0].regex: pattern too large"));
  EXPECT_EQ(problem(R"(\pL{11}\pN{3}x)"), "patterns[0].regex: it is too large: more than 12,000 instructions");
  EXPECT_EQ(problem("a[^x]{1,1000}b[^x]{1,1000}b[^x]{1,1000}c"),
            "patterns[0].regex: with repetitions of more than 64 characters a match may be 8192 bytes wide");
  EXPECT_EQ(problem("(?:.{1000}){1}.{1000}.{1000}.{1000}.{1000}"),
            "patterns[0].regex: a match may be wider than 16384 bytes");
}

TEST(CustomPatterns, AreFoundWhereThePassReportsMoreThanTheyMatch) {
  // The pass knows no upper bound here, so that it reports "x1x2y", whose x is too far away, and what begins in it.
  const std::string far(100, '.');
  EXPECT_THAT(found_by_pattern("x[^!]{0,99}y", "x" + far + "xy"), ElementsAre("xy"));
  EXPECT_THAT(found_by_pattern("x[^!]{70,99}y", "x" + std::string(50, '.') + "x" + std::string(60, '.') + "y" +
                                                    std::string(9, '.') + "y"),
              ElementsAre("x" + std::string(60, '.') + "y" + std::string(9, '.') + "y"));
  EXPECT_THAT(found_by_pattern("secret[^\n]{0,1000}word", "secret " + std::string(900, '-') + "word"),
              testing::SizeIs(1));
}

TEST(CustomPatterns, AreSimplerForThePass) {
  const auto pass = [](std::string_view regex) {
    return pass_expression({.id = {}, .regex = std::string(regex)}, true).regex;
  };
  EXPECT_EQ(pass("a{2,500}b"), "a{2,500}b");
  EXPECT_EQ(pass("ba{2,500}"), "ba{2}");
  EXPECT_EQ(pass("ba{0,500}"), "ba{0,500}");
  EXPECT_EQ(pass("a.{0,500}b"), "a.{0,}b");
  EXPECT_EQ(pass("a[^b]{100}b.{64}c"), "a[^b]{64,}b.{64}c");
  EXPECT_EQ(pass(R"(a.\{0,500}b[{1,500}]+[]{1,500}]+[[:digit:]{1,500}]+)"),
            R"(a.\{0,500}b[{1,500}]+[]{1,500}]+[[:digit:]{1,500}]+)");
  EXPECT_EQ(pass(R"(\Q.{0,500}\E)"), R"(\Q.{0,500}\E)");
  EXPECT_FALSE(speaks_of_characters(R"(a\.b[.]c[[:alpha:].])"));
  EXPECT_TRUE(speaks_of_characters(R"(a\\.b)"));
}

TEST(WordLists, FindWholeWordsInAnyCase) {
  EXPECT_THAT(found_words({"Falcon"}, "falcon, FALCON; falconry afalcon falcon_7 (Falcon)"),
              ElementsAre("falcon", "FALCON", "Falcon"));
  EXPECT_THAT(found_words({"Falcon"}, "falcon Falcon", false), ElementsAre("Falcon"));
  EXPECT_THAT(found_words({"falcon"}, "falconry afalcon", true, false), ElementsAre("falcon", "falcon"));
  EXPECT_THAT(found_words({"C++", ".NET"}, "in c++, C++20 and .Net"), ElementsAre("c++", "C++", ".Net"));
}

TEST(WordLists, FindPhrasesOverBlanksAndLineEnds) {
  EXPECT_THAT(found_words({"Project Blue Falcon"},
                          "project  blue\r\n\tFALCON; project blue\xc2\xa0"
                          "falcon; projectblue falcon"),
              ElementsAre("project  blue\r\n\tFALCON",
                          "project blue\xc2\xa0"
                          "falcon"));
  EXPECT_THAT(found_words({"New York", "York City"}, "in new york city"), ElementsAre("new york city"));
}

TEST(WordLists, KnowLettersBeyondAscii) {
  EXPECT_THAT(found_words({"\xc3\x84rzte"}, "\xc3\xa4rzte \xc3\x84RZTE \xc3\x84rzte \xc3\xa4rzten"),
              ElementsAre("\xc3\xa4rzte", "\xc3\x84RZTE", "\xc3\x84rzte"));
  EXPECT_THAT(found_words({"\xd0\xbf\xd1\x80\xd0\xbe\xd0\xb5\xd0\xba\xd1\x82"},
                          "\xd0\x9f\xd0\xa0\xd0\x9e\xd0\x95\xd0\x9a\xd0\xa2"),
              ElementsAre("\xd0\x9f\xd0\xa0\xd0\x9e\xd0\x95\xd0\x9a\xd0\xa2"));
  // A letter beyond ASCII goes on with a word; Chinese has no blanks between words.
  EXPECT_THAT(found_words({"secret"}, "secret\xc3\xa9 \xe2\x80\x9csecret\xe2\x80\x9d"), ElementsAre("secret"));
  EXPECT_THAT(found_words({"\xe6\x9c\xba\xe5\xaf\x86"},
                          "\xe8\xbf\x99\xe6\x98\xaf\xe6\x9c\xba\xe5\xaf\x86\xe6\x96\x87\xe4\xbb\xb6"),
              ElementsAre("\xe6\x9c\xba\xe5\xaf\x86"));
}

TEST(WordLists, AreAllFoundWhenThereAreManyOfThem) {
  std::vector<std::string> words;
  std::string text;
  for (int i = 0; i < 3'000; ++i) {
    words.push_back("name" + std::to_string(i * 7919));
    if (i % 15 == 0) text += words.back() + " ";
  }
  EXPECT_EQ(found_words(std::move(words), text).size(), 200u);
}

TEST(Topics, NeedEnoughDifferentWordsCloseTogether) {
  const policy::Topic topic{
      .words = {"merger", "due diligence", "term sheet", "valuation"}, .least = 3, .within_bytes = 60};
  EXPECT_THAT(found_topics(topic, "merger merger merger valuation"), IsEmpty());
  EXPECT_THAT(found_topics(topic, "the Merger: due\ndiligence, then the term sheet."),
              ElementsAre("Merger: due\ndiligence, then the term sheet"));
  EXPECT_THAT(found_topics(topic, "merger " + std::string(60, '.') + " valuation, term sheet"), IsEmpty());
  const std::string part = "merger, valuation, term sheet";
  EXPECT_THAT(found_topics(topic, part + std::string(80, '.') + part + std::string(80, '.') + part),
              ElementsAre(part, part, part));
}

TEST(Topics, AreToldByTheirIdAndType) {
  const auto guard =
      compile(custom_document(R"(["t"])", R"("topics":[{"id":"t","words":["alpha","beta"],"least":2}])"));
  ASSERT_TRUE(guard) << guard.error().detail;
  const auto matches = judged(**guard, "alpha beta");
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].found_by, "t");
  EXPECT_EQ(matches[0].type, "topic");
}

TEST(CustomRules, CompileOnlyWhatEnabledRulesUse) {
  const std::string lists = R"("patterns":[{"id":"a","regex":"alpha"},{"id":"b","regex":"beta"}])";
  const auto guard = compile(custom_document(R"(["a"])", lists));
  ASSERT_TRUE(guard) << guard.error().detail;
  EXPECT_THAT(found(**guard, "alpha beta"), ElementsAre("alpha"));
}

TEST(Utf8, KeepsTheNumberOfBytesWhenItFolds) {
  for (char32_t c = 0; c < 0x3000; ++c) {
    const auto size = [](char32_t point) { return point < 0x80 ? 1 : point < 0x800 ? 2 : 3; };
    EXPECT_EQ(size(folded(c)), size(c)) << std::hex << static_cast<unsigned>(c);
    if (folded(c) != c) EXPECT_EQ(raised(folded(c)), c) << std::hex << static_cast<unsigned>(c);
  }
}

TEST(Utf8, KnowsWhatIsNone) {
  for (const std::string_view bad :
       {"\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xf4\x90\x80\x80", "abcdefgh\xff", "\xe2\x82", "\x80"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
  EXPECT_TRUE(is_utf8("abcdefgh \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"));
  std::string out;
  replace_broken_utf8("a\xff\xc3\xa4\xe2\x82", out);
  EXPECT_EQ(out, std::string("a\0\xc3\xa4\0\0", 6));
}

}  // namespace
}  // namespace sluice::guard
