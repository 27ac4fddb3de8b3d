#include "console_backend/api/guardrail_change.h"

#include <algorithm>

#include "console_backend/guardrails/guard_providers.h"

namespace sluice::console {

Result<std::shared_ptr<const guard::Guard>> compile_guardrails(const Services& services, const GuardCheck::Turn& turn,
                                                               const policy::GuardrailDocument& document) {
  Result<Secret> key = services.config.write(
      [&](store::Session& session) { return guard_hash_key(session, services.master, services.clock.now()); });
  if (!key) return fail(key.error());
  return services.guard_check.compile(turn, document, *key);
}

void add_probe(policy::GuardrailDocument& document, const std::vector<NamedPart>& named) {
  policy::DetectorUse custom{.kind = policy::DetectorKind::custom};
  bool secrets = false;
  for (const auto& [part, id] : named) {
    if (part == Part::gitleaks) secrets = true;
    if (part == Part::pattern || part == Part::word_list || part == Part::topic) custom.names.push_back(id);
  }
  policy::GuardRule probe{.id = "probe", .on = {policy::Surface::input}, .action = policy::GuardAction::shadow};
  if (!custom.names.empty()) probe.detectors.push_back(std::move(custom));
  if (secrets) probe.detectors.push_back({.kind = policy::DetectorKind::secrets});
  if (probe.detectors.empty()) return;
  while (std::ranges::find(document.rules, probe.id, &policy::GuardRule::id) != document.rules.end()) probe.id += "_";
  document.rules.push_back(std::move(probe));
}

Result<void> tell_guardrails(Services& services, const Call& call, std::string_view what, std::string_view target,
                             std::string_view note) {
  auto told = services.publish_and_note(call.actor(), {{std::string(what), std::string(target), std::string(note)}});
  if (!told) return fail(told.error());
  services.changed({Topic::guardrails});
  return {};
}

}  // namespace sluice::console
