#include "console_backend/guardrails/replace.h"

#include <algorithm>
#include <map>

#include "console_backend/guardrails/document.h"

namespace sluice::console {

namespace {

template <class Entry>
std::vector<std::string> ids(const std::vector<Entry>& entries) {
  std::vector<std::string> all;
  for (const Entry& entry : entries) all.push_back(entry.id);
  return all;
}

std::vector<std::string> those_in(const std::vector<std::string>& ids, const std::vector<std::string>& others) {
  std::vector<std::string> common;
  std::ranges::copy_if(ids, std::back_inserter(common),
                       [&](const std::string& id) { return std::ranges::find(others, id) != others.end(); });
  return common;
}

using Definitions = std::map<std::string, std::string, std::less<>>;
Definitions definitions(const policy::GuardrailDocument& document, Part part, const std::vector<std::string>& ids) {
  Definitions all;
  for (std::size_t i = 0; i < ids.size(); ++i) all.emplace(ids[i], definition_of(document, part, i));
  return all;
}

}  // namespace

std::string_view name_of(Difference difference) noexcept {
  constexpr std::string_view names[] = {"added", "changed", "moved", "removed"};
  return names[static_cast<std::size_t>(difference)];
}

std::vector<std::string> ids_of(const policy::GuardrailDocument& document, Part part) {
  switch (part) {
    case Part::rule:
      return ids(document.rules);
    case Part::pattern:
      return ids(document.patterns);
    case Part::word_list:
      return ids(document.word_lists);
    case Part::topic:
      return ids(document.topics);
    case Part::allow_list:
      return ids(document.allow_lists);
    case Part::gitleaks:
      return ids(document.gitleaks);
  }
  return {};
}

std::vector<PartDifference> differences(const policy::GuardrailDocument& from, const policy::GuardrailDocument& to) {
  std::vector<PartDifference> all;
  for (const Part part : all_parts) {
    const std::vector<std::string> before = ids_of(from, part), after = ids_of(to, part);
    const Definitions old = definitions(from, part, before);
    const Definitions made = definitions(to, part, after);
    std::vector<std::string> stayed, kept;
    if (part == Part::rule) stayed = those_in(before, after), kept = those_in(after, before);
    for (const std::string& id : after) {
      const auto was = old.find(id);
      if (was == old.end()) {
        all.push_back({part, id, Difference::added});
      } else if (was->second != made.find(id)->second) {
        all.push_back({part, id, Difference::changed});
      } else if (part == Part::rule &&
                 std::ranges::find(stayed, id) - stayed.begin() != std::ranges::find(kept, id) - kept.begin()) {
        all.push_back({part, id, Difference::moved});
      }
    }
    for (const std::string& id : before) {
      if (!made.contains(id)) all.push_back({part, id, Difference::removed});
    }
  }
  return all;
}

void replace_parts(store::Session& session, const policy::GuardrailDocument& to, TimePoint now) {
  for (const Part part : all_parts) {
    const std::vector<std::string> wanted = ids_of(to, part);
    const Definitions made = definitions(to, part, wanted);
    Definitions present;
    for (const PartRow& row : parts(session, part)) {
      present.emplace(row.id, row.definition);
      if (!made.contains(row.id)) remove_part(session, part, row.id);
    }
    for (const auto& [id, definition] : made) {
      const auto was = present.find(id);
      if (was == present.end() || was->second != definition) put_part(session, part, id, definition, now);
    }
    if (part == Part::rule) order_rules(session, wanted);
  }
}

}  // namespace sluice::console
