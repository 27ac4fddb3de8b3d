// The AI providers that API clients reach through the gateway; their keys are sealed under the master key.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "console_backend/ca/authority.h"
#include "dialect/dialect.h"
#include "store/database.h"

namespace sluice::console {

struct ProviderRow {
  std::string provider;
  dialect::Dialect dialect = dialect::Dialect::openai;
  std::string base_url;
  std::string api_key_sealed;  // empty: none
};
// What a PUT names; the rest stays.
struct ProviderChange {
  std::optional<std::string> base_url;
  std::optional<dialect::Dialect> dialect;
  std::optional<Secret> api_key;  // an empty one removes it
};

std::vector<ProviderRow> providers(store::Session& session);  // by name
std::optional<ProviderRow> find_provider(store::Session& session, std::string_view provider);
// invalid_argument naming the field when a new provider lacks one, or base_url is neither https nor http to loopback.
Result<ProviderRow> put_provider(store::Session& session, const MasterKey& master, std::string_view provider,
                                 const ProviderChange& change, TimePoint now);
bool remove_provider(store::Session& session, std::string_view provider);  // false: there is none
Result<Secret> api_key_of(const ProviderRow& provider, const MasterKey& master);
// The rows of a new deployment: openai, anthropic and google, without keys.
void add_default_providers(store::Session& session, const MasterKey& master, TimePoint now);

}  // namespace sluice::console
