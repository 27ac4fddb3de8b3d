// The signatures are those of AWS's published test suite for Signature Version 4 (aws-sig-v4-test-suite): one key, one
// moment, service "service" in us-east-1.
#include "guard/external/sigv4.h"

#include <gtest/gtest.h>

namespace sluice::guard::external {
namespace {

constexpr std::string_view credential = "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

std::string authorization_of(const AwsRequest& request) {
  const TimePoint now = *from_rfc3339("2015-08-30T12:36:00Z");
  const auto fields = sign_v4(request, aws_keys_of(credential), "us-east-1", "service", now);
  EXPECT_EQ(fields.front(), (std::pair<std::string, std::string>("x-amz-date", "20150830T123600Z")));
  return fields.back().second;
}

std::string expected(std::string_view names, std::string_view signature) {
  return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" +
         std::string(names) + ", Signature=" + std::string(signature);
}

AwsRequest request(std::string_view method) {
  return {.method = method, .host = "example.amazonaws.com", .path = "/", .query = {}, .body = {}, .headers = {}};
}

TEST(SigV4, SignsGetVanilla) {
  EXPECT_EQ(authorization_of(request("GET")),
            expected("host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
}

TEST(SigV4, SignsPostVanilla) {
  EXPECT_EQ(authorization_of(request("POST")),
            expected("host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"));
}

TEST(SigV4, SortsTheQuery) {
  AwsRequest get = request("GET");
  get.query = "Param2=value2&Param1=value1";
  EXPECT_EQ(authorization_of(get),
            expected("host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"));
}

TEST(SigV4, SignsABodyWithItsType) {
  AwsRequest post = request("POST");
  post.body = "Param1=value1";
  post.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  EXPECT_EQ(authorization_of(post), expected("content-type;host;x-amz-date",
                                             "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));
}

TEST(SigV4, SignsTheSessionTokenToo) {
  AwsKeys keys = aws_keys_of("AKID:secret:token/with+signs==");
  EXPECT_EQ(keys.session_token, "token/with+signs==");
  const auto fields = sign_v4(request("POST"), keys, "us-east-1", "service", *from_rfc3339("2015-08-30T12:36:00Z"));
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields[1], (std::pair<std::string, std::string>("x-amz-security-token", "token/with+signs==")));
  EXPECT_NE(fields[2].second.find("SignedHeaders=host;x-amz-date;x-amz-security-token"), std::string::npos);
}

}  // namespace
}  // namespace sluice::guard::external
