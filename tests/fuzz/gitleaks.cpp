// Rule files in gitleaks' format: whatever stands in one, loading ends with rules or with a named error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "guard/secrets/gitleaks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::guard;
  auto file = parse_gitleaks({reinterpret_cast<const char*>(data), size});
  if (!file || file->rules.size() > 16) return 0;
  std::vector<SecretRefusal> refused;
  const auto rules = SecretRules::make(std::move(file->rules), refused);
  static_cast<void>(rules);
  return 0;
}
