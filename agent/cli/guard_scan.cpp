#include "agent/cli/guard_scan.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "agent/cli/command.h"
#include "base/files.h"
#include "base/json.h"
#include "guard/injection/injection.h"
#include "guard/pii/pii.h"
#include "guard/secrets/builtin.h"
#include "guard/secrets/gitleaks.h"
#include "guard/utf8.h"

namespace sluice::agent {
namespace {

constexpr std::size_t line_limit = 64 * 1024 * 1024;
const std::set<std::string, std::less<>> known_detectors{"injection", "pii", "secrets"};

Result<std::set<std::string, std::less<>>> chosen(const std::optional<std::string>& list) {
  if (!list) return known_detectors;
  std::set<std::string, std::less<>> out;
  for (std::size_t from = 0; from <= list->size();) {
    const std::size_t comma = std::min(list->find(',', from), list->size());
    const std::string name = list->substr(from, comma - from);
    if (!known_detectors.contains(name)) {
      std::string known;
      for (const std::string& detector : known_detectors) known += " " + detector;
      return fail(ErrorCode::invalid_argument, "--detectors: '" + name + "' is none of" + known);
    }
    out.insert(name);
    from = comma + 1;
  }
  return out;
}

// Of one line: which one it is, the caller knows.
Error in_a_line(Error error) {
  constexpr std::string_view place = "line 1, column";
  if (const std::size_t at = error.detail.find(place); at != std::string::npos)
    error.detail.replace(at, place.size(), "column");
  return error;
}

Result<std::shared_ptr<const guard::SecretRules>> secret_rules(const GuardScanOptions& options,
                                                               std::vector<std::string>& notes) {
  std::vector<guard::SecretRule> rules;
  if (options.builtin_secrets) rules = guard::builtin_secret_rules();
  if (!options.gitleaks_file.empty()) {
    const auto text = read_file(options.gitleaks_file);
    if (!text) return fail(text.error());
    auto file = guard::parse_gitleaks(*text);
    if (!file) return fail(file.error().during(options.gitleaks_file));
    for (const guard::SecretRefusal& note : file->notes)
      notes.push_back("note: " + options.gitleaks_file + ": " + (note.rule.empty() ? "" : note.rule + ": ") +
                      note.reason);
    for (guard::SecretRule& rule : file->rules) rules.push_back(std::move(rule));
  }
  std::vector<guard::SecretRefusal> refused;
  auto compiled = guard::SecretRules::make(std::move(rules), refused);
  for (const guard::SecretRefusal& refusal : refused)
    notes.push_back("refused: " + refusal.rule + ": " + refusal.reason);
  return compiled;
}

}  // namespace

Result<GuardScanner> GuardScanner::make(const GuardScanOptions& options, std::vector<std::string>& notes) {
  const auto detectors = chosen(options.detectors);
  if (!detectors) return fail(detectors.error());
  std::vector<std::shared_ptr<const guard::Ruleset>> rulesets;
  std::shared_ptr<const guard::SecretRules> secrets;
  if (detectors->contains("secrets")) {
    auto made = secret_rules(options, notes);
    if (!made) return fail(made.error());
    secrets = std::move(*made);
    rulesets.push_back(secrets);
  }
  if (detectors->contains("pii")) rulesets.push_back(guard::make_pii_rules());
  if (detectors->contains("injection")) rulesets.push_back(guard::make_injection_rules());
  std::vector<guard::Engine::Refusal> refused;
  auto engine = guard::Engine::make(std::move(rulesets), refused);
  if (!engine) return fail(engine.error());
  for (const guard::Engine::Refusal& refusal : refused) {
    const bool secret = refusal.detector == guard::Detector::secrets;
    notes.push_back(
        "refused: " +
        (secret ? std::string(secrets->rule_id(refusal.pattern.id)) : std::string(guard::name_of(refusal.detector))) +
        ": " + refusal.pattern.reason);
  }
  return GuardScanner(std::move(*engine));
}

Result<std::string> GuardScanner::scan_line(std::string_view line) {
  auto document = parse_json(line, {.bytes = line_limit, .depth = 32});
  if (!document && !guard::is_utf8(line)) return fail(ErrorCode::malformed, "not UTF-8");
  if (!document) return fail(in_a_line(document.error()));
  const JsonValue* const id = document->find("id");
  const JsonValue* const text = document->find("text");
  const auto* const words = text == nullptr ? nullptr : std::get_if<std::string>(&text->data);
  if (id == nullptr) return fail(ErrorCode::malformed, "id: missing");
  if (words == nullptr) return fail(ErrorCode::malformed, "text: must be a string");
  guard::Phase phase = guard::Phase::input;
  if (const JsonValue* const given = document->find("phase")) {
    const auto* const name = std::get_if<std::string>(&given->data);
    if (name == nullptr || (*name != "input" && *name != "output"))
      return fail(ErrorCode::malformed, "phase: must be 'input' or 'output'");
    if (*name == "output") phase = guard::Phase::output;
  }
  Result<void> scanned = engine_->scan(*words, phase, scratch_, findings_);
  if (!scanned) return fail(scanned.error());
  JsonWriter out;
  out.begin_object().key("id").value(*id).key("findings").begin_array();
  for (const guard::Finding& finding : findings_) {
    out.begin_object()
        .field("detector", guard::name_of(finding.detector))
        .field("rule", finding.rule)
        .field("type", finding.type)
        .field("start", static_cast<std::int64_t>(finding.start))
        .field("end", static_cast<std::int64_t>(finding.end))
        .field("score", static_cast<double>(static_cast<int>(finding.score * 1000)) / 1000);
    if (finding.hit) out.field("hit", true);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

int guard_scan(const GuardScanOptions& options, std::FILE* input, std::FILE* output) {
  std::vector<std::string> notes;
  auto scanner = GuardScanner::make(options, notes);
  for (const std::string& note : notes) std::fprintf(stderr, "sluice guard scan: %s\n", note.c_str());
  if (!scanner) {
    std::fprintf(stderr, "sluice guard scan: %s\n", told(scanner.error()).c_str());
    return scanner.error().code == ErrorCode::invalid_argument ? 2 : 1;
  }
  char* line = nullptr;
  std::size_t capacity = 0;
  int status = 0;
  for (std::size_t number = 1; status == 0; ++number) {
    const ssize_t size = ::getline(&line, &capacity, input);
    if (size < 0) break;
    std::string_view text(line, static_cast<std::size_t>(size));
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) continue;
    const auto answer = scanner->scan_line(text);
    if (!answer) {
      std::fprintf(stderr, "sluice guard scan: line %zu: %s\n", number, told(answer.error()).c_str());
      status = 1;
      break;
    }
    std::fwrite(answer->data(), 1, answer->size(), output);
    std::fputc('\n', output);
    if (std::fflush(output) != 0) status = 1;
  }
  std::free(line);
  return status;
}

}  // namespace sluice::agent
