#include "guard/custom/custom_rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "guard/custom/expression.h"
#include "guard/custom/topics.h"
#include "guard/custom/words.h"
#include "guard/open_match.h"
#include "guard/regex_words.h"

namespace sluice::guard {
namespace {

constexpr std::int64_t expression_memory = 1 << 20;
constexpr std::size_t most_instructions = 1'000'000, widest_match = 16 * 1024, widest_relaxed = 8 * 1024,
                      widest_program = 12'000;
// How far a match that is still open is followed at first, and in a text that is full of matches.
constexpr std::size_t first_step = 4096, short_step = 64, many_findings = 1024;
constexpr std::uint8_t expressions_group = 1, words_group = 2;
constexpr std::string_view custom_type = "custom";

using Regex = std::unique_ptr<const re2::RE2>;

Regex compile(const policy::CustomPattern& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(expression_memory);
  options.set_case_sensitive(!pattern.caseless);
  return std::make_unique<const re2::RE2>(re2::StringPiece(pattern.regex), options);
}

std::string at(std::string_view list, std::size_t i) {
  return std::string(list) + "[" + std::to_string(i) + "]";
}

struct Expression {
  const policy::CustomPattern* source = nullptr;
  std::size_t index = 0;  // in the document
  Regex regex;
  std::optional<std::size_t> width = {};
  PassExpression pass = {};
};

// A word list or a topic.
struct Owner {
  std::string_view id;
  const policy::Topic* topic = nullptr;
  std::string path;
  std::size_t width = 0;
};
struct OwnedWord {
  Word word;
  std::uint32_t owner = 0, number = 0;
};
struct Spelling {
  std::string text;
  std::uint32_t word = 0;
};

}  // namespace

struct CustomRules::State {
  std::vector<Expression> expressions;  // ids of patterns: these, then the spellings
  std::vector<Owner> owners;
  std::vector<OwnedWord> words;
  std::vector<Spelling> spellings;
  std::set<std::string_view> held;  // ids that may change or end an answer: only these keep a stream open
  OpenMatcher open;

  void follow(const policy::GuardrailDocument& document);
  Result<void> add_expressions(const policy::GuardrailDocument& document, const std::set<std::string_view>& used);
  void add_words(const std::vector<std::string>& words, LetterCase letter_case, WordEnds ends, Owner owner);

  std::size_t confirm_expression(const Expression& expression, std::string_view text, std::size_t from, std::size_t end,
                                 std::vector<Finding>& findings) const;
};

Result<void> CustomRules::State::add_expressions(const policy::GuardrailDocument& document,
                                                 const std::set<std::string_view>& used) {
  std::size_t instructions = 0;
  for (std::size_t i = 0; i < document.patterns.size(); ++i) {
    const policy::CustomPattern& source = document.patterns[i];
    const auto refuse = [&](const std::string& problem) {
      return fail(ErrorCode::invalid_argument, at("patterns", i) + ".regex: " + problem);
    };
    Expression made{.source = &source, .index = i, .regex = compile(source)};
    if (!made.regex->ok()) return refuse(regex_refusal(source.regex, made.regex->error()));
    if (!used.contains(source.id)) continue;
    const Result<PatternWidth> width = width_of(whole_pattern(source));
    if (!width) return refuse(width.error().detail);
    if (width->least == 0) return refuse("it matches the empty text");
    if (width->most.value_or(0) > widest_match)
      return refuse("a match may be wider than " + std::to_string(widest_match) + " bytes");
    made.width = width->most;
    made.pass = pass_expression(source, width->most.has_value());
    const Regex pass = compile({.id = {}, .regex = made.pass.regex, .caseless = source.caseless});
    const auto size = static_cast<std::size_t>(std::max(0, pass->ProgramSize()));
    if (size > widest_program) return refuse("it is too large: more than 12,000 instructions");
    if (made.pass.relaxed && *made.width > widest_relaxed)
      return refuse("with repetitions of more than 64 characters a match may be " + std::to_string(widest_relaxed) +
                    " bytes wide");
    instructions += size;
    if (instructions > most_instructions) return refuse("all patterns together are too large");
    expressions.push_back(std::move(made));
  }
  return {};
}

void CustomRules::State::add_words(const std::vector<std::string>& given, LetterCase letter_case, WordEnds ends,
                                   Owner owner) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    Word word(given[i], letter_case, ends);
    owner.width = std::max(owner.width, word.width());
    for (std::string& spelling : word.spellings())
      spellings.push_back({std::move(spelling), static_cast<std::uint32_t>(words.size())});
    words.push_back({std::move(word), static_cast<std::uint32_t>(owners.size()), static_cast<std::uint32_t>(i)});
  }
  if (owner.topic != nullptr) owner.width = static_cast<std::size_t>(owner.topic->within_bytes);
  owners.push_back(std::move(owner));
}

