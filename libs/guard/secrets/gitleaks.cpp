#include "guard/secrets/gitleaks.h"

#include <toml++/toml.h>

#include <algorithm>

namespace sluice::guard {
namespace {

constexpr std::size_t text_limit = 4 * 1024 * 1024;
constexpr std::size_t rule_limit = 10'000;

std::string lowered(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::vector<std::string> strings(const toml::table& table, std::string_view key) {
  std::vector<std::string> out;
  if (const toml::array* const list = table[key].as_array())
    for (const toml::node& entry : *list)
      if (const auto text = entry.value<std::string>()) out.push_back(*text);
  return out;
}

class Reader {
 public:
  GitleaksFile file;

  Result<void> read(const toml::table& root) {
    read_allow_lists(root, "", global_);
    const toml::array* const rules = root["rules"].as_array();
    if (rules == nullptr || rules->empty()) return fail(ErrorCode::malformed, "rules: there is none");
    if (rules->size() > rule_limit) return fail(ErrorCode::too_large, "rules: more than " + std::to_string(rule_limit));
    if (root.contains("extend")) note("", "extend: other files are not read");
    for (const toml::node& entry : *rules) {
      const toml::table* const table = entry.as_table();
      if (table == nullptr) return fail(ErrorCode::malformed, "rules: an entry is not a table");
      Result<void> done = read_rule(*table);
      if (!done) return done;
    }
    return {};
  }

 private:
  void note(std::string rule, std::string reason) { file.notes.push_back({std::move(rule), std::move(reason)}); }

  Result<void> read_rule(const toml::table& table) {
    SecretRule rule;
    rule.id = table["id"].value_or<std::string>("");
    if (rule.id.empty())
      return fail(ErrorCode::malformed, "rules[" + std::to_string(file.rules.size()) + "].id: missing");
    rule.regex = table["regex"].value_or<std::string>("");
    if (table.contains("path")) note(rule.id, "path: not looked at, traffic has none");
    if (rule.regex.empty()) {
      note(rule.id, "regex: there is none, the rule is passed over");
      return {};
    }
    if (table.contains("skipReport")) note(rule.id, "skipReport: not looked at");
    rule.group = static_cast<int>(table["secretGroup"].value_or<std::int64_t>(0));
    rule.min_entropy = table["entropy"].value_or(0.0);
    for (std::string& word : strings(table, "keywords")) rule.keywords.push_back(lowered(std::move(word)));
    rule.refuse_placeholders = false;
    rule.generic = rule.id.starts_with("generic");
    read_allow_lists(table, rule.id, rule.allow);
    rule.allow.insert(rule.allow.end(), global_.begin(), global_.end());
    file.rules.push_back(std::move(rule));
    return {};
  }

  // Both spellings: one [allowlist] and a list of [[allowlists]].
  void read_allow_lists(const toml::table& table, const std::string& rule, std::vector<SecretRule::Allow>& out) {
    if (const toml::table* const one = table["allowlist"].as_table()) read_allow(*one, rule, out);
    if (const toml::array* const many = table["allowlists"].as_array())
      for (const toml::node& entry : *many)
        if (const toml::table* const one = entry.as_table()) read_allow(*one, rule, out);
  }

  void read_allow(const toml::table& table, const std::string& rule, std::vector<SecretRule::Allow>& out) {
    using Target = SecretRule::Allow::Target;
    SecretRule::Allow allow;
    allow.all = lowered(table["condition"].value_or<std::string>("or")) == "and";
    const std::string target = table["regexTarget"].value_or<std::string>("secret");
    allow.target = target == "line" ? Target::line : target == "match" ? Target::match : Target::secret;
    allow.regexes = strings(table, "regexes");
    for (std::string& word : strings(table, "stopwords")) allow.stopwords.push_back(lowered(std::move(word)));
    const bool elsewhere = table.contains("paths") || table.contains("commits");
    if (elsewhere) note(rule, "allowlist: paths and commits are not looked at, traffic has none");
    // A condition that needs a path as well can never hold here.
    if (elsewhere && allow.all) return;
    if (!allow.regexes.empty() || !allow.stopwords.empty()) out.push_back(std::move(allow));
  }

  std::vector<SecretRule::Allow> global_;
};

}  // namespace

Result<GitleaksFile> parse_gitleaks(std::string_view text) {
  if (text.size() > text_limit) return fail(ErrorCode::too_large, "a rule file of more than 4 MiB");
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return fail(ErrorCode::malformed, "line " + std::to_string(at.line) + ", column " + std::to_string(at.column) +
                                          ": " + std::string(error.description()));
  }
  Reader reader;
  Result<void> done = reader.read(root);
  if (!done) return fail(done.error());
  return std::move(reader.file);
}

}  // namespace sluice::guard
