// `sluice policy test`: what the guardrails of a policy would decide, case by case, with the rule that decided.
//
// The file: {"policy": DOCUMENT or the path of one, "cases": [{"name", "subject": {"user","team","key","app"},
// "surface", "text" or "request": {"path","body"}, "expect"}]}; docs/guardrails.md describes it. Unknown fields are
// errors. Findings are printed without their text; only a text that is not as expected is shown, as it would go on.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialect/dialect.h"
#include "guard/guard.h"
#include "policy/guardrails.h"

namespace sluice::agent {

struct PolicyCase {
  struct Expectation {
    std::string decision = {};             // pass, shadow, flag, redact, block; empty: any
    std::optional<std::string> rule = {};  // the id of the rule that decides; "" stands for none
    std::optional<std::string> text = {};  // what goes on: the text, or the request's body, after redaction
  };
  std::string name = {};
  std::string user = {}, team = {}, key = {}, app = {};
  policy::Surface surface = policy::Surface::input;
  std::optional<std::string> text = {};
  std::optional<dialect::Target> target = {};  // of a request, whose body is then in `text`
  std::optional<Expectation> expect = {};
};

struct PolicyTestFile {
  policy::GuardrailDocument policy = {};
  std::string policy_at = "policy.";  // before a path in the policy: in this file, or in one of its own
  std::vector<PolicyCase> cases = {};
};
// `read_document` gives the text of the policy when the file names a path.
Result<PolicyTestFile> parse_policy_test(std::string_view json,
                                         const std::function<Result<std::string>(const std::string&)>& read_document);

// What one rule did in one case. Never the matched text.
struct PolicyFinding {
  std::string rule = {}, action = {}, surface = {}, detector = {}, found_by = {}, type = {};
  std::optional<std::pair<std::uint32_t, std::uint32_t>> bytes = {};  // of the case's text
  std::uint32_t count = 1;
};
struct PolicyVerdict {
  std::string decision = "pass";  // the strongest action
  std::string rule = {};          // the first rule that takes it
  std::vector<PolicyFinding> findings = {};
  std::vector<std::string> not_checked = {};  // rules that need something a test has not
  std::vector<std::string> differs = {};      // from what was expected
};
struct PolicyReport {
  std::vector<PolicyVerdict> verdicts = {};    // as the cases
  std::vector<std::string> silent_rules = {};  // enabled rules that found nothing in any case
  [[nodiscard]] std::size_t differing() const noexcept;
};
// invalid_argument with the path when the policy does not compile or a case cannot be read.
Result<PolicyReport> run_policy_test(const PolicyTestFile& file);

std::string to_text(const PolicyTestFile& file, const PolicyReport& report);
std::string to_json(const PolicyTestFile& file, const PolicyReport& report);

}  // namespace sluice::agent
