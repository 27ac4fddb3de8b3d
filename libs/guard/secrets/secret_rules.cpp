#include "guard/secrets/secret_rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <tuple>

#include "guard/entropy.h"
#include "guard/lazy_regex.h"
#include "guard/open_match.h"
#include "guard/open_tree.h"
#include "guard/regex_words.h"
#include "guard/secrets/checks.h"
#include "guard/secrets/secret_places.h"

namespace sluice::guard {
namespace {

constexpr std::size_t keyword_window = 1024;    // before the match: what comes after it must not undo what was settled
constexpr std::size_t longest_line = 4 * 1024;  // to each side, for allow-lists that look at lines
constexpr int most_groups = 16;

using Regex = std::unique_ptr<const re2::RE2>;

Regex compile(std::string_view text, std::string& reason) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(16 << 20);
  auto regex = std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (regex->ok()) return regex;
  reason = regex_refusal(text, regex->error());
  return nullptr;
}

struct CompiledAllow {
  SecretRule::Allow::Target target = SecretRule::Allow::Target::secret;
  bool all = false;
  std::vector<Regex> regexes;
  std::vector<std::string> stopwords;
};

struct Compiled {
  SecretRule rule;
  LazyRegex regex;
  std::vector<CompiledAllow> allow;
};

std::string_view view(re2::StringPiece piece) {
  return {piece.data(), piece.size()};
}

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool contains_ignoring_case(std::string_view text, std::string_view lower_case) {
  const auto found = std::ranges::search(text, lower_case, [](char a, char b) { return lower(a) == b; });
  return !found.empty() || lower_case.empty();
}

// Bounded: a text of megabytes may have no line end at all.
std::string_view line_around(std::string_view text, std::size_t start, std::size_t end) {
  const std::size_t floor = start > longest_line ? start - longest_line : 0;
  const std::string_view before = text.substr(floor, start - floor), after = text.substr(end, longest_line);
  const std::size_t line_end = after.find('\n'), line_start = before.rfind('\n');
  const std::size_t from = line_start == std::string_view::npos ? floor : floor + line_start + 1;
  return text.substr(from, end - from + (line_end == std::string_view::npos ? after.size() : line_end));
}

struct Candidate {
  std::string_view match;
  std::string_view secret;
  std::string_view line;
};

bool allowed(const CompiledAllow& allow, const Candidate& candidate) {
  using enum SecretRule::Allow::Target;
  const std::string_view target = allow.target == match  ? candidate.match
                                  : allow.target == line ? candidate.line
                                                         : candidate.secret;
  const auto matches = [&](const Regex& regex) {
    return re2::RE2::PartialMatch(re2::StringPiece(target.data(), target.size()), *regex);
  };
  const bool word = std::ranges::any_of(
      allow.stopwords, [&](const std::string& stop) { return contains_ignoring_case(candidate.secret, stop); });
  if (allow.all) {
    const bool words_hold = allow.stopwords.empty() || word;
    return words_hold && std::ranges::all_of(allow.regexes, matches) && !(allow.regexes.empty() && !word);
  }
  return word || std::ranges::any_of(allow.regexes, matches);
}

}  // namespace

struct SecretRules::State {
  std::vector<Compiled> rules;
  SecretPlaces places;
  OpenMatcher open;

  // Of the named rules (none: of all). An allow-list that looks at the line is not decided before the line has ended.
  [[nodiscard]] OpenMatcher follow(const std::vector<std::string_view>& names) const {
    std::vector<std::string> expressions;
    for (const Compiled& compiled : rules) {
      if (!names.empty() && !std::ranges::binary_search(names, compiled.rule.id)) continue;
      const bool by_line = std::ranges::any_of(
          compiled.allow, [](const CompiledAllow& allow) { return allow.target == SecretRule::Allow::Target::line; });
      expressions.push_back(by_line ? "(?:" + compiled.rule.regex + ")[^\\n]*" : compiled.rule.regex);
    }
    std::vector<OpenSyntax> syntax;
    for (const std::string& regex : expressions) syntax.push_back({.regex = regex});
    return OpenMatcher::make(syntax);
  }

