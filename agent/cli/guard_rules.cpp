#include "agent/cli/guard_rules.h"

#include <algorithm>

#include "guard/secrets/builtin.h"

namespace sluice::agent {
namespace {

// As the built-in table scores them: what has a mark of its own stands above what only a name beside it makes a secret.
constexpr float by_form = 0.9F;

std::string_view how(const guard::SecretRule& rule) {
  if (rule.generic) return "any value that is assigned to a word like secret or password";
  return rule.score >= by_form ? "by its form" : "by its form, with its name beside it";
}

}  // namespace

std::string guard_rules_text() {
  const auto rules = guard::builtin_secret_rules();
  std::size_t width = 0;
  for (const guard::SecretRule& rule : rules) width = std::max(width, rule.id.size());
  std::string text;
  for (const guard::SecretRule& rule : rules) {
    text.append(rule.id).append(width + 2 - rule.id.size(), ' ').append(how(rule));
    if (const auto source = guard::builtin_secret_source(rule.id); !source.empty()) text.append("; ").append(source);
    text.append("\n");
  }
  return text;
}

}  // namespace sluice::agent
