#include "policy/guardrails_check.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace sluice::policy {
namespace {

using Names = std::set<std::string_view>;

std::string at(std::string_view list, std::size_t i) {
  return std::string(list) + "[" + std::to_string(i) + "]";
}

// Whether bytes or streams of an answer are changed or ended by the rule.
bool interferes(const GuardRule& rule) {
  return rule.action == GuardAction::redact || rule.action == GuardAction::block;
}
bool of_answers(Surface surface) {
  return surface == Surface::output || surface == Surface::tool_arguments;
}

// Keeps the first problem; later ones are often its consequences.
class Checker {
 public:
  explicit Checker(const GuardrailDocument& document) : document_(document) {}

  std::optional<GuardrailProblem> run() {
    // A rule names patterns, word lists and topics alike, so their ids are one space of names.
    unique("patterns", document_.patterns, customs_);
    unique("word_lists", document_.word_lists, customs_);
    unique("topics", document_.topics, customs_);
    for (const Topic& topic : document_.topics) topics_.insert(topic.id);
    unique("allow_lists", document_.allow_lists, allow_lists_);
    Names files, rules;
    unique("gitleaks", document_.gitleaks, files);
    for (std::size_t i = 0; i < document_.providers.size(); ++i) {
      if (!is_guardrail_id(document_.providers[i])) refuse(at("providers", i), "is no id");
      if (!providers_.insert(document_.providers[i]).second) refuse(at("providers", i), "stands twice");
    }
    check_lists();
    unique("rules", document_.rules, rules);
    for (std::size_t i = 0; i < document_.rules.size() && !problem_; ++i)
      check_rule(at("rules", i), document_.rules[i]);
    return std::move(problem_);
  }

 private:
  void refuse(std::string path, std::string what) {
    if (!problem_) problem_ = {std::move(path), std::move(what)};
  }