  [[nodiscard]] static bool keyword_near(const SecretRule& rule, std::string_view text, std::size_t start,
                                         std::size_t end) {
    if (rule.keywords.empty()) return true;
    const std::size_t from = start > keyword_window ? start - keyword_window : 0;
    const std::string_view near = text.substr(from, end - from);
    return std::ranges::any_of(rule.keywords,
                               [&](const std::string& word) { return contains_ignoring_case(near, word); });
  }

  [[nodiscard]] static bool accepts(const Compiled& compiled, std::string_view text, const Candidate& candidate) {
    const SecretRule& rule = compiled.rule;
    if (candidate.secret.empty()) return false;
    if (rule.min_entropy > 0 && entropy(candidate.secret) <= rule.min_entropy) return false;
    if (rule.refuse_placeholders && is_placeholder(candidate.secret)) return false;
    if (!passes(rule.check, candidate.secret)) return false;
    const auto start = static_cast<std::size_t>(candidate.match.data() - text.data());
    if (!keyword_near(rule, text, start, start + candidate.match.size())) return false;
    return std::ranges::none_of(compiled.allow, [&](const CompiledAllow& allow) { return allowed(allow, candidate); });
  }
};

SecretRules::SecretRules(std::unique_ptr<State> state) : state_(std::move(state)) {}
SecretRules::~SecretRules() = default;

Result<std::shared_ptr<const SecretRules>> SecretRules::make(std::vector<SecretRule> rules,
                                                             std::vector<SecretRefusal>& refused) {
  auto state = std::make_unique<State>();
  for (SecretRule& rule : rules) {
    Compiled compiled{.rule = {}, .regex = LazyRegex(rule.regex, RegexUnits::characters), .allow = {}};
    std::string reason;
    bool usable = rule.known_to_compile || compiled.regex.get() != nullptr;
    if (!usable) reason = compiled.regex.why_not();
    for (const SecretRule::Allow& allow : rule.allow) {
      CompiledAllow& own = compiled.allow.emplace_back();
      own.target = allow.target;
      own.all = allow.all;
      own.stopwords = allow.stopwords;
      for (const std::string& text : allow.regexes) {
        own.regexes.push_back(compile(text, reason));
        if (own.regexes.back() == nullptr) usable = false;
      }
    }
    if (usable && rule.group > 0 &&
        (rule.group > compiled.regex.get()->NumberOfCapturingGroups() || rule.group >= most_groups)) {
      reason = "there is no capture group " + std::to_string(rule.group);
      usable = false;
    }
    if (!usable) {
      refused.push_back({rule.id, reason});
      continue;
    }
    compiled.rule = std::move(rule);
    state->places.add(static_cast<std::uint32_t>(state->rules.size()), compiled.rule.regex);
    state->rules.push_back(std::move(compiled));
  }
  state->open = state->follow({});
  return std::shared_ptr<const SecretRules>(new SecretRules(std::move(state)));
}

void SecretRules::add_patterns(std::vector<Pattern>& patterns) const {
  state_->places.add_patterns(patterns);
}

std::uint32_t SecretRules::judged_as(std::uint32_t pattern) const noexcept {
  return state_->places.first_of_rule(pattern);
}

Judged SecretRules::confirm(std::uint32_t pattern, std::string_view text, std::size_t from, std::size_t end,
                            std::vector<Finding>& findings) const {
  if (!state_->places.likely(pattern, text, end)) return from;  // another literal may end here
  const Compiled& compiled = state_->rules[state_->places.rule_of(pattern)];
  const re2::RE2* const regex = compiled.regex.get();
  if (regex == nullptr) return from;
  const SecretWindow& window = state_->places.window(pattern);
  // The character behind one secret is the one in front of the next: "KEY1 KEY2".
  const std::size_t free = from > 0 && compiled.rule.regex.starts_with("(?:^|[^") ? from - 1 : from;
  const std::size_t begin = std::max(free, end > window.before ? end - window.before : 0);
  const std::size_t stop = std::min(text.size(), end + window.after + window.more);
  std::array<re2::StringPiece, most_groups> groups{};
  const int count = std::min(most_groups, regex->NumberOfCapturingGroups() + 1);
  if (!regex->Match(re2::StringPiece(text.data(), text.size()), begin, stop, re2::RE2::UNANCHORED, groups.data(),
                    count)) {
    // Nothing in the window: reports whose matches end in it need no second look. A match that ends at its very edge
    // might have wanted the byte behind it.
    const std::size_t until = stop == text.size() ? stop : stop - 1 - window.after;
    return {std::max(end, until), from};
  }
  Candidate candidate{.match = view(groups[0]), .secret = view(groups[0]), .line = {}};
  if (compiled.rule.group > 0) {
    candidate.secret = view(groups[static_cast<std::size_t>(compiled.rule.group)]);
  } else {
    for (int i = 1; i < count; ++i)
      if (!groups[static_cast<std::size_t>(i)].empty()) {
        candidate.secret = view(groups[static_cast<std::size_t>(i)]);
        break;
      }
  }
  const auto start = static_cast<std::size_t>(candidate.match.data() - text.data());
  const std::size_t settled = start + candidate.match.size();
  const bool by_line = std::ranges::any_of(
      compiled.allow, [](const CompiledAllow& allow) { return allow.target == SecretRule::Allow::Target::line; });
  if (by_line) candidate.line = line_around(text.substr(0, stop), start, settled);
  if (State::accepts(compiled, text, candidate)) {
    const auto secret = static_cast<std::uint32_t>(candidate.secret.data() - text.data());
    findings.push_back({Detector::secrets, compiled.rule.id, "secret", secret,
                        secret + static_cast<std::uint32_t>(candidate.secret.size()), compiled.rule.score,
                        compiled.rule.score >= secret_threshold});
  }
  return std::max(settled, end);
}

