#include "guard/external/sigv4.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/encoding.h"
#include "guard/external/vendors.h"
#include "tls/crypto.h"

namespace sluice::guard::external {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Blanks at the ends go, runs inside become one.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const char c : value)
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out.push_back(c);
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// "20150830T123600Z"; the first eight are the day.
std::string basic_time(TimePoint now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(seconds - day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

// Parameters in order of name, then value.
std::string canonical_query(std::string_view query) {
  std::vector<std::string> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string parameter(query.substr(0, end));
    if (!parameter.contains('=')) parameter.push_back('=');
    parameters.push_back(std::move(parameter));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  std::ranges::sort(parameters, {}, [](const std::string& text) {
    const auto equals = text.find('=');
    return std::pair(text.substr(0, equals), text.substr(equals + 1));
  });
  std::string out;
  for (const std::string& parameter : parameters) out.append(out.empty() ? "" : "&").append(parameter);
  return out;
}

std::string hex_sha256(std::string_view bytes) {
  return tls::sha256_hex(bytes);
}

}  // namespace

AwsKeys aws_keys_of(std::string_view credential) {
  const auto first = std::min(credential.find(':'), credential.size());
  AwsKeys keys{.id = credential.substr(0, first), .secret = {}, .session_token = {}};
  credential.remove_prefix(std::min(first + 1, credential.size()));
  const auto second = std::min(credential.find(':'), credential.size());
  keys.secret = credential.substr(0, second);
  keys.session_token = credential.substr(std::min(second + 1, credential.size()));
  return keys;
}

std::vector<std::pair<std::string, std::string>> sign_v4(const AwsRequest& request, const AwsKeys& keys,
                                                         std::string_view region, std::string_view service,
                                                         TimePoint now) {
  const std::string time = basic_time(now);
  std::vector<std::pair<std::string, std::string>> added{{"x-amz-date", time}};
  if (!keys.session_token.empty()) added.emplace_back("x-amz-security-token", keys.session_token);

  std::vector<std::pair<std::string, std::string>> fields{{"host", std::string(request.host)}};
  for (const auto& list : {request.headers, added})
    for (const auto& [name, value] : list) fields.emplace_back(lower(name), trimmed(value));
  std::ranges::sort(fields, {}, [](const auto& field) { return field.first; });
  std::string names, lines;
  for (const auto& [name, value] : fields) {
    names.append(names.empty() ? "" : ";").append(name);
    lines.append(name).append(":").append(value).append("\n");
  }
  // The path is encoded once more than on the wire, for every service but S3.
  std::string canonical(request.method);
  canonical.append("\n").append(encoded(request.path, "/")).append("\n").append(canonical_query(request.query));
  canonical.append("\n").append(lines).append("\n").append(names).append("\n").append(hex_sha256(request.body));

  const std::string day = time.substr(0, 8);
  const std::string scope = day + "/" + std::string(region) + "/" + std::string(service) + "/aws4_request";
  const std::string to_sign = std::string(algorithm) + "\n" + time + "\n" + scope + "\n" + hex_sha256(canonical);
  tls::Digest key = tls::hmac_sha256(Secret("AWS4" + std::string(keys.secret)).reveal(), day);
  for (const std::string_view part : {region, service, std::string_view("aws4_request")})
    key = tls::hmac_sha256(tls::view(key), part);
  const std::string signature = to_hex(tls::view(tls::hmac_sha256(tls::view(key), to_sign)));
  added.emplace_back("authorization", std::string(algorithm) + " Credential=" + std::string(keys.id) + "/" + scope +
                                          ", SignedHeaders=" + names + ", Signature=" + signature);
  return added;
}

}  // namespace sluice::guard::external
