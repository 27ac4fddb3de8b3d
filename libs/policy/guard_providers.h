// The kinds of external providers that a guardrail may ask, and what each needs. The reader of documents, the console's
// form and docs/guardrails.md follow this one table; libs/guard/external speaks the formats.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/guardrails.h"

namespace sluice::policy {

struct ProviderOption {
  enum class Need : std::uint8_t { required, optional };
  // What a value may be. `word` is what may stand in a path or a header: letters, digits and ". _ : / -".
  enum class Form : std::uint8_t { text, word, number, choice, words };
  std::string_view name;
  Need need = Need::optional;
  Form form = Form::word;
  std::string_view meaning;                        // for people, with the default
  double smallest = 0, largest = 0;                // of a number
  std::span<const std::string_view> choices = {};  // of a choice, or of each of the words (comma-separated)
};

struct ProviderKind {
  enum class Credential : std::uint8_t { optional, required, aws_keys, google };
  std::string_view name;       // "bedrock"
  std::string_view title;      // "AWS Bedrock ApplyGuardrail"
  std::string_view usual_url;  // where the vendor serves it
  Credential credential = Credential::required;
  std::string_view credential_meaning;
  std::span<const ProviderOption> options;
};

std::span<const ProviderKind> provider_kinds() noexcept;
std::span<const std::string_view> provider_kind_names() noexcept;
const ProviderKind* provider_kind(std::string_view name) noexcept;  // nullptr: there is none

struct ProviderProblem {
  std::string path;  // below the provider: "options.region"
  std::string what;
};
// The first thing that makes a provider unusable: an unknown kind, a missing or unknown option, a value that cannot go
// on the wire, a URL that is neither https nor http to loopback. The credential is apart, since who edits a provider
// need not have it.
std::optional<ProviderProblem> check_guard_provider(const GuardProvider& provider);
std::optional<ProviderProblem> check_provider_credential(const GuardProvider& provider);

// An option's value, or what stands for it when it is not set.
std::string_view option_of(const GuardProvider& provider, std::string_view name, std::string_view otherwise = {});

}  // namespace sluice::policy
