#include "policy/guard_providers.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::policy {
namespace {

using Need = ProviderOption::Need;
using Form = ProviderOption::Form;
using Credential = ProviderKind::Credential;

constexpr std::array<std::string_view, 3> offset_units{"code_points", "utf16", "bytes"};
constexpr std::array webhook_options{
    ProviderOption{.name = "offsets",
                   .form = Form::choice,
                   .meaning = "what start and end count (code_points)",
                   .choices = offset_units},
    ProviderOption{.name = "header", .meaning = "the field that carries the credential (authorization, as Bearer)"},
};
constexpr std::array bedrock_options{
    ProviderOption{.name = "region", .need = Need::required, .meaning = "of the guardrail, us-east-1"},
    ProviderOption{.name = "guardrail_id", .need = Need::required, .meaning = "id or ARN"},
    ProviderOption{.name = "guardrail_version", .need = Need::required, .meaning = "a number, or DRAFT"},
};
constexpr std::array<std::string_view, 3> azure_checks{"both", "analyze", "prompt_shield"};
constexpr std::array<std::string_view, 4> azure_categories{"Hate", "SelfHarm", "Sexual", "Violence"};
constexpr std::array azure_options{
    ProviderOption{.name = "checks",
                   .form = Form::choice,
                   .meaning = "text:analyze, text:shieldPrompt or both (both; answers are analysed only)",
                   .choices = azure_checks},
    ProviderOption{.name = "severity",
                   .form = Form::number,
                   .meaning = "from which a category is a hit, 0 to 7 (4)",
                   .smallest = 0,
                   .largest = 7},
    ProviderOption{.name = "categories",
                   .form = Form::words,
                   .meaning = "which to look for (all four)",
                   .choices = azure_categories},
    ProviderOption{.name = "blocklists", .form = Form::words, .meaning = "names of the resource's blocklists (none)"},
    ProviderOption{.name = "api_version", .meaning = "(2024-09-01)"},
};
constexpr std::array model_armor_options{
    ProviderOption{.name = "project", .need = Need::required, .meaning = "id or number"},
    ProviderOption{.name = "location", .need = Need::required, .meaning = "of the template, us-central1"},
    ProviderOption{.name = "template", .need = Need::required, .meaning = "id of the template"},
};
constexpr std::array lakera_options{
    ProviderOption{.name = "project_id", .meaning = "whose policy is applied (the account's default)"},
};
constexpr std::array presidio_options{
    ProviderOption{.name = "language", .meaning = "ISO 639-1 (en)"},
    ProviderOption{.name = "entities", .form = Form::words, .meaning = "entity types to look for (all)"},
    ProviderOption{.name = "score_threshold",
                   .form = Form::number,
                   .meaning = "from which a finding is a hit, 0 to 1 (0.5)",
                   .smallest = 0,
                   .largest = 1},
};
constexpr std::array<std::string_view, 2> patronus_fields{"task", "evaluated_model"};
constexpr std::array patronus_options{
    ProviderOption{.name = "evaluators",
                   .need = Need::required,
                   .form = Form::text,
                   .meaning = "comma-separated EVALUATOR or EVALUATOR=CRITERIA"},
    ProviderOption{.name = "fields",
                   .form = Form::choice,
                   .meaning = "task_input and task_output, or the older evaluated_model_… (task)",
                   .choices = patronus_fields},
};
constexpr std::array aidr_options{
    ProviderOption{.name = "app_id", .meaning = "shown as the application in AIDR (none)"},
};
constexpr std::array<std::string_view, 3> reasoning_modes{"off", "hybrid", "thinking"};
constexpr std::array grayswan_options{
    ProviderOption{.name = "policy_id", .meaning = "of the Gray Swan platform (none)"},
    ProviderOption{
        .name = "reasoning_mode", .form = Form::choice, .meaning = "(the platform's)", .choices = reasoning_modes},
    ProviderOption{.name = "violation_threshold",
                   .form = Form::number,
                   .meaning = "from which the violation is a hit, 0 to 1 (0.5)",
                   .smallest = 0,
                   .largest = 1},
};

constexpr std::array kinds{
    ProviderKind{"webhook", "A service of your own", "", Credential::optional, "a token, sent as Bearer",
                 webhook_options},
    ProviderKind{"bedrock", "AWS Bedrock ApplyGuardrail", "https://bedrock-runtime.REGION.amazonaws.com",
                 Credential::aws_keys, "ACCESS_KEY_ID:SECRET_ACCESS_KEY, or with :SESSION_TOKEN", bedrock_options},
    ProviderKind{"azure_content_safety", "Azure AI Content Safety", "https://NAME.cognitiveservices.azure.com",
                 Credential::required, "a key of the resource", azure_options},
    ProviderKind{"model_armor", "Google Model Armor", "https://modelarmor.LOCATION.rep.googleapis.com",
                 Credential::google, "a service account's key (JSON), or an OAuth access token", model_armor_options},
    ProviderKind{"lakera", "Lakera Guard", "https://api.lakera.ai", Credential::required, "an API key", lakera_options},
    ProviderKind{"presidio", "Presidio analyzer", "", Credential::optional,
                 "a token for a proxy in front, sent as Bearer", presidio_options},
    ProviderKind{"patronus", "Patronus", "https://api.patronus.ai", Credential::required, "an API key",
                 patronus_options},
    ProviderKind{"crowdstrike_aidr", "CrowdStrike AIDR", "https://api.crowdstrike.com/aidr/aiguard",
                 Credential::required, "the collector's token", aidr_options},
    ProviderKind{"grayswan", "Gray Swan Cygnal", "https://api.grayswan.ai", Credential::required, "an API key",
                 grayswan_options},
};

// "." and ".." would climb in a path.
constexpr bool is_word(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == ':' || c == '/' || c == '-';
  });
}

