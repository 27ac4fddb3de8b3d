// Files in gitleaks' TOML format, as they are: rules with regex, secretGroup, entropy, keywords and allow-lists, and
// the global allow-list. Conditions on paths and commits are passed over with a note, since traffic has neither; a rule
// that has a path and no regex is one such. Unknown keys are noted, never errors: the format is not ours.
//
// Limits: 4 MiB of text, 10,000 rules. malformed names the line and column of a broken file.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/secrets/secret_rules.h"

namespace sluice::guard {

struct GitleaksFile {
  std::vector<SecretRule> rules;
  std::vector<SecretRefusal> notes;  // what was passed over, by rule
};
Result<GitleaksFile> parse_gitleaks(std::string_view text);

}  // namespace sluice::guard
