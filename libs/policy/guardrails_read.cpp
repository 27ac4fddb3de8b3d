// Reads guardrails as written by people: members with a default may be absent. Texts and lists are bounded here, since
// what is read stays in memory and is compiled.
#include <algorithm>

#include "base/json.h"
#include "policy/guard_providers.h"
#include "policy/guardrails.h"
#include "policy/guardrails_check.h"

namespace sluice::policy {
namespace {

constexpr std::size_t most_rules = 500, most_patterns = 5'000, most_word_lists = 200, most_words = 20'000,
                      most_topics = 200, most_topic_words = 500, most_allow_lists = 200, most_allowed = 2'000,
                      most_gitleaks = 8, most_providers = 50, most_scope = 1'000, most_uses = 32, most_names = 1'000,
                      most_options = 32;
constexpr std::size_t id_text = 64, short_text = 256, regex_text = 4096, message_text = 1000, long_text = 4096,
                      file_text = 1024 * 1024;
constexpr std::int64_t largest_cap = 1024 * 1024, largest_distance = 100'000;

std::vector<std::string> bounded_texts(JsonFields& fields, std::string_view key, std::size_t most,
                                       std::size_t longest) {
  if (!fields.has(key)) {
    (void)fields.raw(key);
    return {};
  }
  auto texts = fields.texts(key, most);
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (texts[i].empty() || texts[i].size() > longest)
      fields.refuse(std::string(key) + "[" + std::to_string(i) + "]",
                    texts[i].empty() ? "must not be empty" : "is longer than " + std::to_string(longest) + " bytes");
  return texts;
}

std::vector<JsonFields> optional_objects(JsonFields& fields, std::string_view key, std::size_t most) {
  if (fields.has(key)) return fields.objects(key, most);
  (void)fields.raw(key);
  return {};
}

std::string read_id(JsonFields& fields) {
  std::string id = fields.text("id", id_text);
  if (!is_guardrail_id(id)) fields.refuse("id", "must be 1 to 64 letters, digits, '.', '_' or '-'");
  return id;
}

// One of the values that name_of() names, from 0 to `count`.
template <class E>
std::optional<E> named(std::string_view text, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (name_of(static_cast<E>(i)) == text) return static_cast<E>(i);
  return std::nullopt;
}

template <class E>
E choice(JsonFields& fields, std::string_view key, std::size_t count, std::optional<E> fallback) {
  if (fallback && !fields.has(key)) {
    (void)fields.raw(key);
    return *fallback;
  }
  const std::optional<E> value = named<E>(fields.text(key, short_text), count);
  if (!value) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list.append(i == 0 ? "" : ", ").append(name_of(static_cast<E>(i)));
    fields.refuse(key, "must be one of: " + list);
  }
  return value.value_or(static_cast<E>(0));
}

std::optional<double> read_threshold(JsonFields& fields) {
  const JsonValue* const value = fields.raw("threshold");
  if (value == nullptr) return std::nullopt;
  const auto* const whole = std::get_if<std::int64_t>(&value->data);
  const auto* const part = std::get_if<double>(&value->data);
  const double number = whole != nullptr ? static_cast<double>(*whole) : part != nullptr ? *part : -1;
  if (!(number >= 0 && number <= 1)) fields.refuse("threshold", "must be a number from 0 to 1");
  return number;
}

DetectorUse read_use(JsonFields& fields) {
  DetectorUse use;
  use.kind = choice<DetectorKind>(fields, "kind", detector_kind_count, std::nullopt);
  use.types = bounded_texts(fields, "types", most_names, id_text);
  use.names = bounded_texts(fields, "names", most_names, short_text);
  use.threshold = read_threshold(fields);
  use.modalities = bounded_texts(fields, "modalities", 8, id_text);
  use.max_bytes = fields.optional_integer("max_bytes", 1);
  return use;
}

GuardScope read_scope(JsonFields& fields) {
  return {.users = bounded_texts(fields, "users", most_scope, short_text),
          .teams = bounded_texts(fields, "teams", most_scope, short_text),
          .keys = bounded_texts(fields, "keys", most_scope, short_text),
          .apps = bounded_texts(fields, "apps", most_scope, short_text)};
}

GuardRule read_rule(JsonFields& fields) {
  GuardRule rule;
  rule.id = read_id(fields);
  rule.name = fields.optional_text("name", short_text).value_or("");
  rule.enabled = fields.optional_boolean("enabled").value_or(true);
  if (fields.has("scope")) {
    JsonFields scope = fields.object("scope");
    rule.scope = read_scope(scope);
  } else {
    (void)fields.raw("scope");
  }
  const auto surfaces = fields.texts("on", surface_count);
  for (std::size_t i = 0; i < surfaces.size(); ++i) {
    const auto surface = named<Surface>(surfaces[i], surface_count);
    if (!surface)
      fields.refuse("on[" + std::to_string(i) + "]", "must be one of: input, tool_results, output, tool_arguments");
    rule.on.push_back(surface.value_or(Surface::input));
  }
  for (JsonFields& use : fields.objects("detectors", most_uses)) rule.detectors.push_back(read_use(use));
  rule.action = choice<GuardAction>(fields, "action", 4, std::nullopt);
  rule.redaction = choice<RedactionForm>(fields, "redaction", 4, RedactionForm::replace);
  rule.on_failure = choice<OnFailure>(fields, "on_failure", 2, OnFailure::block);
  rule.stream_cap_bytes = fields.optional_integer("stream_cap_bytes", 0, largest_cap).value_or(4096);
  rule.over_cap = choice<OnFailure>(fields, "over_cap", 2, OnFailure::block);
  rule.allow = bounded_texts(fields, "allow", most_allow_lists, id_text);
  rule.message = fields.optional_text("message", message_text).value_or("");
  return rule;
}

void read_word_lists(JsonFields& fields, GuardrailDocument& document) {
  std::size_t words = 0;
  for (JsonFields& entry : optional_objects(fields, "word_lists", most_word_lists)) {
    WordList list;
    list.id = read_id(entry);
    list.words = bounded_texts(entry, "words", most_words, short_text);
    list.caseless = entry.optional_boolean("caseless").value_or(true);
    list.whole_words = entry.optional_boolean("whole_words").value_or(true);
    words += list.words.size();
    if (words > most_words)
      entry.refuse("words", "all word lists together have more than " + std::to_string(most_words) + " words");
    document.word_lists.push_back(std::move(list));
  }
}

// No user information: what stands before '@' is easily read as the host.
}  // namespace

