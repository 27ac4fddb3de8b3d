// Any bytes have views within the promised bounds, and every byte of them leads back into the source.
#include "guard/normalise.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::guard;
  const auto views = normalise({reinterpret_cast<const char*>(data), size});
  std::size_t bytes = 0;
  for (const NormalisedView& view : views) {
    bytes += view.text.size();
    if (view.whole.start > view.whole.end || view.whole.end > size) std::abort();
    if (!view.origin.empty() && view.origin.size() != view.text.size() + 1) std::abort();
    for (std::size_t i = 1; i < view.origin.size(); ++i)
      if (view.origin[i - 1] > view.origin[i] || view.origin[i] > size) std::abort();
  }
  if (views.size() > most_decoded_runs + 3 || bytes > largest_growth * size) std::abort();
  return 0;
}
