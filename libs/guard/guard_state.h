// What a Guard holds. Private to libs/guard/{guard,guard_compile,settled}.cpp.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "guard/custom/custom_rules.h"
#include "guard/guard.h"
#include "guard/secrets/secret_rules.h"

namespace re2 {
class RE2;
}

namespace sluice::guard {

struct CompiledAllowList {
  std::unordered_set<std::string_view> texts;  // views of the document
  std::vector<std::unique_ptr<const re2::RE2>> regexes;
  [[nodiscard]] bool holds(std::string_view text) const;
};

struct CompiledUse {
  policy::DetectorKind kind = policy::DetectorKind::secrets;
  std::vector<std::string_view> types, names;  // sorted views of the document; empty: all
  std::optional<float> threshold = {};
  std::optional<Part> part = {};  // secrets with names, of rules that hold streams
  [[nodiscard]] bool takes(const Finding& finding) const;
};

// Whether a rule with this action may keep a stream back.
constexpr bool may_hold(policy::GuardAction action) noexcept {
  return action == policy::GuardAction::redact || action == policy::GuardAction::block;
}

struct CompiledRule {
  policy::GuardAction action = policy::GuardAction::flag;
  std::vector<CompiledUse> uses;
  std::vector<const CompiledAllowList*> allow;
  std::vector<std::string_view> users, teams, keys, apps;  // sorted; empty: everybody
  [[nodiscard]] bool takes(const Finding& finding, std::string_view text) const;
  [[nodiscard]] bool stands_for(const Subject& subject) const;
};

struct Guard::State {
  policy::GuardrailDocument document;
  Secret hash_key;
  std::vector<CompiledAllowList> allow_lists;  // as in the document
  std::vector<CompiledRule> rules;             // as in the document; a disabled one has no uses
  // The families that enabled rules use; nullptr: none does. `engine` is nullptr when all are.
  std::shared_ptr<const SecretRules> secrets;
  std::shared_ptr<const Ruleset> pii, injection;
  std::shared_ptr<const CustomRules> custom;
  std::shared_ptr<const Engine> engine;
  bool ready = true;  // false: as Guard::unready()
};

}  // namespace sluice::guard