// What may stand in a header field (RFC 9110 §5.5), without blanks at its ends.
bool is_field_value(std::string_view text) {
  return text.find_first_not_of(' ') == 0 && text.back() != ' ' &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::optional<std::string> problem_of(const ProviderOption& option, std::string_view value) {
  const auto allowed = [&](std::string_view word) {
    return option.choices.empty() ? is_word(word) : std::ranges::find(option.choices, word) != option.choices.end();
  };
  std::string list;
  for (const auto choice : option.choices) list.append(list.empty() ? "" : ", ").append(choice);
  switch (option.form) {
    case Form::text:
      if (value.empty()) return "must not be empty";
      return std::nullopt;
    case Form::word:
      if (!is_word(value)) return "must be letters, digits and . _ : / - only";
      return std::nullopt;
    case Form::number: {
      double number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error != std::errc() || end != value.data() + value.size() || !(number >= option.smallest) ||
          !(number <= option.largest))
        return "must be a number from " + std::to_string(static_cast<int>(option.smallest)) + " to " +
               std::to_string(static_cast<int>(option.largest));
      return std::nullopt;
    }
    case Form::choice:
      if (!allowed(value)) return "must be one of: " + list;
      return std::nullopt;
    case Form::words:
      for (std::string_view rest = value;;) {
        const auto comma = std::min(rest.find(','), rest.size());
        if (!allowed(rest.substr(0, comma)))
          return list.empty() ? "must be names with commas between" : "must be some of: " + list;
        if (comma == rest.size()) return std::nullopt;
        rest.remove_prefix(comma + 1);
      }
  }
  return std::nullopt;
}

bool has_usable_url(std::string_view url) {
  const bool tls = url.starts_with("https://");
  if (!tls && !url.starts_with("http://")) return false;
  url.remove_prefix(tls ? 8 : 7);
  const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  if (authority.empty() || authority.contains('@') || url.contains('#')) return false;
  if (std::ranges::any_of(url, [](char c) { return c <= 0x20 || c >= 0x7f; })) return false;
  if (tls) return true;
  const std::string_view host = authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                                           : authority.substr(0, authority.find(':'));
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

std::optional<std::string> problem_of_credential(const ProviderKind& kind, std::string_view credential) {
  if (credential.empty())
    return kind.credential == Credential::optional
               ? std::nullopt
               : std::optional<std::string>("is missing: " + std::string(kind.credential_meaning));
  // A key in JSON goes into no field; it signs what does.
  if (kind.credential == Credential::google && credential.starts_with('{')) return std::nullopt;
  if (!is_field_value(credential)) return "holds characters that a header field may not hold";
  if (kind.credential == Credential::aws_keys) {
    const auto colon = credential.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == credential.size())
      return "must be " + std::string(kind.credential_meaning);
  }
  return std::nullopt;
}

}  // namespace

std::span<const ProviderKind> provider_kinds() noexcept {
  return kinds;
}

std::span<const std::string_view> provider_kind_names() noexcept {
  static constexpr auto names = [] {
    std::array<std::string_view, kinds.size()> all;
    std::ranges::transform(kinds, all.begin(), &ProviderKind::name);
    return all;
  }();
  return names;
}

const ProviderKind* provider_kind(std::string_view name) noexcept {
  const auto found = std::ranges::find(kinds, name, &ProviderKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

std::optional<ProviderProblem> check_guard_provider(const GuardProvider& provider) {
  const ProviderKind* const kind = provider_kind(provider.kind);
  if (kind == nullptr) return ProviderProblem{"kind", "is no known kind of provider"};
  if (!has_usable_url(provider.url))
    return ProviderProblem{"url", "must begin with https://, or with http:// and a loopback host"};
  for (const auto& [name, value] : provider.options) {
    const auto option = std::ranges::find(kind->options, std::string_view(name), &ProviderOption::name);
    if (option == kind->options.end()) return ProviderProblem{"options." + name, "is no option of " + provider.kind};
    if (auto what = problem_of(*option, value)) return ProviderProblem{"options." + name, std::move(*what)};
  }
  for (const ProviderOption& option : kind->options)
    if (option.need == Need::required && !provider.options.contains(std::string(option.name)))
      return ProviderProblem{"options." + std::string(option.name), "is missing: " + std::string(option.meaning)};
  return std::nullopt;
}

std::optional<ProviderProblem> check_provider_credential(const GuardProvider& provider) {
  const ProviderKind* const kind = provider_kind(provider.kind);
  if (kind == nullptr) return ProviderProblem{"kind", "is no known kind of provider"};
  if (auto what = problem_of_credential(*kind, provider.credential.reveal()))
    return ProviderProblem{"credential", std::move(*what)};
  return std::nullopt;
}

std::string_view option_of(const GuardProvider& provider, std::string_view name, std::string_view otherwise) {
  const auto found = provider.options.find(std::string(name));
  return found == provider.options.end() ? otherwise : std::string_view(found->second);
}

}  // namespace sluice::policy
