// Answers of external guardrail providers. The first byte chooses the vendor, the second the operation and the surface,
// the third the status; the rest is the body. Findings must lie in the texts, begin and end between characters, and be
// few.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "guard/external/answer.h"
#include "guard/external/check.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace {

using namespace sluice;
using namespace sluice::guard::external;

constexpr std::string_view first = "é 𝄞 a@b.com and an attack", second = "hello", third = "\xff broken \xe2\x82";

policy::GuardProvider provider_of(const policy::ProviderKind& kind) {
  policy::GuardProvider provider{.id = "p", .kind = std::string(kind.name), .url = "https://guard.example"};
  provider.credential = Secret("AKID:secret");
  for (const policy::ProviderOption& option : kind.options)
    if (option.need == policy::ProviderOption::Need::required) provider.options[std::string(option.name)] = "x";
  return provider;
}

bool starts_character(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

void check(const std::vector<std::string_view>& texts, const Found& found) {
  if (found.text >= texts.size()) std::abort();
  const std::string_view text = texts[found.text];
  if (found.start >= found.end || found.end > text.size()) std::abort();
  const bool valid = text != third;
  if (valid && (!starts_character(text, found.start) || !starts_character(text, found.end))) std::abort();
  if (!(found.score >= 0 && found.score <= 1)) std::abort();
  if (!is_type(found.type) || found.rule.empty() || found.rule.size() > longest_rule) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto kinds = policy::provider_kinds();
  const policy::GuardProvider provider = provider_of(kinds[data[0] % kinds.size()]);
  const std::vector<std::string_view> texts{first, second, third};
  const auto surface = static_cast<policy::Surface>(data[1] % policy::surface_count);
  const auto calls = ask(provider, {.surface = surface, .texts = texts, .now = {}});
  if (!calls || calls->empty()) std::abort();
  const Call& call = (*calls)[(data[1] / policy::surface_count) % calls->size()];
  const std::string body(reinterpret_cast<const char*>(data) + 3, size - 3);
  const auto found = read(provider, call, data[2] == 0 ? 200 : 200 + data[2] * 2, body);
  if (!found) {
    if (reason_of(found.error()).empty()) std::abort();
    return 0;
  }
  if (data[2] != 0 || found->size() > most_findings) std::abort();
  for (const Found& one : *found) check(texts, one);
  return 0;
}
