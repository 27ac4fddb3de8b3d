#include "guard/external/content.h"

#include <gtest/gtest.h>

#include "guard/external/vocabulary.h"

namespace sluice::guard::external {
namespace {

using Texts = std::vector<std::string_view>;

TEST(Pack, PutsShortTextsIntoOneCallWithAnEmptyLineBetween) {
  const auto contents = pack(Texts{"one", "", "two"}, 100, 10);
  ASSERT_TRUE(contents);
  ASSERT_EQ(contents->size(), 1U);
  const Content& content = contents->front();
  EXPECT_EQ(content.text, "one\n\ntwo");
  ASSERT_EQ(content.parts.size(), 2U);  // nothing is asked about an empty text
  EXPECT_EQ(content.parts[1].text, 2U);
  EXPECT_EQ(content.of(content.parts[1]), "two");
}

TEST(Pack, ObeysBothLimits) {
  EXPECT_EQ(pack(Texts{"aaaa", "bbbb", "cccc"}, 10, 10)->size(), 2U);  // 4 + 2 + 4
  EXPECT_EQ(pack(Texts{"aaaa", "bbbb", "cccc"}, 9, 10)->size(), 3U);
  EXPECT_EQ(pack(Texts{"aaaa", "bbbb", "cccc"}, 100, 2)->size(), 2U);
  EXPECT_TRUE(pack(Texts{}, 10, 10)->empty());
}

TEST(Pack, CutsLongTextsBetweenCharactersWithAnOverlap) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "é𝄞";  // 6 bytes, 3 UTF-16 units
  const auto contents = pack(Texts{text}, 40, 10);
  ASSERT_TRUE(contents) << contents.error().detail;
  std::size_t reached = 0;
  for (const Content& content : *contents) {
    ASSERT_EQ(content.parts.size(), 1U);
    const Part& part = content.parts[0];
    EXPECT_EQ(content.text, text.substr(part.start, part.size()));
    EXPECT_LE(part.start, reached);  // nothing is left out
    if (part.start > 0) EXPECT_LT(part.start, reached) << "no overlap";
    EXPECT_NE(static_cast<unsigned char>(text[part.start]) & 0xC0U, 0x80U);
    reached = part.end;
  }
  EXPECT_EQ(reached, text.size());
}

TEST(Pack, RefusesWhatNeedsTooManyCalls) {
  const std::string text(1000, 'x');
  const auto contents = pack(Texts{text}, 50, 10);
  ASSERT_FALSE(contents);
  EXPECT_EQ(contents.error().code, ErrorCode::too_large);
}

TEST(Pack, SendsAQuestionMarkForEachByteThatIsNoUtf8) {
  const auto contents = pack(Texts{"a\xff\xed\xa0\x80z\xf0\x9f"}, 100, 10);
  EXPECT_EQ(contents->front().text, "a????z??");
}

TEST(Offsets, AreFoundInEveryUnit) {
  const std::string text = "aé€𝄞z";  // 1, 2, 3, 4 and 1 bytes
  const Offsets points(text, Unit::code_points), units(text, Unit::utf16), bytes(text, Unit::bytes);
  const std::vector<std::size_t> starts{0, 1, 3, 6, 10, 11};
  for (std::size_t i = 0; i < starts.size(); ++i) EXPECT_EQ(points.byte_of(static_cast<std::int64_t>(i)), starts[i]);
  EXPECT_EQ(units.byte_of(3), 6U);
  EXPECT_EQ(units.byte_of(4), std::nullopt);  // between the surrogates
  EXPECT_EQ(units.byte_of(5), 10U);
  EXPECT_EQ(bytes.byte_of(2), std::nullopt);  // inside é
  EXPECT_EQ(bytes.byte_of(6), 6U);
}

TEST(Offsets, AreNoneBeyondTheText) {
  const Offsets points("aé", Unit::code_points);
  EXPECT_EQ(points.byte_of(2), 3U);
  EXPECT_EQ(points.byte_of(3), std::nullopt);
  EXPECT_EQ(points.byte_of(-1), std::nullopt);
  EXPECT_EQ(Offsets("", Unit::bytes).byte_of(0), 0U);
}

TEST(Offsets, AgreeWithCountingInALongText) {
  std::string text;
  std::vector<std::size_t> by_unit;
  constexpr std::string_view pieces[] = {"a", "é", "€", "𝄞"};
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::string_view piece = pieces[i * 7 % 4];
    by_unit.push_back(text.size());
    if (piece.size() == 4) by_unit.push_back(std::string::npos);
    text += piece;
  }
  const Offsets units(text, Unit::utf16);
  for (std::size_t i = 0; i < by_unit.size(); ++i)
    EXPECT_EQ(units.byte_of(static_cast<std::int64_t>(i)).value_or(std::string::npos), by_unit[i]) << i;
}

TEST(Vocabulary, KnowsTheWordsOfTheVendors) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"EMAIL", "email"},
      {"EMAIL_ADDRESS", "email"},
      {"pii/email", "email"},
      {"US_SOCIAL_SECURITY_NUMBER", "national_id"},
      {"US_SSN", "national_id"},
      {"CREDIT_DEBIT_CARD_NUMBER", "credit_card"},
      {"CREDIT_CARD_NUMBER", "credit_card"},
      {"IBAN_CODE", "iban"},
      {"IP_ADDRESS", "ip"},
      {"MAC_ADDRESS", "mac"},
      {"ADDRESS", "address"},
      {"SelfHarm", "self_harm"},
      {"HATE", "hate"},
      {"hate_speech", "hate"},
      {"INSULTS", "harassment"},
      {"sexually_explicit", "sexual"},
      {"PROMPT_ATTACK", "injection"},
      {"prompt_attack", "injection"},
      {"moderated_content/hate", "hate"},
      {"malicious_prompt", "injection"},
      {"AWS_SECRET_KEY", "secret"},
      {"secret_and_key_entity", "secret"},
      {"DATE_TIME", "date"},
      {"US_DRIVER_LICENSE", "driver_license"},
      {"PERSON", "person"},
      {"self_harm", "self_harm"},
      {"something else", "other"},
      {"", "other"},
  };
  for (const auto& [theirs, ours] : rows) EXPECT_EQ(type_of(theirs), ours) << theirs;
  for (const auto& [theirs, ours] : rows) EXPECT_TRUE(is_type(type_of(theirs)));
}

}  // namespace
}  // namespace sluice::guard::external
