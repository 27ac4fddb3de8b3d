#include "gateway/edge/credentials.h"

#include <algorithm>
#include <array>

#include "tls/crypto.h"

namespace sluice::gateway {
namespace {

// In the order they are asked; the first that holds a virtual key counts.
constexpr std::array<std::string_view, 6> key_fields{"x-sluice-key", "x-bf-vk",        "authorization",
                                                     "x-api-key",    "x-goog-api-key", "api-key"};

std::string_view without_scheme(std::string_view value) noexcept {
  constexpr std::string_view bearer = "bearer ";
  if (value.size() <= bearer.size() || !http::equal_ignoring_case(value.substr(0, bearer.size()), bearer)) return value;
  value.remove_prefix(bearer.size());
  while (value.starts_with(' ')) value.remove_prefix(1);
  return value;
}

}  // namespace

std::optional<std::string_view> virtual_key_in(const http::Fields& fields) noexcept {
  for (const std::string_view name : key_fields) {
    const std::optional<std::string_view> value = fields.get(name);
    if (!value) continue;
    const std::string_view key = without_scheme(*value);
    if (key.starts_with(virtual_key_prefix)) return key;
  }
  return std::nullopt;
}

Result<const policy::CompiledKey*> find_key(const policy::GatewayPolicy& rules, const http::Fields& fields) {
  const std::optional<std::string_view> text = virtual_key_in(fields);
  if (!text) return fail(ErrorCode::unauthenticated, "send a virtual key (sk-slc-…) as bearer token or in x-api-key");
  const policy::CompiledKey* const key = rules.key_by_hash(tls::sha256_hex(*text));
  if (key == nullptr) return fail(ErrorCode::unauthenticated, "this virtual key is not known here");
  return key;
}

bool is_client_credential(std::string_view field_name) noexcept {
  const auto is = [field_name](std::string_view name) { return http::equal_ignoring_case(field_name, name); };
  return std::ranges::any_of(key_fields, is) || is("cookie") || is("x-bf-user-id");
}

ProviderCredential provider_credential(dialect::Dialect dialect, const Secret& api_key) {
  switch (dialect) {
    case dialect::Dialect::openai:
      return {"authorization", "Bearer " + std::string(api_key.reveal())};
    case dialect::Dialect::anthropic:
      return {"x-api-key", std::string(api_key.reveal())};
    case dialect::Dialect::gemini:
      return {"x-goog-api-key", std::string(api_key.reveal())};
  }
  return {};
}

}  // namespace sluice::gateway
