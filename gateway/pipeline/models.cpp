// GET /v1/models. No provider is asked: what is known are the models that the organisation's keys name.
#include <set>

#include "base/json.h"
#include "gateway/pipeline/pipeline.h"

namespace sluice::gateway {
namespace {

bool is_pattern(std::string_view glob) noexcept {
  return glob.contains('*');
}

// The names that any key lists for the provider and that this key may use.
std::set<std::string> models_of(const std::string& provider, const policy::CompiledKey& key,
                                const policy::GatewayPolicy& rules) {
  std::set<std::string> models;
  for (const policy::CompiledKey& other : rules.keys()) {
    const policy::ProviderModels* const listed = policy::models_at(other.key, provider);
    if (listed == nullptr) continue;
    for (const std::string& model : listed->globs)
      if (!is_pattern(model) && policy::model_allowed(key, provider, model)) models.insert(model);
  }
  return models;
}

void write_model(JsonWriter& json, dialect::Dialect dialect, const std::string& provider, const std::string& model) {
  const std::string id = provider + "/" + model;
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
  for (const auto& [provider, globs] : key.key.allowed_models) {
    for (const std::string& model : models_of(provider, key, rules)) write_model(json, dialect, provider, model);
    for (const std::string& glob : globs)
      if (is_pattern(glob)) patterns.push_back(std::string(provider).append("/").append(glob));
  }
  json.end_array();
  if (dialect == dialect::Dialect::anthropic) json.field("has_more", false);
  // Beside what the providers' own lists have: an empty list of a key that may use everything explains itself.
  if (!patterns.empty()) json.field("allowed_patterns", patterns);
  return json.end_object().take();
}

}  // namespace sluice::gateway
