// What guardrails are made of, as rows: rules in their order, and what rules name. A definition is the JSON object of
// the policy document; whether the whole can be enforced is asked before a row is written (document.h, guard_check.h).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/database.h"

namespace sluice::console {

enum class Part : std::uint8_t { rule, pattern, word_list, topic, allow_list, gitleaks };
inline constexpr Part all_parts[] = {Part::rule,  Part::pattern,    Part::word_list,
                                     Part::topic, Part::allow_list, Part::gitleaks};

struct PartNames {
  std::string_view kind;    // in the store and of administrators' actions: "word_list"
  std::string_view member;  // in the policy document: "word_lists"
  std::string_view path;    // in the API: "word-lists"
  std::string_view noun;    // for people: "word list"
};
const PartNames& names_of(Part part) noexcept;

struct PartRow {
  std::string id;
  std::string definition;  // JSON
  TimePoint updated_at;
};

// In the document's order: rules by position, everything else by id.
std::vector<PartRow> parts(store::Session& session, Part part);
// Creates or replaces; a new rule stands last.
void put_part(store::Session& session, Part part, std::string_view id, std::string_view definition, TimePoint now);
bool remove_part(store::Session& session, Part part, std::string_view id);
// Gives every rule the place of its id in the list, which names all of them.
void order_rules(store::Session& session, const std::vector<std::string>& ids);
// Puts the rule where it has `position` rules before it, or last.
void move_rule(store::Session& session, std::string_view id, std::size_t position);

}  // namespace sluice::console
