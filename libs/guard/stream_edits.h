// An event on its way to the client, and what is changed in it. Private to libs/guard.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"
#include "dialect/segments.h"
#include "guard/sse_frames.h"

namespace sluice::guard {

struct DataEdit {
  std::size_t begin = 0, end = 0;  // in the event's data
  std::string text = {};           // as it must stand there
};

struct QueuedEvent {
  SseFrame frame = {};
  std::vector<DataEdit> edits = {};            // of texts, in any order, not overlapping
  std::vector<dialect::ByteSpan> echoes = {};  // become null when a text is edited
  std::size_t waiting = 0;                     // texts of it that are not settled
  SteadyPoint since = {};
  // The event's bytes with the edits made.
  [[nodiscard]] std::string bytes() const;
};

}  // namespace sluice::guard
