// A whole document in place of another: what differs, and the rows brought to it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "console_backend/guardrails/parts.h"
#include "policy/guardrails.h"

namespace sluice::console {

enum class Difference : std::uint8_t { added, changed, moved, removed };
std::string_view name_of(Difference difference) noexcept;

struct PartDifference {
  Part part = Part::rule;
  std::string id;
  Difference what = Difference::added;
};

// Part by part, first what `to` has, in its order, then what it has no more. A rule is moved when others that stand in
// both documents came before it and now do not, or the reverse.
std::vector<PartDifference> differences(const policy::GuardrailDocument& from, const policy::GuardrailDocument& to);

// Rows of what stays as it is are not touched. External checks are not part of this: a document only names them.
void replace_parts(store::Session& session, const policy::GuardrailDocument& to, TimePoint now);

std::vector<std::string> ids_of(const policy::GuardrailDocument& document, Part part);

}  // namespace sluice::console
