#include "policy/decide.h"

#include <algorithm>

namespace sluice::policy {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string canonical_serial(std::string_view hex) {
  auto text = lower(hex);
  const auto first = text.find_first_not_of('0');
  return first == std::string::npos ? "0" : text.substr(first);
}

AppDecision decided(Decision decision, Scope scope, PendingApps pending, std::string_view note,
                    std::string_view reference) {
  const bool allowed =
      decision == Decision::approved || (decision == Decision::pending && pending == PendingApps::allow);
  return {allowed, decision, scope, note, reference};
}

}  // namespace

Policy::Policy(FleetSnapshot snapshot) : snapshot_(std::move(snapshot)) {
  for (std::size_t i = 0; i < snapshot_.hosts.size(); ++i) hosts_.insert_or_assign(lower(snapshot_.hosts[i].host), i);
  for (std::size_t i = 0; i < snapshot_.apps.size(); ++i) apps_.insert_or_assign(snapshot_.apps[i].app, i);
  for (std::size_t i = 0; i < snapshot_.device_decisions.size(); ++i) {
    const auto& decision = snapshot_.device_decisions[i];
    device_decisions_[decision.device_id].insert_or_assign(decision.app, i);
  }
  for (const auto& serial : snapshot_.revoked_serials) revoked_.insert(canonical_serial(serial));
}

const GovernedHost* Policy::host_named(std::string_view host) const {
  if (host.ends_with('.')) host.remove_suffix(1);
  const bool is_lower = std::ranges::none_of(host, [](char c) { return c >= 'A' && c <= 'Z'; });
  const auto found = is_lower ? hosts_.find(host) : hosts_.find(lower(host));
  return found == hosts_.end() ? nullptr : &snapshot_.hosts[found->second];
}

AppDecision Policy::decide_app(std::string_view device_id, std::string_view app) const {
  if (const auto device = device_decisions_.find(device_id); device != device_decisions_.end())
    if (const auto found = device->second.find(app); found != device->second.end()) {
      const auto& entry = snapshot_.device_decisions[found->second];
      return decided(entry.decision, Scope::device, snapshot_.pending_apps, entry.note, entry.reference);
    }
  if (const auto found = apps_.find(app); found != apps_.end()) {
    const auto& entry = snapshot_.apps[found->second];
    return decided(entry.decision, Scope::global, snapshot_.pending_apps, entry.note, entry.reference);
  }
  return decided(Decision::pending, Scope::unknown, snapshot_.pending_apps, {}, {});
}

bool Policy::is_revoked(std::string_view serial_hex) const {
  return revoked_.contains(canonical_serial(serial_hex));
}

ModelGlobs::ModelGlobs(const std::vector<std::string>& globs) {
  for (const auto& glob : globs) {
    if (glob == "*")
      all_ = true;
    else if (glob.find('*') == std::string::npos)
      exact_.insert(glob);
    else
      patterns_.push_back(glob);
  }
}

bool ModelGlobs::matches(std::string_view model) const {
  if (all_ || exact_.contains(model)) return true;
  return std::ranges::any_of(patterns_, [model](const std::string& glob) { return glob_matches(glob, model); });
}

// Two pointers and the last star: at most |pattern| × |text| steps.
bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
  constexpr auto none = std::string_view::npos;
  std::size_t p = 0, t = 0, star = none, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != none) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool model_allowed(const CompiledKey& key, std::string_view provider, std::string_view model) {
  const auto found = key.models.find(provider);
  return found != key.models.end() && found->second.matches(model);
}

namespace {

ByName<std::vector<std::string_view>> shared_models_of(const std::vector<CompiledKey>& keys) {
  ByName<std::unordered_set<std::string_view>> distinct;
  for (const CompiledKey& key : keys)
    for (const auto& [provider, globs] : key.key.allowed_models)
      for (const std::string& name : globs)
        if (name.find_first_of("*:") == std::string::npos) distinct[provider].insert(name);
  ByName<std::vector<std::string_view>> sorted;
  for (const auto& [provider, names] : distinct) {
    std::vector<std::string_view>& list = sorted[provider];
    list.assign(names.begin(), names.end());
    std::ranges::sort(list);
  }
  return sorted;
}

}  // namespace

GatewayPolicy::GatewayPolicy(GatewaySnapshot snapshot)
    : fleet_(std::move(snapshot.fleet)),
      providers_(std::move(snapshot.providers)),
      guard_providers_(std::move(snapshot.guard_providers)),
      guard_hash_key_(std::move(snapshot.guard_hash_key)) {
  keys_.reserve(snapshot.virtual_keys.size());
  for (auto& key : snapshot.virtual_keys) {
    CompiledKey compiled{.key = std::move(key), .models = {}};
    for (const auto& [provider, globs] : compiled.key.allowed_models) compiled.models.emplace(provider, globs);
    keys_.push_back(std::move(compiled));
  }
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto& key = keys_[i].key;
    keys_by_id_.insert_or_assign(key.id, i);
    if (!key.key_sha256.empty()) keys_by_hash_.insert_or_assign(key.key_sha256, i);
    if (key.fleet_default && key.enabled && fleet_default_ == nullptr) fleet_default_ = &keys_[i];
  }
  for (std::size_t i = 0; i < providers_.size(); ++i) providers_by_name_.insert_or_assign(providers_[i].provider, i);
  shared_models_ = shared_models_of(keys_);
}

std::span<const std::string_view> GatewayPolicy::shared_models(std::string_view provider) const {
  const auto found = shared_models_.find(provider);
  return found == shared_models_.end() ? std::span<const std::string_view>() : found->second;
}

const CompiledKey* GatewayPolicy::key_by_hash(std::string_view key_sha256) const {
  const auto found = keys_by_hash_.find(key_sha256);
  return found == keys_by_hash_.end() ? nullptr : &keys_[found->second];
}

const CompiledKey* GatewayPolicy::key_by_id(std::string_view id) const {
  const auto found = keys_by_id_.find(id);
  return found == keys_by_id_.end() ? nullptr : &keys_[found->second];
}

const ProviderSettings* GatewayPolicy::provider_named(std::string_view provider) const {
  const auto found = providers_by_name_.find(provider);
  return found == providers_by_name_.end() ? nullptr : &providers_[found->second];
}

}  // namespace sluice::policy
