#include "policy/guardrails.h"

#include <array>

#include "base/json.h"
#include "policy/guard_providers.h"
#include "policy/guardrails_check.h"

namespace sluice::policy {
namespace {

constexpr std::array<std::string_view, 4> surface_names{"input", "tool_results", "output", "tool_arguments"};
constexpr std::array<std::string_view, 4> action_names{"shadow", "flag", "redact", "block"};
constexpr std::array<std::string_view, 4> form_names{"replace", "mask", "hash", "token"};
constexpr std::array<std::string_view, 2> failure_names{"block", "pass"};
constexpr std::array<std::string_view, 6> kind_names{"secrets", "pii", "injection", "custom", "limits", "external"};
constexpr std::array<std::string_view, 4> modality_names{"image", "audio", "video", "file"};
constexpr std::array<std::string_view, 1> secret_types{"secret"};
constexpr std::array<std::string_view, 2> injection_types{"injection", "jailbreak"};
constexpr std::array<std::string_view, 17> pii_types{"address",
                                                     "credit_card",
                                                     "crypto_address",
                                                     "date",
                                                     "date_of_birth",
                                                     "driver_license",
                                                     "email",
                                                     "iban",
                                                     "ip",
                                                     "location",
                                                     "mac",
                                                     "national_id",
                                                     "organization",
                                                     "passport",
                                                     "person",
                                                     "phone",
                                                     "url"};
void write_list(JsonWriter& out, std::string_view name, const std::vector<std::string>& values) {
  if (!values.empty()) out.field(name, values);
}

void write_use(JsonWriter& out, const DetectorUse& use) {
  out.begin_object().field("kind", name_of(use.kind));
  write_list(out, "types", use.types);
  write_list(out, "names", use.names);
  if (use.threshold) out.field("threshold", *use.threshold);
  write_list(out, "modalities", use.modalities);
  if (use.max_bytes) out.field("max_bytes", *use.max_bytes);
  out.end_object();
}

void write_rule(JsonWriter& out, const GuardRule& rule) {
  out.begin_object().field("id", rule.id).field("name", rule.name).field("enabled", rule.enabled);
  out.key("scope").begin_object().field("users", rule.scope.users).field("teams", rule.scope.teams);
  out.field("keys", rule.scope.keys).field("apps", rule.scope.apps).end_object();
  out.key("on").begin_array();
  for (const Surface surface : rule.on) out.text(name_of(surface));
  out.end_array().key("detectors").begin_array();
  for (const DetectorUse& use : rule.detectors) write_use(out, use);
  out.end_array().field("action", name_of(rule.action)).field("redaction", name_of(rule.redaction));
  out.field("on_failure", name_of(rule.on_failure)).field("stream_cap_bytes", rule.stream_cap_bytes);
  out.field("over_cap", name_of(rule.over_cap)).field("allow", rule.allow).field("message", rule.message).end_object();
}

}  // namespace

std::string_view name_of(Surface surface) noexcept {
  return surface_names[static_cast<std::size_t>(surface)];
}
std::string_view name_of(GuardAction action) noexcept {
  return action_names[static_cast<std::size_t>(action)];
}
std::string_view name_of(RedactionForm form) noexcept {
  return form_names[static_cast<std::size_t>(form)];
}
std::string_view name_of(OnFailure failure) noexcept {
  return failure_names[static_cast<std::size_t>(failure)];
}
std::string_view name_of(DetectorKind kind) noexcept {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::span<const std::string_view> detector_types(DetectorKind kind) noexcept {
  switch (kind) {
    case DetectorKind::secrets:
      return secret_types;
    case DetectorKind::pii:
      return pii_types;
    case DetectorKind::injection:
      return injection_types;
    case DetectorKind::limits:
      return modality_names;
    case DetectorKind::external:
      return provider_kind_names();
    case DetectorKind::custom:
      break;
  }
  return {};
}

void write_guardrails(JsonWriter& out, const GuardrailDocument& document) {
  out.begin_object().key("rules").begin_array();
  for (const GuardRule& rule : document.rules) write_rule(out, rule);
  out.end_array().key("patterns").begin_array();
  for (const CustomPattern& pattern : document.patterns)
    out.begin_object()
        .field("id", pattern.id)
        .field("regex", pattern.regex)
        .field("caseless", pattern.caseless)
        .end_object();
  out.end_array().key("word_lists").begin_array();
  for (const WordList& list : document.word_lists)
    out.begin_object()
        .field("id", list.id)
        .field("words", list.words)
        .field("caseless", list.caseless)
        .field("whole_words", list.whole_words)
        .end_object();
  out.end_array().key("topics").begin_array();
  for (const Topic& topic : document.topics)
    out.begin_object()
        .field("id", topic.id)
        .field("words", topic.words)
        .field("least", topic.least)
        .field("within_bytes", topic.within_bytes)
        .end_object();
  out.end_array().key("allow_lists").begin_array();
  for (const AllowList& list : document.allow_lists)
    out.begin_object().field("id", list.id).field("texts", list.texts).field("regexes", list.regexes).end_object();
  out.end_array().key("gitleaks").begin_array();
  for (const GitleaksFile& file : document.gitleaks)
    out.begin_object().field("id", file.id).field("toml", file.toml).end_object();
  out.end_array().field("providers", document.providers).end_object();
}

void write_guard_provider(JsonWriter& out, const GuardProvider& provider) {
  out.begin_object().field("id", provider.id).field("kind", provider.kind).field("url", provider.url);
  out.field("credential", provider.credential.reveal()).key("options").begin_object();
  for (const auto& [name, value] : provider.options) out.field(name, value);
  out.end_object().field("timeout_ms", provider.timeout_ms).field("calls_per_minute", provider.calls_per_minute);
  out.field("breaker_failures", provider.breaker_failures);
  out.field("breaker_open_seconds", provider.breaker_open_seconds).end_object();
}

Result<GuardrailDocument> parse_guardrails(std::string_view json, std::size_t most_bytes) {
  const auto text = parse_json(json, {.bytes = most_bytes, .depth = 12});
  if (!text) return fail(text.error());
  JsonFields fields(*text);
  GuardrailDocument document = read_guardrails(fields);
  if (auto error = fields.finish()) return fail(std::move(*error));
  return document;
}

std::string print_guardrails(const GuardrailDocument& document) {
  JsonWriter out;
  write_guardrails(out, document);
  return out.take();
}

Result<void> check_guardrails(const GuardrailDocument& document) {
  if (auto problem = first_problem(document))
    return fail(ErrorCode::invalid_argument, problem->path + ": " + problem->what);
  return {};
}

}  // namespace sluice::policy
