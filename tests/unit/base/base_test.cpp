#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <type_traits>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/result.h"
#include "base/secret.h"

namespace sluice {
namespace {

TEST(Encoding, Base64FollowsTheVectorsOfRfc4648) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
}

TEST(Encoding, RefusesWhatIsNotBase64) {
  for (const auto* text : {"Zg=", "Zg", "Z===", "Zh==", "Zm8=Zm8=", "Zm 9v", "Z", "Zm9v\n"})
    EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Encoding, UrlSafeBase64HasNoPaddingAndItsOwnAlphabet) {
  EXPECT_EQ(to_base64url("\xfb\xff\xfe"), "-__-");
  EXPECT_EQ(to_base64url("f"), "Zg");
  EXPECT_EQ(from_base64url("-__-"), "\xfb\xff\xfe");
  EXPECT_FALSE(from_base64url("+//+"));
}

TEST(Encoding, HexReadsBothCasesAndRefusesTheRest) {
  EXPECT_EQ(to_hex(std::string("\x00\xff\x1a", 3)), "00ff1a");
  EXPECT_EQ(from_hex("00FF1a"), std::string("\x00\xff\x1a", 3));
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(Ids, AreUniqueAndSortByTime) {
  std::set<std::string> seen;
  std::string earlier;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = RequestId::make().text();
    EXPECT_TRUE(seen.insert(id).second);
    EXPECT_EQ(id.size(), 30u);
    EXPECT_THAT(id, testing::StartsWith("req_"));
    EXPECT_GE(id.substr(0, 14), earlier);  // 48 bits of milliseconds are the first ten digits
    earlier = id.substr(0, 13);
  }
}

TEST(Ids, OfDifferentKindsAreDifferentTypes) {
  static_assert(!std::is_convertible_v<RequestId, DeviceId>);
  static_assert(!std::is_convertible_v<std::string, DeviceId>);
  EXPECT_NE(DeviceId::make(), DeviceId::make());
}

TEST(Clock, TimesSurviveTheirTextForm) {
  const TimePoint time{std::chrono::microseconds(1'795'000'000'123'000)};
  EXPECT_EQ(from_rfc3339(to_rfc3339(time)), time);
  EXPECT_EQ(to_rfc3339(TimePoint{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(from_rfc3339("2028-02-29T23:59:59Z").value(), from_rfc3339("2028-02-29T23:59:59.000Z").value());
}

TEST(Clock, RefusesTimesThatDoNotExist) {
  for (const auto* text :
       {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00.x00Z", "2026-1-01T00:00:00Z"})
    EXPECT_FALSE(from_rfc3339(text)) << text;
}

TEST(Money, ACostIsNeverBelowThePrice) {
  EXPECT_EQ(cost_of({1}, {15'000'000'000}).nanodollars, 15'000);
  EXPECT_EQ(cost_of({3}, {333'333}).nanodollars, 1);  // 0.999999 is rounded up
  EXPECT_EQ(cost_of({0}, {15'000'000'000}).nanodollars, 0);
  EXPECT_EQ(cost_of({9'000'000'000'000}, {1'000'000'000}).nanodollars, 9'000'000'000'000'000);  // no overflow midway
}

TEST(Secret, CanBeNeitherCopiedNorPrinted) {
  static_assert(!std::is_copy_constructible_v<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  Secret one("value");
  const Secret two(std::move(one));
  EXPECT_EQ(two.reveal(), "value");
  EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move): the promise is that nothing stays behind
}

TEST(Secret, ComparesByValueAndLength) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

TEST(Error, CarriesTheActivityInFront) {
  const Error error = Error{ErrorCode::malformed, "line 3"}.during("reading agent.json");
  EXPECT_EQ(error.detail, "reading agent.json: line 3");
  EXPECT_EQ(error.message(), "The input is not well-formed: reading agent.json: line 3");
  EXPECT_EQ(error.name(), "malformed");
}

}  // namespace
}  // namespace sluice
