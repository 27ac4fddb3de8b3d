#include "guard/external/google_token.h"

#include <chrono>

#include "base/encoding.h"
#include "base/json.h"
#include "tls/rs256.h"

namespace sluice::guard::external {
namespace {

std::string_view text_of(const JsonValue& key, std::string_view name) {
  const JsonValue* const value = key.find(name);
  const auto* const text = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

}  // namespace

Result<std::string> google_token(std::string_view credential, std::string_view audience, TimePoint now) {
  if (!credential.starts_with('{')) return std::string(credential);
  const Result<JsonValue> key = parse_json(credential, {.bytes = 16 * 1024, .depth = 4});
  if (!key) return fail(ErrorCode::invalid_argument, "the service account's key is no JSON");
  const std::string_view account = text_of(*key, "client_email");
  if (text_of(*key, "type") != "service_account" || account.empty())
    return fail(ErrorCode::invalid_argument, "the credential is no service account's key");
  const std::int64_t issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  JsonWriter head, claims;
  head.begin_object().field("alg", "RS256").field("typ", "JWT").field("kid", text_of(*key, "private_key_id"));
  claims.begin_object().field("iss", account).field("sub", account).field("aud", audience);
  claims.field("iat", issued).field("exp", issued + 3600);
  std::string token = to_base64url(head.end_object().text()) + "." + to_base64url(claims.end_object().text());
  const auto signature = tls::sign_rs256(Secret(std::string(text_of(*key, "private_key"))), token);
  if (!signature) return fail(ErrorCode::invalid_argument, "the service account's key: " + signature.error().detail);
  return token.append(".").append(to_base64url(*signature));
}

}  // namespace sluice::guard::external
