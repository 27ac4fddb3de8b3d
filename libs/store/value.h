// What goes into a statement and what comes out of a row. Times are microseconds since 1970 (BIGINT), yes/no is 0 or
// 1 (BIGINT), bytes are base64 text: the same in SQLite and PostgreSQL.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"

namespace sluice::store {

class Value {
 public:
  Value(std::nullopt_t) {}
  Value(std::string text) : held_(std::move(text)) {}
  Value(std::string_view text) : held_(std::string(text)) {}
  Value(const char* text) : held_(std::string(text)) {}
  Value(std::int64_t number) : held_(number) {}
  Value(int number) : held_(std::int64_t{number}) {}
  Value(bool yes) : held_(std::int64_t{yes ? 1 : 0}) {}
  Value(TimePoint time) : held_(std::int64_t{time.time_since_epoch().count()}) {}
  template <class T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }

  [[nodiscard]] bool null() const { return std::holds_alternative<std::monostate>(held_); }
  [[nodiscard]] const std::string* as_text() const { return std::get_if<std::string>(&held_); }
  [[nodiscard]] const std::int64_t* as_number() const { return std::get_if<std::int64_t>(&held_); }

 private:
  std::variant<std::monostate, std::int64_t, std::string> held_;
};

// Names a value for its `:name` in the statement.
using Named = std::pair<std::string_view, Value>;
using Values = std::vector<Named>;

// One row of an answer; columns by the names that the statement gives them. Asking for a column that the statement
// does not name is a bug and throws. NULL reads as "", 0, no, or nullopt.
class Row {
 public:
  Row(std::vector<std::string> names, std::vector<Value> values)
      : names_(std::move(names)), values_(std::move(values)) {}
  [[nodiscard]] std::string text(std::string_view column) const;
  [[nodiscard]] std::int64_t number(std::string_view column) const;
  [[nodiscard]] bool yes(std::string_view column) const { return number(column) != 0; }
  [[nodiscard]] TimePoint time(std::string_view column) const;
  [[nodiscard]] bool null(std::string_view column) const { return at(column).null(); }
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_number(std::string_view column) const;
  [[nodiscard]] std::optional<TimePoint> optional_time(std::string_view column) const;

 private:
  [[nodiscard]] const Value& at(std::string_view column) const;
  std::vector<std::string> names_;
  std::vector<Value> values_;
};

}  // namespace sluice::store
