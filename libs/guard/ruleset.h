// A family of rules: what it puts into the one pass, and how it judges what the pass reports.
//
// This is the seam between the engine and secrets, personal data, custom rules and injection. Implementations are
// immutable and serve any number of threads.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "guard/finding.h"
#include "guard/pattern_database.h"

namespace sluice::guard {

// Reports of the pattern that end at or before `until` are not asked about again. A later match may begin at `from`:
// behind the last match when there was one, before `until` when the window held none, since one may begin in it and end
// behind it.
struct Judged {
  std::size_t until = 0;
  std::size_t from = 0;
  Judged(std::size_t all) : until(all), from(all) {}  // NOLINT(google-explicit-constructor): an offset is both mostly
  Judged(std::size_t until_, std::size_t from_) : until(until_), from(from_) {}
};

class OpenMatcher;

// Some rules of a family, where no more of it are in force: what only others look for neither holds a text back nor
// claims its bytes.
struct Part {
  std::vector<std::string_view> rules;      // sorted
  std::shared_ptr<const OpenMatcher> open;  // where matches of these rules may begin
  [[nodiscard]] bool has(std::string_view rule) const { return std::ranges::binary_search(rules, rule); }
};

class Ruleset {
 public:
  virtual ~Ruleset() = default;
  [[nodiscard]] virtual Detector detector() const noexcept = 0;

  // Appends the family's patterns, with ids of its own from 0 on.
  virtual void add_patterns(std::vector<Pattern>& patterns) const = 0;

  // Patterns that find the same things share what is judged: reports of any of them are asked about in order, and none
  // that another has settled. The smallest of their ids, the same for all.
  [[nodiscard]] virtual std::uint32_t judged_as(std::uint32_t pattern) const noexcept { return pattern; }

  // Pattern `pattern` matched somewhere in text[from, end), ending at `end`. Appends what is confirmed and says how far
  // this pattern is judged; `from` is what the last call said, 0 at first; returned unchanged, it says that nothing is
  // judged. Must look at a bounded window only and judge all of it, so that a text full of candidates costs time in
  // proportion to its length.
  virtual Judged confirm(std::uint32_t pattern, std::string_view text, std::size_t from, std::size_t end,
                         std::vector<Finding>& findings) const = 0;

  // After the pass: context that moves scores, overlaps inside the family, and whatever needs no pattern at all.
  // `findings` holds this family's only.
  virtual void finish(std::string_view text, Phase phase, std::vector<Finding>& findings) const = 0;

  // As finish(), for a text that goes on: leaves only findings that no continuation changes, takes away or adds to, and
  // returns the offset behind which they may not be looked for yet: every finding of text + anything that begins before
  // it is among them, and ends at or before it. Never less than `from`, up to which an earlier call for the same text
  // settled it. A family that does not know keeps everything open. `parts`: those in force, whose findings these are;
  // none: the whole family.
  virtual std::size_t finish_open(std::string_view /*text*/, std::size_t from, Phase /*phase*/,
                                  std::span<const Part* const> /*parts*/, std::vector<Finding>& findings) const {
    findings.clear();
    return from;
  }

 protected:
  // Takes the findings away that begin at `open` or later, after moving it to the start of those that reach beyond it;
  // `reach` says up to where the fate of a finding depends on the text (its end, mostly).
  template <class Reach>
  static std::size_t drop_open(std::vector<Finding>& findings, std::size_t open, std::size_t from, const Reach& reach) {
    for (bool moved = true; moved;) {
      moved = false;
      for (const Finding& finding : findings)
        if (finding.start < open && finding.end > from && reach(finding) > open) {
          open = std::max<std::size_t>(from, finding.start);
          moved = true;
        }
      if (open == from) break;
    }
    std::erase_if(findings, [&](const Finding& finding) { return finding.start >= open; });
    return open;
  }
};

}  // namespace sluice::guard
