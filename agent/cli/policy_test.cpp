#include "agent/cli/policy_test.h"

#include <algorithm>

#include "base/json.h"
#include "dialect/json_text.h"
#include "dialect/segments.h"
#include "guard/body_guard.h"
#include "guard/outcome.h"

namespace sluice::agent {
namespace {

using policy::Surface;

constexpr JsonLimits limits{.bytes = 64 * 1024 * 1024, .depth = 64};
constexpr std::size_t longest_shown = 4096;
constexpr std::size_t most_cases = 10'000, long_text = 32 * 1024 * 1024, short_text = 256;
// Hashes and tokens of a test look like those of the deployment and are others.
constexpr char test_key[] = "sluice policy test: not a secret";

std::optional<Surface> surface_named(std::string_view name) {
  for (std::size_t i = 0; i < policy::surface_count; ++i)
    if (policy::name_of(static_cast<Surface>(i)) == name) return static_cast<Surface>(i);
  return std::nullopt;
}

std::string read_decision(JsonFields& fields, std::string_view key) {
  const std::string decision = fields.text(key, short_text);
  for (const std::string_view known : {"pass", "shadow", "flag", "redact", "block"})
    if (decision == known) return decision;
  fields.refuse(key, "must be one of: pass, shadow, flag, redact, block");
  return "pass";
}

// "block", or {"decision","rule","text"}.
std::optional<PolicyCase::Expectation> read_expectation(JsonFields& fields) {
  const JsonValue* const given = fields.raw("expect");
  if (given == nullptr) return std::nullopt;
  PolicyCase::Expectation expect;
  if (std::holds_alternative<std::string>(given->data)) {
    expect.decision = read_decision(fields, "expect");
    return expect;
  }
  JsonFields own = fields.object("expect");
  if (own.has("decision")) expect.decision = read_decision(own, "decision");
  expect.rule = own.optional_text("rule", short_text);
  expect.text = own.optional_text("text", long_text);
  return expect;
}

void read_request(JsonFields& fields, PolicyCase& made) {
  JsonFields request = fields.object("request");
  const std::string path = request.text("path", short_text);
  made.target = dialect::target_of("POST", path);
  if (!made.target) request.refuse("path", "is no path of an inference API");
  const JsonValue* const body = request.raw("body");
  if (body == nullptr) return request.refuse("body", "is missing", ErrorCode::malformed);
  if (const auto* const text = std::get_if<std::string>(&body->data)) {
    made.text = *text;
    return;
  }
  JsonWriter out;
  made.text = out.value(*body).take();
}

PolicyCase read_case(JsonFields& fields) {
  PolicyCase made;
  made.name = fields.optional_text("name", short_text).value_or("");
  if (fields.has("subject")) {
    JsonFields subject = fields.object("subject");
    made.user = subject.optional_text("user", short_text).value_or("");
    made.team = subject.optional_text("team", short_text).value_or("");
    made.key = subject.optional_text("key", short_text).value_or("");
    made.app = subject.optional_text("app", short_text).value_or("");
  }
  const auto surface = surface_named(fields.optional_text("surface", short_text).value_or("input"));
  if (!surface) fields.refuse("surface", "must be one of: input, tool_results, output, tool_arguments");
  made.surface = surface.value_or(Surface::input);
  made.text = fields.optional_text("text", long_text);
  if (made.text && fields.has("request")) fields.refuse("text", "must not stand beside request");
  if (!made.text && !fields.has("request")) fields.refuse("text", "is missing: a case has it or request");
  if (fields.has("request")) read_request(fields, made);
  if (made.target && fields.has("surface")) fields.refuse("surface", "is for a text: a request has its own");
  made.expect = read_expectation(fields);
  return made;
}

// What the console exports, given in the place of a file of cases.
bool is_policy_alone(const JsonValue& document) {
  if (document.find("policy") != nullptr || document.find("cases") != nullptr) return false;
  return document.find("rules") != nullptr || document.find("patterns") != nullptr;
}

// With the text's own letters, and short enough for a terminal.
std::string quoted(std::string_view text) {
  const bool cut = text.size() > longest_shown;
  if (cut) {
    std::size_t end = longest_shown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end);
  }
  JsonValue value;
  value.data = std::string(text);
  JsonWriter out;
  return out.value(value).take() + (cut ? " and so on" : "");
}

}  // namespace

