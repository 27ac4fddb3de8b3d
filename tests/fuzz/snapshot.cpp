// Snapshots come from the console, but their bytes are read before anything else of them is believed. What is accepted
// must print to a text that is accepted again and prints alike.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/decide.h"
#include "policy/snapshot.h"
#include "wire/signed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto fleet = policy::parse_fleet_snapshot(text)) {
    const auto printed = policy::print_snapshot(*fleet);
    const auto again = policy::parse_fleet_snapshot(printed);
    if (!again || policy::print_snapshot(*again) != printed) std::abort();
    const policy::Policy policy(std::move(*fleet));
    for (const auto& host : policy.fleet().hosts) (void)policy::Policy::is_inference(host, "POST", text.substr(0, 256));
  }
  if (auto gateway = policy::parse_gateway_snapshot(text)) {
    const auto printed = policy::print_snapshot(*gateway);
    const auto again = policy::parse_gateway_snapshot(printed);
    if (!again || policy::print_snapshot(*again) != printed) std::abort();
    const policy::GatewayPolicy policy(std::move(*gateway));
    (void)policy.fleet_default_key();
  }
  (void)wire::open_envelope(text, std::string(32, 'k'));
  return 0;
}
