// One row for each vendor. Private to libs/guard/external.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "guard/external/answer.h"
#include "guard/external/check.h"

namespace sluice::guard::external {

using policy::GuardProvider;
using policy::Surface;

struct Vendor {
  std::string_view kind;
  std::size_t most_units;  // of one call, UTF-16 units
  std::size_t most_parts;
  std::vector<std::uint8_t> (*steps)(const GuardProvider& provider, Surface surface);
  // Fills target (behind the URL's own path), headers and body; surface, step and content are set.
  Result<void> (*build)(const GuardProvider& provider, TimePoint now, Call& call);
  Result<void> (*read)(const GuardProvider& provider, const Call& call, const Node& answer, Report& report);
};

const Vendor* vendor_named(std::string_view kind) noexcept;

extern const Vendor webhook, bedrock, azure_content_safety, model_armor, lakera, presidio, patronus, crowdstrike_aidr,
    grayswan;

inline bool is_answer(Surface surface) noexcept {
  return surface == Surface::output || surface == Surface::tool_arguments;
}
std::vector<std::uint8_t> one_step(const GuardProvider& provider, Surface surface);
void add_json_headers(Call& call);
void add_bearer(Call& call, const GuardProvider& provider);     // nothing when there is no credential
std::vector<std::string_view> words_of(std::string_view list);  // comma-separated
double number_of(std::string_view text, double otherwise);
// Percent-encodes everything but unreserved characters (RFC 3986 §2.3).
std::string encoded(std::string_view text, std::string_view also_plain = {});

}  // namespace sluice::guard::external