Result<PolicyTestFile> parse_policy_test(std::string_view json,
                                         const std::function<Result<std::string>(const std::string&)>& read_document) {
  const auto document = parse_json(json, limits);
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  if (is_policy_alone(*document))
    return fail(ErrorCode::invalid_argument,
                R"(this is a policy without cases; FILE is {"policy":DOCUMENT or its path,"cases":[…]}, see )"
                "`sluice policy test --help`");
  PolicyTestFile file;
  const JsonValue* const policy = document->find("policy");
  const auto* const path = policy == nullptr ? nullptr : std::get_if<std::string>(&policy->data);
  if (path != nullptr) {
    (void)fields.raw("policy");
    const Result<std::string> text = read_document(*path);
    if (!text) return fail(text.error());
    Result<policy::GuardrailDocument> read = policy::parse_guardrails(*text);
    if (!read) return fail(read.error().during(*path));
    file.policy = std::move(*read);
    file.policy_at = *path + ": ";
  } else {
    JsonFields own = fields.object("policy");
    file.policy = policy::read_guardrails(own);
  }
  for (JsonFields& entry : fields.objects("cases", most_cases)) file.cases.push_back(read_case(entry));
  if (auto error = fields.finish()) return fail(std::move(*error));
  return file;
}

namespace {

// In order of strength.
constexpr std::string_view actions[] = {"pass", "shadow", "flag", "redact", "block"};

std::size_t strength_of(std::string_view action) {
  return static_cast<std::size_t>(std::ranges::find(actions, action) - std::begin(actions));
}

class Tester {
 public:
  Tester(const PolicyTestFile& file, std::shared_ptr<const guard::Guard> guard)
      : file_(file), guard_(std::move(guard)) {}

  Result<PolicyReport> run() {
    PolicyReport report;
    std::vector<bool> seen(file_.policy.rules.size());
    for (std::size_t i = 0; i < file_.cases.size(); ++i) {
      Result<PolicyVerdict> verdict = decide(file_.cases[i]);
      if (!verdict) return fail(verdict.error().during("cases[" + std::to_string(i) + "]"));
      for (std::size_t rule = 0; rule < seen.size(); ++rule)
        if (std::ranges::find(verdict->findings, file_.policy.rules[rule].id, &PolicyFinding::rule) !=
            verdict->findings.end())
          seen[rule] = true;
      report.verdicts.push_back(std::move(*verdict));
    }
    for (std::size_t rule = 0; rule < seen.size(); ++rule)
      if (!seen[rule] && file_.policy.rules[rule].enabled) report.silent_rules.push_back(file_.policy.rules[rule].id);
    return report;
  }

 private:
  Result<PolicyVerdict> decide(const PolicyCase& test) {
    const auto rules = guard_->select({.user = test.user, .team = test.team, .key = test.key, .app = test.app});
    PolicyVerdict verdict;
    std::string goes_on;
    Result<void> done =
        test.target ? decide_request(test, rules, verdict, goes_on) : decide_text(test, rules, verdict, goes_on);
    if (!done) return fail(done.error());
    for (const PolicyFinding& finding : verdict.findings)
      if (strength_of(finding.action) > strength_of(verdict.decision)) {
        verdict.decision = finding.action;
        verdict.rule = finding.rule;
      } else if (finding.action == verdict.decision && stands_before(finding.rule, verdict.rule)) {
        verdict.rule = finding.rule;
      }
    name_unchecked(test, rules, verdict);
    compare(test, goes_on, verdict);
    return verdict;
  }

  [[nodiscard]] bool stands_before(const std::string& a, const std::string& b) const {
    return std::ranges::find(file_.policy.rules, a, &policy::GuardRule::id) <
           std::ranges::find(file_.policy.rules, b, &policy::GuardRule::id);
  }

  void add(PolicyVerdict& verdict, const guard::Match& match, Surface surface, bool placed) const {
    PolicyFinding finding{.rule = guard_->document().rules[match.rule].id,
                          .action = std::string(policy::name_of(match.action)),
                          .surface = std::string(policy::name_of(surface)),
                          .detector = std::string(guard::name_of(match.detector)),
                          .found_by = std::string(match.found_by),
                          .type = std::string(match.type)};
    if (placed) finding.bytes = {match.start, match.end};
    verdict.findings.push_back(std::move(finding));
  }

