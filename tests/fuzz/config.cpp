// Configuration files are written by people and by device management; managed files come over the network.
#include <cstdint>
#include <string_view>

#include "../unit/config/sample_table.h"
#include "config/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto settings = parse_settings(sample_table, text)) (void)settings->restart_needed(*settings);
  (void)parse_duration(text);
  (void)parse_size(text);
  (void)parse_address(text);
  return 0;
}
