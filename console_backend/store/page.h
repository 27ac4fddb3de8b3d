// Cursor pagination: a cursor names the last row of the page before by its sort key and id, so rows that arrive
// meanwhile shift nothing. Clients treat it as opaque.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace sluice::console {

struct Position {
  std::string key;  // what the list is ordered by: a host name, or microseconds in decimal
  std::string id;

  [[nodiscard]] static Position at(TimePoint time, std::string id) {
    return {std::to_string(time.time_since_epoch().count()), std::move(id)};
  }
  // The key as a number; the end of time for a key that is none.
  [[nodiscard]] std::int64_t number() const noexcept;
};
struct PageRequest {
  std::size_t limit = 50;
  std::optional<Position> after;
};
template <class T>
struct Page {
  std::vector<T> items;
  std::optional<Position> next;  // none: the last page

  // `items` holds up to limit + 1 rows; the extra one tells that there is another page.
  template <class PositionOf>
  void close(std::size_t limit, PositionOf position_of) {
    if (items.size() <= limit) return;
    items.resize(limit);
    next = position_of(items.back());
  }
};

std::string print_cursor(const Position& position);
// malformed for anything that print_cursor did not make.
Result<Position> parse_cursor(std::string_view text);

}  // namespace sluice::console
