// GET /v1/models. No provider is asked: what is known are the models that the organisation's keys name.
#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "gateway/pipeline/pipeline.h"

namespace sluice::gateway {
namespace {

bool is_pattern(std::string_view glob) noexcept {
  return glob.contains('*');
}

// The names that the key lists for the provider, and of those that other keys list the ones that its patterns allow.
std::vector<std::string_view> models_of(const policy::ProviderModels& listed, const policy::CompiledKey& key,
                                        const policy::GatewayPolicy& rules) {
  std::vector<std::string_view> models;
  for (const std::string& glob : listed.globs)
    if (!is_pattern(glob)) models.emplace_back(glob);
  if (models.size() < listed.globs.size())
    std::ranges::copy_if(rules.shared_models(listed.provider), std::back_inserter(models),
                         [&](std::string_view model) { return policy::model_allowed(key, listed.provider, model); });
  std::ranges::sort(models);
  const auto repeated = std::ranges::unique(models);
  models.erase(repeated.begin(), repeated.end());
  return models;
}

void write_model(JsonWriter& json, dialect::Dialect dialect, const std::string& provider, std::string_view model) {
  const std::string id = std::string(provider).append("/").append(model);
  json.begin_object();
  if (dialect == dialect::Dialect::anthropic)
    json.field("type", "model").field("id", id).field("display_name", model).field("created_at", TimePoint());
  else
    json.field("id", id).field("object", "model").field("created", 0).field("owned_by", provider);
  json.end_object();
}

}  // namespace

std::string models_document(dialect::Dialect dialect, const policy::CompiledKey& key,
                            const policy::GatewayPolicy& rules) {
  JsonWriter json;
  json.begin_object();
  if (dialect != dialect::Dialect::anthropic) json.field("object", "list");
  json.key("data").begin_array();
  std::vector<std::string> patterns;
  for (const policy::ProviderModels& listed : key.key.allowed_models) {
    for (const std::string_view model : models_of(listed, key, rules))
      write_model(json, dialect, listed.provider, model);
    for (const std::string& glob : listed.globs)
      if (is_pattern(glob)) patterns.push_back(std::string(listed.provider).append("/").append(glob));
  }
  json.end_array();
  if (dialect == dialect::Dialect::anthropic) json.field("has_more", false);
  // Beside what the providers' own lists have: an empty list of a key that may use everything explains itself.
  if (!patterns.empty()) json.field("allowed_patterns", patterns);
  return json.end_object().take();
}

}  // namespace sluice::gateway