  Result<void> decide_text(const PolicyCase& test, const guard::Guard::Selection& rules, PolicyVerdict& verdict,
                           std::string& goes_on) {
    const guard::Phase phase = test.surface == Surface::input || test.surface == Surface::tool_results
                                   ? guard::Phase::input
                                   : guard::Phase::output;
    if (test.surface == Surface::input) {
      matches_.clear();
      guard_->check_limits(rules, {}, test.text->size(), matches_);
      for (const guard::Match& match : matches_) add(verdict, match, test.surface, false);
    }
    Result<void> scanned = guard_->scan(*test.text, phase, scratch_, findings_);
    if (!scanned) return scanned;
    guard_->judge(*test.text, findings_, test.surface, rules, matches_);
    std::size_t from = 0;
    for (const guard::Match& match : matches_) {
      add(verdict, match, test.surface, true);
      if (match.action != policy::GuardAction::redact) continue;
      const auto matched = std::string_view(*test.text).substr(match.start, match.end - match.start);
      goes_on.append(*test.text, from, match.start - from).append(guard_->replacement(match, matched));
      from = match.end;
    }
    goes_on.append(*test.text, from);
    return {};
  }

  // As the gateway does it.
  Result<void> decide_request(const PolicyCase& test, const guard::Guard::Selection& rules, PolicyVerdict& verdict,
                              std::string& goes_on) {
    guard::TokenVault vault;
    Result<guard::BodyVerdict> done = body_guard_.request(*guard_, rules, *test.target, *test.text, vault, nullptr);
    if (!done) return fail(done.error());
    for (const guard::Outcome& line : done->outcomes.lines()) {
      if (line.action == "not_checked") verdict.not_checked.push_back(line.rule + " (" + line.found_by + ")");
      if (strength_of(line.action) == std::size(actions)) continue;
      verdict.findings.push_back({.rule = line.rule,
                                  .action = line.action,
                                  .surface = line.surface,
                                  .detector = {},
                                  .found_by = line.found_by,
                                  .type = line.type,
                                  .count = line.count});
    }
    // A check that could not run blocks where the rule says so.
    if (const auto rule = done->outcomes.blocked_by()) {
      verdict.decision = "block";
      verdict.rule = guard_->document().rules[*rule].id;
    }
    goes_on = done->body.value_or(*test.text);
    return {};
  }

  // External providers are not asked: a test says nothing about them, and says so.
  void name_unchecked(const PolicyCase& test, const guard::Guard::Selection& rules, PolicyVerdict& verdict) const {
    for (const Surface surface : {Surface::input, Surface::tool_results, Surface::output, Surface::tool_arguments}) {
      const bool asked =
          test.target ? surface == Surface::input || surface == Surface::tool_results : surface == test.surface;
      if (!asked) continue;
      for (const std::uint16_t index : rules.on(surface)) {
        const policy::GuardRule& rule = guard_->document().rules[index];
        const bool external = std::ranges::find(rule.detectors, policy::DetectorKind::external,
                                                &policy::DetectorUse::kind) != rule.detectors.end();
        if (external && std::ranges::find(verdict.not_checked, rule.id) == verdict.not_checked.end())
          verdict.not_checked.push_back(rule.id);
      }
    }
  }

  static void compare(const PolicyCase& test, std::string_view goes_on, PolicyVerdict& verdict) {
    if (!test.expect) return;
    const PolicyCase::Expectation& expect = *test.expect;
    if (!expect.decision.empty() && expect.decision != verdict.decision)
      verdict.differs.push_back("decision: expected " + expect.decision + ", is " + verdict.decision);
    if (expect.rule && *expect.rule != verdict.rule)
      verdict.differs.push_back("rule: expected " + (expect.rule->empty() ? "none" : *expect.rule) + ", is " +
                                (verdict.rule.empty() ? "none" : verdict.rule));
    if (expect.text && *expect.text != goes_on) {
      const auto differs = std::ranges::mismatch(*expect.text, goes_on).in1 - expect.text->begin();
      verdict.differs.push_back("text: differs from byte " + std::to_string(differs) + " on, is " + quoted(goes_on));
    }
  }

  const PolicyTestFile& file_;
  std::shared_ptr<const guard::Guard> guard_;
  guard::BodyGuard body_guard_;
  guard::Guard::Scratch scratch_;
  std::vector<guard::Finding> findings_;
  std::vector<guard::Match> matches_;
};

}  // namespace

std::size_t PolicyReport::differing() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(verdicts, [](const PolicyVerdict& verdict) { return !verdict.differs.empty(); }));
}

Result<PolicyReport> run_policy_test(const PolicyTestFile& file) {
  guard::Guard::Options options;
  options.hash_key = Secret(test_key);
  auto guard = guard::Guard::compile(file.policy, std::move(options));
  if (!guard) return fail(guard.error().code, file.policy_at + guard.error().detail);
  return Tester(file, std::move(*guard)).run();
}

}  // namespace sluice::agent
