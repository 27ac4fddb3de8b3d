// Lines reach the console from devices: any bytes are refused or have one text only.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "audit/chain.h"
#include "audit/record.h"
#include "audit/verify.h"

using namespace sluice::audit;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto record = record_from_json(bytes);
  if (record && record->origin.size() <= 2048 && !record_from_json(to_json(*record))) std::abort();
  (void)check_line(bytes);
  (void)remove_personal(bytes);
  (void)verify_text(bytes);
  (void)verify_checkpoint(bytes, {});
  return 0;
}
