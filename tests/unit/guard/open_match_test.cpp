#include "guard/open_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>

namespace sluice::guard {
namespace {

OpenMatcher matcher(std::vector<std::string> regexes, bool caseless = false, TextUnit unit = TextUnit::utf8) {
  std::vector<OpenSyntax> syntax;
  for (const std::string& regex : regexes) syntax.push_back({regex, caseless, unit});
  OpenMatcher made = OpenMatcher::make(syntax);
  EXPECT_EQ(made.not_understood(), 0u);
  return made;
}
// How many bytes of the text's end are open.
std::size_t open(const OpenMatcher& made, std::string_view text) {
  return text.size() - made.open_from(text, 0);
}

TEST(OpenMatcher, HoldsWhatMayStillBecomeAMatchAndNothingElse) {
  const OpenMatcher token = matcher({"tok_[a-z]{4,6}"});
  EXPECT_EQ(open(token, "some words"), 0u);
  EXPECT_EQ(open(token, "some t"), 1u);
  EXPECT_EQ(open(token, "some tok"), 3u);
  EXPECT_EQ(open(token, "some tok_ab"), 6u);
  EXPECT_EQ(open(token, "some tok_abcd"), 8u) << "a match that may become longer";
  EXPECT_EQ(open(token, "some tok_abcdef"), 10u) << "complete, but one more byte could be asked about it";
  EXPECT_EQ(open(token, "some tok_abcdefg"), 0u);
  EXPECT_EQ(open(token, "some tok_abcd!"), 0u);
  EXPECT_EQ(open(token, ""), 0u);
}

TEST(OpenMatcher, KnowsTheEarliestOfSeveralThatAreOpen) {
  const OpenMatcher two = matcher({"abcabcx", "bca[a-z]*!", "c"});
  EXPECT_EQ(open(two, "zzabcabc"), 6u);
  EXPECT_EQ(open(two, "zzabcabcz"), 6u) << "the loop that began at the first b";
}

TEST(OpenMatcher, KeepsAssertionsAtBothEnds) {
  const OpenMatcher word = matcher({"\\bkey\\b"});
  EXPECT_EQ(open(word, "monkey"), 0u);
  EXPECT_EQ(open(word, "my key"), 3u) << "keys";
  EXPECT_EQ(open(word, "my keys"), 0u);
  EXPECT_EQ(open(word, "my key "), 0u);
  const OpenMatcher line = matcher({"(?m:^)machine", "^begin"});
  EXPECT_EQ(open(line, "a mach"), 0u);
  EXPECT_EQ(open(line, "a\nmach"), 4u);
  EXPECT_EQ(open(line, "beg"), 3u);
  EXPECT_EQ(open(line, "a\nbeg"), 0u);
  EXPECT_EQ(open(matcher({"abc$|abd"}), "abc"), 3u);
  EXPECT_EQ(open(matcher({"abc$"}), "abcx"), 0u);
}

TEST(OpenMatcher, TheCharacterInFrontIsNotHeld) {
  const OpenMatcher token = matcher({"(?:^|[^A-Za-z0-9_])(sk-[a-z]{3})(?:[^A-Za-z0-9_]|$)"});
  EXPECT_EQ(open(token, "one "), 0u);
  EXPECT_EQ(open(token, "one s"), 1u);
  EXPECT_EQ(open(token, "ones"), 0u);
  EXPECT_EQ(open(token, "sk-ab"), 5u);
  EXPECT_EQ(open(token, "\xe2\x82\xacsk-ab"), 5u);
  EXPECT_EQ(open(token, "x sk-abc"), 6u);
  // What was settled before need not be looked at again: only the character in front.
  const std::string_view text = "the sk-ab";
  EXPECT_EQ(token.open_from(text, 4), 4u);
  EXPECT_EQ(token.open_from("the\xe2\x82\xacsk-ab", 6), 6u);
}

TEST(OpenMatcher, CountsExactly) {
  const OpenMatcher counts = matcher({"(?:ab){2,3}c", "x{3}y?z"});
  EXPECT_EQ(open(counts, "ababab"), 6u);
  EXPECT_EQ(open(counts, "abababab"), 6u);
  EXPECT_EQ(open(counts, "xxxx"), 3u);
  EXPECT_EQ(open(counts, "xxxy"), 4u);
  EXPECT_EQ(open(counts, "xxxyz"), 5u);
  EXPECT_EQ(open(counts, "xxxyy"), 0u);
  EXPECT_FALSE(counts.rough());
  EXPECT_TRUE(matcher({"(?:[a-z]{1000}){1,1000}"}).rough());
}

TEST(OpenMatcher, ReadsTheSyntaxOfRe2) {
  for (const std::string good : {"a",
                                 "a|b|",
                                 "(?i)a(?-i)b",
                                 "(?P<name>x)(?:y)*?",
                                 "[[:alpha:]_.-]+",
                                 "[^]a]",
                                 "[]a]",
                                 "\\d\\D\\w\\W\\s\\S",
                                 "\\pL\\p{Greek}\\P{Lu}",
                                 "\\x41\\x{1F600}\\101\\a\\n",
                                 "\\Q.*\\E",
                                 "a{2}b{2,}c{2,3}d{0}",
                                 "a{,3}",
                                 "{",
                                 "\\A\\z\\B",
                                 "é[à-ü]",
                                 "(?s).",
                                 "(?U)a+",
                                 "\\C",
                                 "[a\\-z]",
                                 "[\\w.-]",
                                 "x**"})
    EXPECT_TRUE(parse_open({.regex = good})) << good;
  for (const std::string bad : {"(", ")", "[a", "a{3,2}", "\\", "(?<=a)b", "(?z)a", "*a", "a{1001}", "\\8"})
    EXPECT_FALSE(parse_open({.regex = bad})) << bad;
}

// Every prefix of every string that RE2 matches is open, whatever the expression.
TEST(OpenMatcher, NoMatchOfRe2BeginsBeforeWhatIsOpen) {
  const std::string regexes[] = {"a[bc]*d",      "(?i)Ab{2,3}|cab",   "\\bab\\b",       "(?m)^a.c$",
                                 "[^a]bc{1,2}?", "(a|b)(c|\\b)\\s+a", "(?s)a.{0,3}b",   "(?:^|[^a-c])a(b*)c",
                                 "é{2}|[à-é]b",  "a(?:b|c\\n){0,2}$", "(?:a?b?){2,3}c", "[[:^alpha:]]{2}a"};
  std::minstd_rand random(7);
  constexpr std::string_view letters[] = {"a", "b", "c", "d", " ", "\n", "é", "A", "B"};
  std::size_t checked = 0;
  for (const std::string& regex : regexes) {
    const OpenMatcher made = matcher({regex});
    const re2::RE2 real("(" + regex + ")");
    ASSERT_TRUE(real.ok()) << regex;
    for (int round = 0; round < 400; ++round) {
      std::string text;
      for (int i = 0; i < 12; ++i) text += letters[random() % std::size(letters)];
      for (std::size_t begin = 0; begin < text.size(); ++begin) {
        re2::StringPiece match;
        if (!real.Match(text, begin, text.size(), re2::RE2::UNANCHORED, &match, 1) || match.empty()) continue;
        const auto start = static_cast<std::size_t>(match.data() - text.data());
        // The finding may begin behind the one character in front.
        const std::size_t held = regex.starts_with("(?:^|[^a-c])") ? text.find('a', start) : start;
        for (std::size_t cut = held + 1; cut <= start + match.size(); ++cut, ++checked)
          ASSERT_LE(made.open_from(text.substr(0, cut), 0), held) << regex << " in " << text << " cut at " << cut;
      }
    }
  }
  EXPECT_GT(checked, 10'000u);
}

TEST(OpenMatcher, WhatIsNotUnderstoodKeepsItsWidthOpen) {
  const std::vector<OpenSyntax> finite{{.regex = "(?>ab|c)d{2}"}}, endless{{.regex = "(?>a)+b"}};
  EXPECT_EQ(OpenMatcher::make(finite).not_understood(), 1u);
  EXPECT_EQ(OpenMatcher::make(finite).open_from("0123456789", 0), 0u) << "Hyperscan does not know its width either";
  EXPECT_EQ(OpenMatcher::make(endless).open_from("0123456789", 2), 2u);
}

TEST(OpenMatcher, TakesBytesAsTheyAreWhereAnExpressionMeansBytes) {
  const OpenMatcher bytes = matcher({"[a\x80-\xff]@"}, true, TextUnit::bytes);
  EXPECT_EQ(open(bytes, "x\xff"), 1u);
  EXPECT_EQ(open(bytes, "xA@"), 2u);
}

TEST(OpenMatcher, OneCharacterOverAndOverIsBounded) {
  const OpenMatcher made = matcher({"[a-z]{200}!", "a{500}b", "(?:a{2,9}b?){3}c"});
  EXPECT_EQ(open(made, std::string(3'000, 'a')), 500u);
}

}  // namespace
}  // namespace sluice::guard
