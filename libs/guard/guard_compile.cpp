// From a policy document to a Guard: one engine over the families of rules that enabled rules use.
#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "guard/guard.h"
#include "guard/guard_state.h"
#include "guard/injection/injection.h"
#include "guard/pii/pii.h"
#include "guard/regex_words.h"
#include "guard/secrets/builtin.h"
#include "guard/secrets/gitleaks.h"

namespace sluice::guard {
namespace {

using policy::DetectorKind;

constexpr std::size_t least_key = 32;
constexpr std::int64_t expression_memory = 1 << 20;
// Two shards of a thousand patterns use two cores.
constexpr std::size_t shard_size = 512;

std::string at(std::string_view list, std::size_t i) {
  return std::string(list) + "[" + std::to_string(i) + "]";
}

std::vector<std::string_view> sorted(const std::vector<std::string>& texts) {
  std::vector<std::string_view> out(texts.begin(), texts.end());
  std::ranges::sort(out);
  return out;
}

bool interferes(const policy::GuardRule& rule) {
  return rule.action == policy::GuardAction::redact || rule.action == policy::GuardAction::block;
}
bool on_answers(const policy::GuardRule& rule) {
  return std::ranges::any_of(rule.on, [](policy::Surface surface) {
    return surface == policy::Surface::output || surface == policy::Surface::tool_arguments;
  });
}

// Which file of the document a secret rule came from, by its index.
struct SecretSources {
  std::size_t builtin = 0;
  std::vector<std::pair<std::size_t, std::size_t>> files;  // first rule, index of the file

  [[nodiscard]] std::string path_of(std::size_t rule) const {
    std::string path = "the built-in rules";
    for (const auto& [first, file] : files)
      if (rule >= first) path = at("gitleaks", file) + ".toml";
    return path;
  }
};

}  // namespace

struct GuardCompiler {
  Guard::State& state;
  const Guard::Options& options;
  SecretSources sources = {};

  [[nodiscard]] const policy::GuardrailDocument& document() const { return state.document; }

  [[nodiscard]] bool uses(DetectorKind kind) const {
    return std::ranges::any_of(document().rules, [&](const policy::GuardRule& rule) {
      return rule.enabled &&
             std::ranges::find(rule.detectors, kind, &policy::DetectorUse::kind) != rule.detectors.end();
    });
  }

  Result<void> make_allow_lists() {
    re2::RE2::Options how;
    how.set_log_errors(false);
    how.set_max_mem(expression_memory);
    for (std::size_t i = 0; i < document().allow_lists.size(); ++i) {
      const policy::AllowList& list = document().allow_lists[i];
      CompiledAllowList& made = state.allow_lists.emplace_back();
      made.texts.insert(list.texts.begin(), list.texts.end());
      for (std::size_t k = 0; k < list.regexes.size(); ++k) {
        made.regexes.push_back(std::make_unique<const re2::RE2>(re2::StringPiece(list.regexes[k]), how));
        if (!made.regexes.back()->ok())
          return fail(ErrorCode::invalid_argument,
                      at(at("allow_lists", i) + ".regexes", k) + ": " +
                          regex_refusal(made.regexes.back()->pattern(), made.regexes.back()->error()));
      }
    }
    return {};
  }

  Result<void> make_secrets() {
    std::vector<SecretRule> rules = builtin_secret_rules();
    sources.builtin = rules.size();
    for (std::size_t i = 0; i < document().gitleaks.size(); ++i) {
      Result<GitleaksFile> file = parse_gitleaks(document().gitleaks[i].toml);
      if (!file) return fail(ErrorCode::invalid_argument, at("gitleaks", i) + ".toml: " + file.error().detail);
      sources.files.emplace_back(rules.size(), i);
      std::ranges::move(file->rules, std::back_inserter(rules));
    }
    std::vector<std::string> ids;
    for (const SecretRule& rule : rules) ids.push_back(rule.id);
    std::vector<SecretRefusal> refused;
    auto made = SecretRules::make(std::move(rules), refused);
    if (!made) return fail(made.error());
    if (!refused.empty()) {
      const auto rule = std::ranges::find(ids, refused.front().rule) - ids.begin();
      return fail(ErrorCode::invalid_argument, sources.path_of(static_cast<std::size_t>(rule)) + ": the rule '" +
                                                   refused.front().rule + "': " + refused.front().reason);
    }
    state.secrets = std::move(*made);
    std::ranges::sort(ids);
    return check_secret_names(ids);
  }

