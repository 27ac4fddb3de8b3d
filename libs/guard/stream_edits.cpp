#include "guard/stream_edits.h"

#include <algorithm>

namespace sluice::guard {

std::string QueuedEvent::bytes() const {
  if (edits.empty()) return frame.raw;
  std::vector<DataEdit> all = edits;
  for (const dialect::ByteSpan& echo : echoes) all.push_back({echo.begin, echo.end, "null"});
  std::ranges::sort(all, {}, &DataEdit::begin);
  std::string out;
  std::size_t at = 0;
  for (const DataEdit& edit : all) {
    // Two edits may both take an escape whose text they share.
    const std::size_t begin = std::max(at, frame.raw_offset(edit.begin));
    const std::size_t end = std::max(begin, frame.raw_offset(edit.end));
    out.append(frame.raw, at, begin - at).append(edit.text);
    at = end;
  }
  return out.append(frame.raw, at);
}

}  // namespace sluice::guard
