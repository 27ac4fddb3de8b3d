// A text tried on guardrails: what is found, what each rule would do, and the text that would go on. Nothing is stored
// or logged, and no external check is asked.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "guard/guard.h"
#include "guard/outcome.h"

namespace sluice::console {

inline constexpr std::size_t longest_trial = 256 * 1024;

struct TrialText {
  std::string text;
  policy::Surface surface = policy::Surface::input;
  std::string user, team, key, app;
};

// What a rule would do with a part of the text.
struct TrialMatch {
  std::string rule;
  policy::GuardAction action = policy::GuardAction::flag;
  std::uint32_t start = 0, end = 0;  // bytes; of what limits the text as a whole 0
  std::string detector, found_by, type;
};
struct TrialNotRun {
  std::string rule;
  std::string reason;
};
struct Trial {
  std::vector<std::string> rules;         // that look at this surface for this subject, in order
  std::vector<guard::Finding> findings;   // all, low scores included; live as long as the guard
  std::vector<TrialMatch> matches;        // in order of start
  std::vector<TrialNotRun> not_run;       // checks that only a gateway can make
  std::string redacted;                   // the text with its redactions
  std::optional<std::size_t> blocked_by;  // the first rule that blocks; index in the document's rules
  guard::Outcomes outcomes;               // of the matches, for the sentence that people would read
};

Result<Trial> try_text(const guard::Guard& guard, const TrialText& text);

}  // namespace sluice::console