  Result<void> check_secret_names(const std::vector<std::string>& ids) const {
    for (std::size_t i = 0; i < document().rules.size(); ++i)
      for (std::size_t k = 0; k < document().rules[i].detectors.size(); ++k) {
        const policy::DetectorUse& use = document().rules[i].detectors[k];
        for (std::size_t n = 0; use.kind == DetectorKind::secrets && n < use.names.size(); ++n)
          if (!std::ranges::binary_search(ids, use.names[n]))
            return fail(ErrorCode::invalid_argument, at(at(at("rules", i) + ".detectors", k) + ".names", n) +
                                                         ": there is no rule '" + use.names[n] +
                                                         "' for secrets: neither built-in (`sluice guard rules` lists "
                                                         "them) nor of a gitleaks file");
      }
    return {};
  }

  // In any case: what a rule may name tomorrow must compile today.
  Result<void> make_custom() {
    std::set<std::string_view> used;
    for (const policy::GuardRule& rule : document().rules)
      for (const policy::DetectorUse& use : rule.detectors)
        if (rule.enabled && use.kind == DetectorKind::custom) used.insert(use.names.begin(), use.names.end());
    auto made = CustomRules::make(document(), used);
    if (!made) return fail(made.error());
    if (!used.empty()) state.custom = std::move(*made);
    return {};
  }

  void make_rules() {
    for (const policy::GuardRule& rule : document().rules) {
      CompiledRule& made = state.rules.emplace_back();
      made.action = rule.action;
      if (!rule.enabled) continue;
      for (const policy::DetectorUse& use : rule.detectors)
        made.uses.push_back(
            {.kind = use.kind,
             .types = sorted(use.types),
             .names = sorted(use.names),
             .threshold = use.threshold ? std::optional(static_cast<float>(*use.threshold)) : std::nullopt});
      for (const std::string& id : rule.allow) {
        const auto list = std::ranges::find(document().allow_lists, id, &policy::AllowList::id);
        made.allow.push_back(&state.allow_lists[static_cast<std::size_t>(list - document().allow_lists.begin())]);
      }
      made.users = sorted(rule.scope.users);
      made.teams = sorted(rule.scope.teams);
      made.keys = sorted(rule.scope.keys);
      made.apps = sorted(rule.scope.apps);
    }
  }

  Result<void> make_engine() {
    std::vector<std::shared_ptr<const Ruleset>> families;
    for (const std::shared_ptr<const Ruleset>& family : {std::shared_ptr<const Ruleset>(state.secrets), state.pii,
                                                         state.injection, std::shared_ptr<const Ruleset>(state.custom)})
      if (family) families.push_back(family);
    if (families.empty()) return {};
    Engine::Options how{.shard_size = shard_size, .run_all = options.run_all, .cached = {}};
    const std::string key = PatternDatabase::cache_key();
    const std::optional<std::string> cached = options.cached ? options.cached(key) : std::nullopt;
    if (cached) how.cached = *cached;
    std::vector<Engine::Refusal> refused;
    auto engine = Engine::make(std::move(families), refused, std::move(how));
    if (!engine) return fail(engine.error());
    if (!refused.empty()) return fail(ErrorCode::invalid_argument, problem_of(refused.front()));
    state.engine = std::move(*engine);
    const PatternDatabase& database = state.engine->database();
    if (options.keep && database.shards_from_cache() < database.shards())
      if (const Result<std::string> text = database.serialise()) options.keep(key, *text);
    return {};
  }