void CustomRules::State::follow(const policy::GuardrailDocument& document) {
  for (const policy::GuardRule& rule : document.rules) {
    const bool interferes = rule.action == policy::GuardAction::redact || rule.action == policy::GuardAction::block;
    for (const policy::DetectorUse& use : rule.detectors)
      if (rule.enabled && interferes && use.kind == policy::DetectorKind::custom)
        held.insert(use.names.begin(), use.names.end());
  }
  std::vector<OpenSyntax> syntax;
  for (const Expression& expression : expressions)
    if (held.contains(expression.source->id))
      syntax.push_back({.regex = expression.source->regex, .caseless = expression.source->caseless});
  std::vector<std::string> texts;
  texts.reserve(words.size());
  for (const OwnedWord& owned : words) {
    if (owners[owned.owner].topic != nullptr || !held.contains(owners[owned.owner].id)) continue;
    texts.push_back(owned.word.expression());
    syntax.push_back({.regex = texts.back(), .caseless = owned.word.letter_case() == LetterCase::any});
  }
  open = OpenMatcher::make(syntax);
}

CustomRules::CustomRules(std::unique_ptr<State> state) : state_(std::move(state)) {}
CustomRules::~CustomRules() = default;

Result<std::shared_ptr<const CustomRules>> CustomRules::make(const policy::GuardrailDocument& document,
                                                             const std::set<std::string_view>& used) {
  auto state = std::make_unique<State>();
  Result<void> added = state->add_expressions(document, used);
  if (!added) return fail(added.error());
  for (std::size_t i = 0; i < document.word_lists.size(); ++i) {
    const policy::WordList& list = document.word_lists[i];
    if (!used.contains(list.id)) continue;
    state->add_words(list.words, list.caseless ? LetterCase::any : LetterCase::exact,
                     list.whole_words ? WordEnds::whole : WordEnds::anywhere,
                     {.id = list.id, .topic = nullptr, .path = at("word_lists", i)});
  }
  for (std::size_t i = 0; i < document.topics.size(); ++i) {
    const policy::Topic& topic = document.topics[i];
    if (used.contains(topic.id))
      state->add_words(topic.words, LetterCase::any, WordEnds::whole,
                       {.id = topic.id, .topic = &topic, .path = at("topics", i)});
  }
  state->follow(document);
  return std::shared_ptr<const CustomRules>(new CustomRules(std::move(state)));
}

void CustomRules::add_patterns(std::vector<Pattern>& patterns) const {
  // Forms are kept together, so that each makes as few passes as it can.
  for (const auto form : {Pattern::Form::bytes, Pattern::Form::characters})
    for (std::uint32_t i = 0; i < state_->expressions.size(); ++i) {
      const policy::CustomPattern& source = *state_->expressions[i].source;
      if (whole_pattern(source).form == form)
        patterns.push_back({state_->expressions[i].pass.regex, source.caseless, i, form, expressions_group});
    }
  const auto first = static_cast<std::uint32_t>(state_->expressions.size());
  for (std::uint32_t i = 0; i < state_->spellings.size(); ++i) {
    const Spelling& spelling = state_->spellings[i];
    patterns.push_back({spelling.text, state_->words[spelling.word].word.letter_case() == LetterCase::any, first + i,
                        Pattern::Form::literal, words_group});
  }
}

