// One walk for every dialect and direction: the table says what each field is, the collector keeps what was found.
// Private to libs/dialect.
#pragma once
#include <memory>
#include <string_view>

#include "base/result.h"
#include "dialect/content_collector.h"

namespace sluice::dialect {

// Owns parser and buffer.
class ContentWalk {
 public:
  ContentWalk();
  ~ContentWalk();

  // What happens when an object says twice what it is.
  enum class Repeated : std::uint8_t { refused, last_counts };
  // The document's root stands at `place`. Errors as ContentReader tells them.
  Result<void> read(std::string_view body, Place place, Repeated repeated);
  [[nodiscard]] Collector& found() noexcept { return collector_; }

 private:
  struct State;
  std::unique_ptr<State> state_;
  Collector collector_;
};

}  // namespace sluice::dialect
