// Credentials of a request: which fields may carry them, and what becomes of each on the way upstream.
//
// A virtual key ("sk-slc-…") is read from Authorization: Bearer, x-api-key, x-goog-api-key, api-key or x-sluice-key
// (x-bf-vk is an alias of the last). It is looked up by its SHA-256 and never goes upstream.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dialect/dialect.h"
#include "http/message.h"
#include "policy/decide.h"

namespace sluice::gateway {

inline constexpr std::string_view virtual_key_prefix = "sk-slc-";

// The virtual key of an API client's request: a view into `fields`. nullopt when none of the fields holds one.
std::optional<std::string_view> virtual_key_in(const http::Fields& fields) noexcept;

// The key's entry, a disabled one too. unauthenticated when there is none or an unknown one (one sentence for both
// would hide a mistake from its owner; the look-up is by hash, so that its time tells nothing).
Result<const policy::CompiledKey*> find_key(const policy::GatewayPolicy& rules, const http::Fields& fields);

// True for every field that can carry a credential of an API client; none of them is forwarded. Cookies belong to
// whatever else lives on our origin (the relayed web console), never to a provider.
bool is_client_credential(std::string_view field_name) noexcept;

// The provider's key in the field of its dialect: "authorization", "x-api-key" or "x-goog-api-key".
struct ProviderCredential {
  std::string_view field;
  std::string value;
};
ProviderCredential provider_credential(dialect::Dialect dialect, const Secret& api_key);

}  // namespace sluice::gateway