std::size_t CustomRules::State::confirm_expression(const Expression& expression, std::string_view text,
                                                   std::size_t from, std::size_t end,
                                                   std::vector<Finding>& findings) const {
  const re2::StringPiece whole(text.data(), text.size());
  std::array<re2::StringPiece, 2> groups;
  const int count = expression.regex->NumberOfCapturingGroups() > 0 ? 2 : 1;
  const std::size_t width = expression.width.value_or(widest_match);
  // What has no finite width is looked for from the last settled place on: each byte is passed over once.
  const std::size_t begin = expression.width ? std::max(from, end > width ? end - width : 0) : from;
  if (!expression.regex->Match(whole, begin, end, re2::RE2::UNANCHORED, groups.data(), count))
    return expression.pass.relaxed ? from : end;  // a match of which this is no end may begin before it
  const auto start = static_cast<std::size_t>(groups[0].data() - text.data());
  const auto match_end = [&] { return start + groups[0].size(); };
  std::size_t step = std::min(width, findings.size() < many_findings ? first_step : short_step);
  for (std::size_t stop = end; match_end() == stop && stop < text.size(); step *= 2) {
    stop = std::min(text.size(), stop + step);
    const std::array<re2::StringPiece, 2> before = groups;
    if (expression.regex->Match(whole, start, stop, re2::RE2::ANCHOR_START, groups.data(), count)) continue;
    groups = before;
    break;
  }
  const re2::StringPiece& found = count == 2 && !groups[1].empty() ? groups[1] : groups[0];
  const auto found_start = static_cast<std::uint32_t>(found.data() - text.data());
  findings.push_back({Detector::custom, expression.source->id, custom_type, found_start,
                      found_start + static_cast<std::uint32_t>(found.size()), 1, true});
  return std::max(match_end(), end);
}

Judged CustomRules::confirm(std::uint32_t pattern, std::string_view text, std::size_t from, std::size_t end,
                            std::vector<Finding>& findings) const {
  if (pattern < state_->expressions.size())
    return state_->confirm_expression(state_->expressions[pattern], text, from, end, findings);
  const OwnedWord& owned = state_->words[state_->spellings[pattern - state_->expressions.size()].word];
  const std::optional<Word::Span> span = owned.word.around(text, end);
  if (!span) return end;
  const Owner& owner = state_->owners[owned.owner];
  const auto start = static_cast<std::uint32_t>(span->start);
  const auto stop = static_cast<std::uint32_t>(span->end);
  findings.push_back(owner.topic != nullptr ? topic_word(*owner.topic, owned.number, start, stop)
                                            : Finding{Detector::custom, owner.id, custom_type, start, stop, 1, true});
  return end;
}

// Overlapping findings of one id become one: the words "New York" and "York" of one list, two matches in a row.
void CustomRules::finish(std::string_view, Phase, std::vector<Finding>& findings) const {
  std::ranges::sort(findings, {}, [](const Finding& f) { return std::tuple(f.rule.data(), f.start, f.end); });
  std::size_t kept = 0;
  for (std::size_t begin = 0, end = 0; begin < findings.size(); begin = end) {
    const std::string_view id = findings[begin].rule;
    while (end < findings.size() && findings[end].rule.data() == id.data()) ++end;
    if (is_topic_word(findings[begin])) {
      const auto owner = std::ranges::find(state_->owners, id, &Owner::id);
      kept = find_topic(*owner->topic, findings, begin, end, kept);
      continue;
    }
    const std::size_t first = kept;
    for (std::size_t i = begin; i < end; ++i) {
      if (kept > first && findings[i].start < findings[kept - 1].end)
        findings[kept - 1].end = std::max(findings[kept - 1].end, findings[i].end);
      else
        findings[kept++] = findings[i];
    }
  }
  findings.resize(kept);
}

std::size_t CustomRules::finish_open(std::string_view text, std::size_t from, Phase phase, std::span<const Part* const>,
                                     std::vector<Finding>& findings) const {
  std::erase_if(findings, [this](const Finding& finding) {
    return is_topic_word(finding) || !state_->held.contains(finding.rule);
  });
  const std::size_t open =
      drop_open(findings, state_->open.open_from(text, from), from, [](const Finding& finding) { return finding.end; });
  finish(text, phase, findings);
  return open;
}

std::string CustomRules::path_of(std::uint32_t pattern) const {
  if (pattern < state_->expressions.size()) return at("patterns", state_->expressions[pattern].index) + ".regex";
  const OwnedWord& owned = state_->words[state_->spellings[pattern - state_->expressions.size()].word];
  return at(state_->owners[owned.owner].path + ".words", owned.number);
}

std::optional<std::size_t> CustomRules::width(std::string_view id) const {
  for (const Expression& expression : state_->expressions)
    if (expression.source->id == id) return expression.width;
  const auto owner = std::ranges::find(state_->owners, id, &Owner::id);
  return owner == state_->owners.end() ? 0 : owner->width;
}

}  // namespace sluice::guard
