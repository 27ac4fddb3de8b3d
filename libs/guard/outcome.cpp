#include "guard/outcome.h"

#include <algorithm>
#include <tuple>

namespace sluice::guard {

void Outcomes::add(const policy::GuardRule& rule, policy::Surface surface, const Match& match) {
  if (match.action == policy::GuardAction::block) block(match.rule);
  count({.rule = rule.id,
         .action = std::string(policy::name_of(match.action)),
         .surface = std::string(policy::name_of(surface)),
         .found_by = std::string(match.found_by),
         .type = std::string(match.type),
         .measured = match.measured});
}

void Outcomes::not_checked(const policy::GuardRule& rule, policy::Surface surface, std::string_view reason) {
  count({.rule = rule.id,
         .action = "not_checked",
         .surface = std::string(policy::name_of(surface)),
         .found_by = std::string(reason),
         .type = {}});
}

void Outcomes::count(Outcome line) {
  const auto same = [&](const Outcome& known) {
    return std::tie(known.rule, known.action, known.surface, known.found_by, known.type) ==
           std::tie(line.rule, line.action, line.surface, line.found_by, line.type);
  };
  if (const auto known = std::ranges::find_if(lines_, same); known != lines_.end())
    ++known->count;
  else if (lines_.size() + 1 < most_lines)
    lines_.push_back(std::move(line));
  else if (lines_.size() < most_lines)
    lines_.push_back({.rule = {}, .action = "more", .surface = {}, .found_by = {}, .type = {}});
  else
    ++lines_.back().count;
}

// A text is found in the same request again and again: its token is the same, and one entry is enough.
void TokenVault::keep(std::string token, std::string_view original) {
  longest_ = std::max(longest_, token.size());
  originals_.try_emplace(std::move(token), original);
}

}  // namespace sluice::guard
