// Any bytes: the built-in secret rules end, report inside the text, in order and without overlaps.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "guard/engine.h"
#include "guard/secrets/builtin.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::guard;
  static const auto engine = [] {
    std::vector<SecretRefusal> bad;
    auto rules = SecretRules::make(builtin_secret_rules(), bad);
    std::vector<Engine::Refusal> refused;
    if (!rules || !bad.empty()) std::abort();
    auto made = Engine::make({*rules}, refused);
    if (!made || !refused.empty()) std::abort();
    return *made;
  }();
  static Engine::Scratch scratch;
  static std::vector<Finding> findings;
  if (!engine->scan({reinterpret_cast<const char*>(data), size}, Phase::output, scratch, findings)) std::abort();
  std::size_t last = 0;
  for (const Finding& finding : findings) {
    if (finding.start < last || finding.end <= finding.start || finding.end > size) std::abort();
    last = finding.end;
  }
  return 0;
}