// Several rules may see the same bytes: a specific one displaces a generic one, and of two alike the longer stays. Of
// two with the same bytes it is the one that says more of them by its score, then the one that stands later in the
// table, where the narrower forms are: whatever the order in which the pass reported them.
void SecretRules::finish(std::string_view, Phase, std::vector<Finding>& findings) const {
  if (findings.size() < 2) return;
  const auto rule_of = [&](const Finding& finding) {
    return std::ranges::find_if(state_->rules,
                                [&](const Compiled& c) { return c.rule.id.data() == finding.rule.data(); });
  };
  const auto is_generic = [&](const Finding& finding) { return rule_of(finding)->rule.generic; };
  std::vector<std::pair<Finding, bool>> marked;
  for (const Finding& finding : findings) marked.emplace_back(finding, is_generic(finding));
  std::ranges::sort(marked, [&](const auto& one, const auto& other) {
    const Finding &a = one.first, &b = other.first;
    if (std::tie(a.start, a.end) != std::tie(b.start, b.end))
      return std::tie(a.start, a.end) < std::tie(b.start, b.end);
    return a.score != b.score ? a.score > b.score : rule_of(a) > rule_of(b);
  });
  findings.clear();
  for (const auto& [finding, generic] : marked) {
    if (findings.empty() || findings.back().end <= finding.start) {
      findings.push_back(finding);
      continue;
    }
    Finding& last = findings.back();
    const bool last_generic = is_generic(last);
    const bool longer = finding.end - finding.start > last.end - last.start;
    if (last_generic != generic ? last_generic : longer) last = finding;
  }
}

std::size_t SecretRules::finish_open(std::string_view text, std::size_t from, Phase phase,
                                     std::span<const Part* const> parts, std::vector<Finding>& findings) const {
  std::size_t open = parts.empty() ? state_->open.open_from(text, from) : text.size();
  for (const Part* part : parts) open = std::min(open, part->open->open_from(text, from));
  open = drop_open(findings, open, from, [](const Finding& finding) { return finding.end; });
  finish(text, phase, findings);
  return open;
}

Part SecretRules::part(std::vector<std::string_view> names) const {
  auto open = std::make_shared<const OpenMatcher>(state_->follow(names));
  return {.rules = std::move(names), .open = std::move(open)};
}

std::string_view SecretRules::rule_id(std::uint32_t pattern) const noexcept {
  return state_->rules[state_->places.rule_of(pattern)].rule.id;
}
std::optional<std::string_view> SecretRules::without_end(const std::vector<std::string>& names) const {
  for (const Compiled& compiled : state_->rules) {
    if (!names.empty() && std::ranges::find(names, compiled.rule.id) == names.end()) continue;
    const Result<OpenNode> tree = parse_open({.regex = compiled.rule.regex});
    if (tree && !width_of(*tree).most) return compiled.rule.id;
  }
  return std::nullopt;
}
std::size_t SecretRules::size() const noexcept {
  return state_->rules.size();
}

}  // namespace sluice::guard