  template <class T>
  void unique(std::string_view list, const std::vector<T>& entries, Names& into) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (!is_guardrail_id(entries[i].id))
        refuse(at(list, i) + ".id", "must be 1 to 64 letters, digits, '.', '_' or '-'");
      if (!into.insert(entries[i].id).second) refuse(at(list, i) + ".id", "'" + entries[i].id + "' stands twice");
    }
  }

  void check_lists() {
    for (std::size_t i = 0; i < document_.word_lists.size(); ++i)
      check_words(at("word_lists", i), document_.word_lists[i].words);
    for (std::size_t i = 0; i < document_.topics.size(); ++i) {
      const Topic& topic = document_.topics[i];
      check_words(at("topics", i), topic.words);
      if (topic.least < 1 || std::cmp_greater(topic.least, topic.words.size()))
        refuse(at("topics", i) + ".least", "must be from 1 to the number of words");
    }
    for (std::size_t i = 0; i < document_.allow_lists.size(); ++i)
      if (document_.allow_lists[i].texts.empty() && document_.allow_lists[i].regexes.empty())
        refuse(at("allow_lists", i) + ".texts", "must hold a text, or 'regexes' an expression");
  }

  // A blank at either end would make the word one that stands nowhere as a whole word.
  void check_words(const std::string& path, const std::vector<std::string>& words) {
    if (words.empty()) refuse(path + ".words", "must not be empty");
    constexpr std::string_view blanks = " \t\r\n";
    for (std::size_t i = 0; i < words.size(); ++i)
      if (words[i].empty() || blanks.contains(words[i].front()) || blanks.contains(words[i].back()))
        refuse(at(path + ".words", i), "must not be empty, nor begin or end with a blank");
  }

  void check_rule(const std::string& path, const GuardRule& rule) {
    if (rule.on.empty()) refuse(path + ".on", "must not be empty");
    for (std::size_t i = 0; i < rule.on.size(); ++i)
      if (std::ranges::count(rule.on, rule.on[i]) > 1) refuse(at(path + ".on", i), "stands twice");
    if (rule.detectors.empty()) refuse(path + ".detectors", "must not be empty");
    for (std::size_t i = 0; i < rule.detectors.size(); ++i) {
      const std::string use = at(path + ".detectors", i);
      check_use(use, rule.detectors[i]);
      check_surfaces(use, path, rule, rule.detectors[i]);
    }
    for (std::size_t i = 0; i < rule.allow.size(); ++i)
      if (!allow_lists_.contains(rule.allow[i]))
        refuse(at(path + ".allow", i), "there is no allow-list '" + rule.allow[i] + "'");
    if (rule.action == GuardAction::redact && rule.redaction == RedactionForm::token &&
        std::ranges::any_of(rule.on, of_answers))
      refuse(path + ".redaction",
             "a token is put into a request and restored in its answer: on output and tool_arguments use replace, mask "
             "or hash");
  }

  void check_use(const std::string& path, const DetectorUse& use) {
    const bool typed =
        use.kind == DetectorKind::secrets || use.kind == DetectorKind::pii || use.kind == DetectorKind::injection;
    if (!typed && !use.types.empty()) refuse(path + ".types", "is for secrets, pii and injection");
    for (std::size_t i = 0; typed && i < use.types.size(); ++i)
      if (!is_detector_type(use.kind, use.types[i]))
        refuse(at(path + ".types", i),
               "'" + use.types[i] + "' is no type of the detector " + std::string(name_of(use.kind)));
    if (use.threshold && !typed && use.kind != DetectorKind::external)
      refuse(path + ".threshold", "is for secrets, pii, injection and external");
    if (use.threshold && !(*use.threshold >= 0 && *use.threshold <= 1))
      refuse(path + ".threshold", "must be a number from 0 to 1");
    check_names(path, use);
    const bool limits = use.kind == DetectorKind::limits;
    if (!limits && !use.modalities.empty()) refuse(path + ".modalities", "is for limits");
    if (!limits && use.max_bytes) refuse(path + ".max_bytes", "is for limits");
    if (limits && use.modalities.empty() && !use.max_bytes) refuse(path, "limits need modalities, max_bytes or both");
    if (limits && use.max_bytes && *use.max_bytes < 1) refuse(path + ".max_bytes", "must be 1 or more");
    for (std::size_t i = 0; limits && i < use.modalities.size(); ++i)
      if (!is_detector_type(DetectorKind::limits, use.modalities[i]))
        refuse(at(path + ".modalities", i), "must be one of: image, audio, video, file");
  }

  void check_names(const std::string& path, const DetectorUse& use) {
    switch (use.kind) {
      case DetectorKind::secrets:  // names of rules, which the compiled rules know
        return;
      case DetectorKind::pii:
      case DetectorKind::injection:
      case DetectorKind::limits:
        if (!use.names.empty()) refuse(path + ".names", "is for secrets, custom and external");
        return;
      case DetectorKind::custom:
        if (use.names.empty()) refuse(path + ".names", "must name a pattern, a word list or a topic");
        for (std::size_t i = 0; i < use.names.size(); ++i)
          if (!customs_.contains(use.names[i]))
            refuse(at(path + ".names", i), "there is no pattern, word list or topic '" + use.names[i] + "'");
        return;
      case DetectorKind::external:
        if (use.names.size() != 1) refuse(path + ".names", "must name one provider");
        for (std::size_t i = 0; i < use.names.size(); ++i)
          if (!providers_.contains(use.names[i]))
            refuse(at(path + ".names", i), "there is no provider '" + use.names[i] + "'");
        return;
    }
  }

  // What looks at a text as a whole cannot take back what a stream has already delivered.
  void check_surfaces(const std::string& use_path, const std::string& rule_path, const GuardRule& rule,
                      const DetectorUse& use) {
    const bool limits = use.kind == DetectorKind::limits;
    if (limits && rule.action == GuardAction::redact)
      refuse(rule_path + ".action", "limits find no bytes to redact: use block, flag or shadow");
    const bool topic = use.kind == DetectorKind::custom &&
                       std::ranges::any_of(use.names, [&](const std::string& name) { return topics_.contains(name); });
    const bool whole = topic || use.kind == DetectorKind::injection || use.kind == DetectorKind::external;
    for (std::size_t i = 0; i < rule.on.size(); ++i) {
      if (limits && rule.on[i] != Surface::input) refuse(at(rule_path + ".on", i), "limits are checked on input only");
      if (whole && interferes(rule) && of_answers(rule.on[i]))
        refuse(use_path, std::string(topic ? "topics" : name_of(use.kind)) + " cannot " +
                             std::string(name_of(rule.action)) + " on " + std::string(name_of(rule.on[i])) +
                             ", which may be a stream: use flag or shadow there");
    }
  }

  const GuardrailDocument& document_;
  Names customs_, topics_, allow_lists_, providers_;
  std::optional<GuardrailProblem> problem_;
};

}  // namespace

std::optional<GuardrailProblem> first_problem(const GuardrailDocument& document) {
  return Checker(document).run();
}

bool is_detector_type(DetectorKind kind, std::string_view word) noexcept {
  const auto types = detector_types(kind);
  return std::ranges::find(types, word) != types.end();
}

bool is_guardrail_id(std::string_view text) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

}  // namespace sluice::policy
