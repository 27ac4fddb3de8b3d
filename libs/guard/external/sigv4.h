// AWS Signature Version 4 for one request with a body (the header form).
// docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace sluice::guard::external {

struct AwsKeys {
  std::string_view id, secret, session_token;  // the token is empty for keys without one
};
// "ACCESS_KEY_ID:SECRET[:SESSION_TOKEN]".
AwsKeys aws_keys_of(std::string_view credential);

struct AwsRequest {
  std::string_view method, host;
  std::string_view path;   // as it goes on the wire, percent-encoded
  std::string_view query;  // likewise, without '?'
  std::string_view body;
  std::vector<std::pair<std::string, std::string>> headers;  // signed too; host and x-amz-date are added
};

// What goes along with the request: x-amz-date, x-amz-security-token (where there is one), authorization.
std::vector<std::pair<std::string, std::string>> sign_v4(const AwsRequest& request, const AwsKeys& keys,
                                                         std::string_view region, std::string_view service,
                                                         TimePoint now);

}  // namespace sluice::guard::external
