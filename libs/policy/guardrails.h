// The guardrails of a policy document, as data: for whom, on what, which detectors, which action, and what happens when
// a check cannot run. Rules are part of the fleet document, since a device applies them when the gateway is away; the
// credentials of external providers are part of the gateway's only.
//
// What cannot be enforced is refused when the document is read (shape, names, combinations) or compiled
// (guard/guard.h: expressions), with the path of the field.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace sluice {
class JsonFields;
class JsonWriter;
}  // namespace sluice

namespace sluice::policy {

// What a rule looks at. A request carries input (instructions, messages, the history of the conversation) and
// tool_results; an answer carries output (text, reasoning) and tool_arguments.
enum class Surface : std::uint8_t { input, tool_results, output, tool_arguments };
inline constexpr std::size_t surface_count = 4;
std::string_view name_of(Surface surface) noexcept;

// In order of strength: where two rules match the same bytes, the stronger one decides.
enum class GuardAction : std::uint8_t {
  shadow,  // recorded as what would have been done; nobody notices
  flag,    // recorded, counted, shown to administrators
  redact,  // the matched bytes are replaced, everything else stays as it is
  block,   // the request is refused, an answer ends with an error of its dialect
};
std::string_view name_of(GuardAction action) noexcept;

enum class RedactionForm : std::uint8_t {
  replace,  // [EMAIL]
  mask,     // one * for each character
  hash,     // [EMAIL:9f86d081884c7d65], keyed: equal texts give equal hashes within the deployment
  token,    // [EMAIL-9f86d081], restored in the answer to the same request
};
std::string_view name_of(RedactionForm form) noexcept;

enum class OnFailure : std::uint8_t { block, pass };  // pass is recorded as "not checked", never as passed
std::string_view name_of(OnFailure failure) noexcept;

enum class DetectorKind : std::uint8_t { secrets, pii, injection, custom, limits, external };
inline constexpr std::size_t detector_kind_count = 6;
std::string_view name_of(DetectorKind kind) noexcept;
// The words that `types` (secrets, pii, injection) and `modalities` (limits) may hold; the kinds of external providers.
std::span<const std::string_view> detector_types(DetectorKind kind) noexcept;

struct DetectorUse {
  DetectorKind kind = DetectorKind::secrets;
  // secrets, pii, injection: types of the vocabulary (email, credit_card, secret, jailbreak, …). Empty: all of the
  // kind.
  std::vector<std::string> types = {};
  // custom: ids of patterns, word lists and topics (at least one); external: the id of one provider; secrets: ids of
  // rules, empty for all.
  std::vector<std::string> names = {};
  std::optional<double> threshold = {};        // 0 to 1, in place of the detectors' own
  std::vector<std::string> modalities = {};    // limits: what must not be uploaded: image, audio, video, file
  std::optional<std::int64_t> max_bytes = {};  // limits: of all text of a request
};

// Empty lists name everybody. All lists that are not empty must name the request.
struct GuardScope {
  std::vector<std::string> users = {}, teams = {}, keys = {}, apps = {};
};

struct GuardRule {
  std::string id = {};
  std::string name = {};
  bool enabled = true;
  GuardScope scope = {};
  std::vector<Surface> on = {};
  std::vector<DetectorUse> detectors = {};
  GuardAction action = GuardAction::flag;
  RedactionForm redaction = RedactionForm::replace;
  OnFailure on_failure = OnFailure::block;
  // Streams: a match that is still open after so many bytes. An expression without a finite width needs this; block
  // ends the stream, pass lets the bytes go and records "not checked".
  std::int64_t stream_cap_bytes = 4096;
  OnFailure over_cap = OnFailure::block;
  std::vector<std::string> allow = {};  // ids of allow-lists: a finding that one of them holds is none
  std::string message = {};             // shown to the person when it blocks; empty: a sentence of Sluice's own
};

struct CustomPattern {
  std::string id = {};
  std::string regex = {};  // RE2; the finding is group 1 if there is one, else the whole match
  bool caseless = false;
};
struct WordList {
  std::string id = {};
  std::vector<std::string> words = {};  // plain text, phrases allowed
  bool caseless = true;
  bool whole_words = true;
};
// A subject, known by its words: a hit when `least` different ones stand within `within_bytes`.
struct Topic {
  std::string id = {};
  std::vector<std::string> words = {};
  std::int64_t least = 3;
  std::int64_t within_bytes = 1000;
};
struct AllowList {
  std::string id = {};
  std::vector<std::string> texts = {};    // the finding's text, exactly
  std::vector<std::string> regexes = {};  // RE2, matching the finding's whole text
};
struct GitleaksFile {
  std::string id = {};
  std::string toml = {};  // as published, up to 1 MiB
};

struct GuardrailDocument {
  std::vector<GuardRule> rules = {};
  std::vector<CustomPattern> patterns = {};
  std::vector<WordList> word_lists = {};
  std::vector<Topic> topics = {};
  std::vector<AllowList> allow_lists = {};
  std::vector<GitleaksFile> gitleaks = {};  // add to the secrets detector
  std::vector<std::string> providers = {};  // ids of the external providers that rules may name
  [[nodiscard]] bool empty() const noexcept { return rules.empty(); }
};

// An external check, in the gateway's document only.
struct GuardProvider {
  std::string id = {};
  std::string kind = {};   // webhook, bedrock, azure_content_safety, model_armor, lakera, presidio, patronus, …
  std::string url = {};    // https, or http to loopback
  Secret credential = {};  // the vendor's key or token; its form is the kind's
  std::map<std::string, std::string> options = {};  // by kind: region, guardrail_id, template, project_id, …
  std::int64_t timeout_ms = 2000;
  std::int64_t calls_per_minute = 6000;    // the budget; beyond it a check did not run
  std::int64_t breaker_failures = 5;       // consecutive failures that open the breaker …
  std::int64_t breaker_open_seconds = 30;  // … for so long; then one call tries again
};

// Reads the members of a "guardrails" object; problems are reported to `fields` (base/json.h).
GuardrailDocument read_guardrails(JsonFields& fields);
GuardProvider read_guard_provider(JsonFields& fields);
void write_guardrails(JsonWriter& out, const GuardrailDocument& document);  // the object, braces included
void write_guard_provider(JsonWriter& out, const GuardProvider& provider);

// A document on its own: what administrators edit, and what `sluice policy test` reads. too_large beyond `most_bytes`.
inline constexpr std::size_t largest_guardrails = 8 * 1024 * 1024;  // of a document that is given or kept
Result<GuardrailDocument> parse_guardrails(std::string_view json, std::size_t most_bytes = largest_guardrails);
std::string print_guardrails(const GuardrailDocument& document);

// Combinations that cannot be enforced, by path ("rules[2].detectors[0].names[1]: there is no pattern …"). The first.
Result<void> check_guardrails(const GuardrailDocument& document);

}  // namespace sluice::policy
