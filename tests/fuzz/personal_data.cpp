// Any bytes: the personal-data rules end, report inside the text, in order and without overlaps.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "guard/engine.h"
#include "guard/pii/pii.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::guard;
  static const auto engine = [] {
    std::vector<Engine::Refusal> refused;
    auto made = Engine::make({make_pii_rules()}, refused);
    if (!made || !refused.empty()) std::abort();
    return *made;
  }();
  static Engine::Scratch scratch;
  static std::vector<Finding> findings;
  if (!engine->scan({reinterpret_cast<const char*>(data), size}, Phase::input, scratch, findings)) std::abort();
  std::size_t last = 0;
  for (const Finding& finding : findings) {
    if (finding.start < last || finding.end <= finding.start || finding.end > size) std::abort();
    if (finding.score < 0 || finding.score > 1 || finding.hit != (finding.score >= 0.5F)) std::abort();
    last = finding.end;
  }
  return 0;
}
