// Guardrail documents are written by administrators. What is accepted prints to a text that is accepted and prints
// alike, and holds nothing that the check refuses.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/guardrails.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto document = policy::parse_guardrails({reinterpret_cast<const char*>(data), size});
  if (!document) return 0;
  const auto printed = policy::print_guardrails(*document);
  const auto again = policy::parse_guardrails(printed);
  if (!again || policy::print_guardrails(*again) != printed) std::abort();
  if (!policy::check_guardrails(*document)) std::abort();
  return 0;
}