  [[nodiscard]] std::string problem_of(const Engine::Refusal& refusal) const {
    const std::string& reason = refusal.pattern.reason;
    if (refusal.detector == Detector::custom) return state.custom->path_of(refusal.pattern.id) + ": " + reason;
    if (refusal.detector == Detector::secrets)
      return sources.path_of(refusal.pattern.id) + ": the rule '" +
             std::string(state.secrets->rule_id(refusal.pattern.id)) + "': " + reason;
    return "a built-in pattern: " + reason;
  }

  // A rule that may have to hold back a stream for ever, and names no cap.
  Result<void> check_widths() const {
    for (std::size_t i = 0; i < document().rules.size(); ++i) {
      const policy::GuardRule& rule = document().rules[i];
      if (!rule.enabled || rule.stream_cap_bytes > 0 || !interferes(rule) || !on_answers(rule)) continue;
      for (std::size_t k = 0; k < rule.detectors.size(); ++k)
        if (const auto endless = endless_pattern(rule.detectors[k]))
          return fail(ErrorCode::invalid_argument, at("rules", i) + ".stream_cap_bytes: " + at("detectors", k) + ": '" +
                                                       *endless + "' has no greatest width, so a cap must be named");
    }
    return {};
  }

  [[nodiscard]] std::optional<std::string> endless_pattern(const policy::DetectorUse& use) const {
    if (use.kind == DetectorKind::custom)
      for (const std::string& name : use.names)
        if (!state.custom->width(name)) return name;
    if (use.kind != DetectorKind::secrets) return std::nullopt;
    if (const auto endless = state.secrets->without_end(use.names)) return std::string(*endless);
    return std::nullopt;
  }

  Result<void> check_key() const {
    for (std::size_t i = 0; i < document().rules.size(); ++i) {
      const policy::GuardRule& rule = document().rules[i];
      const bool keyed =
          rule.redaction == policy::RedactionForm::hash || rule.redaction == policy::RedactionForm::token;
      if (rule.enabled && rule.action == policy::GuardAction::redact && keyed &&
          options.hash_key.reveal().size() < least_key)
        return fail(ErrorCode::invalid_argument,
                    at("rules", i) + ".redaction: hashes and tokens need the deployment's key of 32 bytes or more");
    }
    return {};
  }

  Result<void> run_unready() {
    Result<void> done = policy::check_guardrails(document());
    if (done) done = check_key();
    if (done) done = make_allow_lists();
    if (done) make_rules();
    return done;
  }

  Result<void> run() {
    Result<void> done = run_unready();
    if (done && uses(DetectorKind::secrets)) done = make_secrets();
    if (done) done = make_custom();
    if (!done) return done;
    if (uses(DetectorKind::pii)) state.pii = make_pii_rules();
    if (uses(DetectorKind::injection)) state.injection = make_injection_rules();
    done = check_widths();
    return done ? make_engine() : done;
  }
};

Result<std::shared_ptr<const Guard>> Guard::unready(policy::GuardrailDocument document, Options options) {
  auto state = std::make_unique<State>();
  state->document = std::move(document);
  state->ready = false;
  GuardCompiler compiler{*state, options};
  Result<void> done = compiler.run_unready();
  if (!done) return fail(done.error());
  state->hash_key = std::move(options.hash_key);
  return std::shared_ptr<const Guard>(new Guard(std::move(state)));
}

Result<std::shared_ptr<const Guard>> Guard::compile(policy::GuardrailDocument document, Options options) {
  auto state = std::make_unique<State>();
  state->document = std::move(document);
  GuardCompiler compiler{*state, options};
  Result<void> done = compiler.run();
  if (!done) return fail(done.error());
  state->hash_key = std::move(options.hash_key);
  return std::shared_ptr<const Guard>(new Guard(std::move(state)));
}

}  // namespace sluice::guard