GuardrailDocument read_guardrails(JsonFields& fields) {
  GuardrailDocument document;
  for (JsonFields& rule : optional_objects(fields, "rules", most_rules)) document.rules.push_back(read_rule(rule));
  for (JsonFields& entry : optional_objects(fields, "patterns", most_patterns)) {
    document.patterns.push_back({.id = read_id(entry),
                                 .regex = entry.text("regex", regex_text),
                                 .caseless = entry.optional_boolean("caseless").value_or(false)});
    if (document.patterns.back().regex.empty()) entry.refuse("regex", "must not be empty");
  }
  read_word_lists(fields, document);
  for (JsonFields& entry : optional_objects(fields, "topics", most_topics)) {
    std::vector<std::string> words = bounded_texts(entry, "words", most_topic_words, short_text);
    const std::int64_t usual = std::clamp<std::int64_t>(std::ssize(words), 1, 3);
    document.topics.push_back(
        {.id = read_id(entry),
         .words = std::move(words),
         .least = entry.optional_integer("least", 1, most_topic_words).value_or(usual),
         .within_bytes = entry.optional_integer("within_bytes", 1, largest_distance).value_or(1000)});
  }
  for (JsonFields& entry : optional_objects(fields, "allow_lists", most_allow_lists))
    document.allow_lists.push_back({.id = read_id(entry),
                                    .texts = bounded_texts(entry, "texts", most_allowed, long_text),
                                    .regexes = bounded_texts(entry, "regexes", most_allowed, regex_text)});
  for (JsonFields& entry : optional_objects(fields, "gitleaks", most_gitleaks))
    document.gitleaks.push_back({.id = read_id(entry), .toml = entry.text("toml", file_text)});
  document.providers = bounded_texts(fields, "providers", most_providers, id_text);
  if (auto problem = first_problem(document)) fields.refuse(problem->path, problem->what);
  return document;
}

GuardProvider read_guard_provider(JsonFields& fields) {
  GuardProvider provider;
  provider.id = read_id(fields);
  provider.kind = fields.text("kind", id_text);
  provider.url = fields.text("url", long_text);
  provider.credential = Secret(fields.optional_text("credential", 16 * 1024).value_or(""));
  if (fields.has("options")) {
    JsonFields options = fields.object("options");
    const auto members = options.members();
    if (members.size() > most_options)
      fields.refuse("options", "has more than " + std::to_string(most_options) + " entries");
    for (const auto& [name, value] : members) provider.options[name] = options.text(name, long_text);
  } else {
    (void)fields.raw("options");
  }
  provider.timeout_ms = fields.optional_integer("timeout_ms", 1, 60'000).value_or(2000);
  provider.calls_per_minute = fields.optional_integer("calls_per_minute", 0, 10'000'000).value_or(6000);
  provider.breaker_failures = fields.optional_integer("breaker_failures", 1, 1'000'000).value_or(5);
  provider.breaker_open_seconds = fields.optional_integer("breaker_open_seconds", 1, 86'400).value_or(30);
  if (const auto problem = check_guard_provider(provider)) fields.refuse(problem->path, problem->what);
  return provider;
}

}  // namespace sluice::policy
