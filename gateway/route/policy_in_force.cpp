#include "gateway/route/policy_in_force.h"

#include <algorithm>

namespace sluice::gateway {

Result<PolicyPtr> PolicyInForce::make(policy::GatewaySnapshot snapshot, GuardPtr guard,
                                      std::optional<wire::SnapshotVersion> shown) {
  auto made = std::make_shared<PolicyInForce>(std::move(snapshot), std::move(guard), shown);
  for (const policy::ProviderSettings& provider : made->rules_.providers()) {
    Result<Destination> destination = destination_of_url(provider.base_url);
    if (!destination) return fail(destination.error().during("providers." + provider.provider + ".base_url"));
    made->providers_.emplace(provider.provider, std::move(*destination));
  }
  for (const policy::GovernedHost& host : made->fleet().hosts)
    made->hosts_.emplace(host.host, destination_of_governed_host(host.host));
  for (const policy::AppEntry& app : made->fleet().apps) made->app_names_.emplace(app.app, app.name);
  return made;
}

const Destination* PolicyInForce::of_provider(std::string_view provider) const {
  const auto found = providers_.find(provider);
  return found == providers_.end() ? nullptr : &found->second;
}

const Destination* PolicyInForce::of_host(std::string_view host) const {
  const auto found = hosts_.find(host);
  return found == hosts_.end() ? nullptr : &found->second;
}

std::string_view PolicyInForce::app_name(std::string_view app) const {
  const auto found = app_names_.find(app);
  return found == app_names_.end() || found->second.empty() ? app : std::string_view(found->second);
}

namespace {

ProviderChoice choice_of(const PolicyInForce& policy, const policy::ProviderSettings& provider,
                         std::string_view model) {
  return {&provider, policy.of_provider(provider.provider), model};
}

std::string not_allowed(std::string_view model) {
  return "this key may not use the model " + std::string(model.substr(0, 128));
}

// Some providers' own names hold a slash ("meta-llama/llama-3"). Without a provider in front such a name is taken only
// where a glob of the key has a slash too: "*" and "gpt-*" would take every mistyped provider for a part of the name.
bool slash_allowed(const policy::CompiledKey& key, const policy::ProviderSettings& provider, std::string_view model) {
  const policy::ProviderModels* const listed = policy::models_at(key.key, provider.provider);
  return listed != nullptr && std::ranges::any_of(listed->globs, [model](const std::string& glob) {
           return glob.find('/') != std::string::npos && policy::glob_matches(glob, model);
         });
}

std::string unknown_provider(const PolicyInForce& policy, const policy::CompiledKey& key, dialect::Dialect dialect,
                             const dialect::ModelName& name) {
  std::string known;
  for (const policy::ProviderModels& listed : key.key.allowed_models) {
    const policy::ProviderSettings* const provider = policy.rules().provider_named(listed.provider);
    if (provider == nullptr || provider->dialect != dialect) continue;
    known.append(known.empty() ? "" : ", ").append(listed.provider);
  }
  std::string text = "there is no provider " + std::string(name.provider.substr(0, 128)) + " for the model " +
                     std::string(name.model.substr(0, 128));
  return text + (known.empty() ? "; this key has no provider for this API"
                               : "; this key's providers for this API are " + known);
}

}  // namespace

Result<ProviderChoice> choose_provider(const PolicyInForce& policy, const policy::CompiledKey& key,
                                       dialect::Dialect dialect, std::string_view requested) {
  const dialect::ModelName name = dialect::split_model(requested);
  if (!name.provider.empty()) {
    if (const auto* provider = policy.rules().provider_named(name.provider)) {
      if (provider->dialect != dialect)
        return fail(ErrorCode::unsupported, "the provider " + provider->provider + " speaks the " +
                                                std::string(dialect::name_of(provider->dialect)) +
                                                " API; requests are not translated");
      if (!policy::model_allowed(key, provider->provider, name.model))
        return fail(ErrorCode::model_not_allowed, not_allowed(requested));
      return choice_of(policy, *provider, name.model);
    }
  }
  for (const policy::ProviderModels& listed : key.key.allowed_models) {
    const policy::ProviderSettings* const provider = policy.rules().provider_named(listed.provider);
    if (provider == nullptr || provider->dialect != dialect) continue;
    if (!policy::model_allowed(key, provider->provider, requested)) continue;
    if (!name.provider.empty() && !slash_allowed(key, *provider, requested)) continue;
    return choice_of(policy, *provider, requested);
  }
  const bool any = std::ranges::find(policy.rules().providers(), dialect, &policy::ProviderSettings::dialect) !=
                   policy.rules().providers().end();
  if (any && !name.provider.empty()) return fail(ErrorCode::not_found, unknown_provider(policy, key, dialect, name));
  if (any) return fail(ErrorCode::model_not_allowed, not_allowed(requested));
  return fail(ErrorCode::not_found, "no provider is set up for the " + std::string(dialect::name_of(dialect)) + " API");
}

}  // namespace sluice::gateway
