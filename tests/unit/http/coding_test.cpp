#include "http/coding.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace sluice::http {
namespace {

// "Sluice decodes this text, this text and this text." in each coding.
constexpr std::string_view text = "Sluice decodes this text, this text and this text.";
struct Sample {
  std::string_view coding;
  std::string_view base64;
};
constexpr Sample samples[] = {
    {"gzip", "H4sIAAAAAAAAAwvOKc1MTlVISU3OT0ktVijJyCxWKEmtKNFBMBUS81IQPD0A02jrojIAAAA="},
    {"deflate", "eJwLzinNTE5VSElNzk9JLVYoycgsVihJrSjRQTAVEvNSEDw9ANVjEkE="},
    {"x-gzip", "H4sIAAAAAAAEAwvOKc1MTlVISU3OT0ktVijJyCxWKEmtKNFBMBUS81IQPD0A02jrojIAAAA="},
    {"br", "GzEA+I2Uq+1oMeU2tq78aP5IRxCtgmADDtjDEDMa7wAS8OAg7asUqDjwVr/GIIbq"},
    {"zstd", "KLUv/QRYPQEA8FNsdWljZSBkZWNvZGVzIHRoaXMgdGV4dCwgYW5kLgIAMTfJWxkD9Xejbw=="},
};

TEST(Coding, AWholeBodyAndEveryCutOfItDecodeToTheSameText) {
  for (const auto& [coding, base64] : samples) {
    const std::string packed = *from_base64(base64);
    const Result<std::optional<std::string>> whole = decode_body(coding, packed, 1000);
    ASSERT_TRUE(whole) << coding << whole.error().message();
    EXPECT_EQ(**whole, text) << coding;
    for (std::size_t cut = 0; cut <= packed.size(); ++cut) {
      BodyDecoder decoder = *BodyDecoder::make(coding);
      std::string out;
      ASSERT_TRUE(decoder.feed(std::string_view(packed).substr(0, cut), out, 1000)) << coding << cut;
      ASSERT_TRUE(decoder.feed(std::string_view(packed).substr(cut), out, 1000)) << coding << cut;
      EXPECT_EQ(out, text) << coding << cut;
      EXPECT_TRUE(decoder.complete()) << coding << cut;
    }
  }
}

TEST(Coding, ABodyThatEndsTooEarlyGoesOnTooLongOrIsNoSuchCodingIsMalformed) {
  for (const auto& [coding, base64] : samples) {
    const std::string packed = *from_base64(base64);
    for (const std::string& bad : {packed.substr(0, packed.size() / 2), "not compressed " + packed}) {
      const auto decoded = decode_body(coding, bad, 1000);
      ASSERT_FALSE(decoded) << coding;
      EXPECT_EQ(decoded.error().code, ErrorCode::malformed) << coding;
    }
  }
}

TEST(Coding, TheLimitHoldsForWhatComesOut) {
  for (const auto& [coding, base64] : samples) {
    const auto decoded = decode_body(coding, *from_base64(base64), text.size() - 1);
    ASSERT_FALSE(decoded) << coding;
    EXPECT_EQ(decoded.error().code, ErrorCode::too_large) << coding;
  }
}

TEST(Coding, IdentityIsTheBodyItselfAndOtherCodingsAreUnsupported) {
  const auto same = decode_body("identity", "x", 10);
  ASSERT_TRUE(same);
  EXPECT_FALSE(*same);
  EXPECT_EQ(decode_body("gzip, br", "x", 10).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace sluice::http
