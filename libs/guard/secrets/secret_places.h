// Private to libs/guard/secrets: where a rule's secrets are looked for. By literals that every match holds, as far as
// the expression has such (guard/literal_anchor.h); else Hyperscan gets it whole.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "guard/lazy_regex.h"
#include "guard/literal_anchor.h"
#include "guard/pattern_database.h"

namespace sluice::guard {

// What RE2 has to look at for a report of Hyperscan, in bytes from the report's end.
struct SecretWindow {
  std::size_t before = 0;  // a match begins no further in front
  std::size_t after = 0;   // and one ends no further behind
  std::size_t more = 0;    // is looked at as well: longer matches, and reports that then need no look of their own
};

class SecretPlaces {
 public:
  // One pattern, or more for one rule: patterns of a rule follow each other.
  void add(std::uint32_t rule, std::string_view regex);
  void add_patterns(std::vector<Pattern>& patterns) const;

  [[nodiscard]] std::uint32_t rule_of(std::uint32_t pattern) const noexcept { return places_[pattern].rule; }
  [[nodiscard]] std::uint32_t first_of_rule(std::uint32_t pattern) const noexcept { return places_[pattern].first; }
  [[nodiscard]] const SecretWindow& window(std::uint32_t pattern) const noexcept { return places_[pattern].window; }
  // Whether a match may stand where the pattern was reported, as far as a look at what is around it tells.
  [[nodiscard]] bool likely(std::uint32_t pattern, std::string_view text, std::size_t end) const;

 private:
  struct Anchored {
    LiteralAnchor anchor;
    LazyRegex rest;
  };
  struct Place {
    std::uint32_t rule = 0;
    std::uint32_t first = 0;     // pattern of the rule
    std::int32_t anchored = -1;  // in anchored_; none: the whole expression
    std::size_t length = 0;      // of the literals
    SecretWindow window{};
    std::vector<std::string> texts{};  // the literals, or the expression
  };
  std::vector<Anchored> anchored_;
  std::vector<Place> places_;  // by pattern
};

}  // namespace sluice::guard
