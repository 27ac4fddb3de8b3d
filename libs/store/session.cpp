#include "store/session.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <charconv>
#include <deque>

namespace sluice::store {

namespace {

[[noreturn]] void rethrow(const soci::soci_error& error) {
  ErrorCode code = ErrorCode::io_failed;
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
    switch (sqlite->result() & 0xff) {
      case SQLITE_CONSTRAINT:
        code = ErrorCode::conflict;
        break;
      case SQLITE_FULL:
        code = ErrorCode::storage_full;
        break;
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        code = ErrorCode::overloaded;
        break;
      default:
        break;
    }
  }
  // The short message: the long one repeats parameters, which may be personal.
  throw StoreFailure(Error{code, error.get_error_message()});
}

Value value_of(const soci::row& row, std::size_t column) {
  if (row.get_indicator(column) == soci::i_null) return std::nullopt;
  switch (row.get_properties(column).get_data_type()) {
    case soci::dt_integer:
      return std::int64_t{row.get<int>(column)};
    case soci::dt_long_long:
      return static_cast<std::int64_t>(row.get<long long>(column));
    case soci::dt_unsigned_long_long:
      return static_cast<std::int64_t>(row.get<unsigned long long>(column));
    case soci::dt_string:
      return row.get<std::string>(column);
    default:
      throw StoreFailure(Error{ErrorCode::internal, "column type is neither TEXT nor BIGINT"});
  }
}

// SOCI keeps references to what it binds, so the values live here until the statement has run.
struct Bound {
  std::deque<std::string> texts;
  std::deque<long long> numbers;
  std::deque<soci::indicator> indicators;

  void bind(soci::statement& statement, const Values& values) {
    for (const auto& [name, value] : values) {
      indicators.push_back(value.null() ? soci::i_null : soci::i_ok);
      if (const std::int64_t* number = value.as_number()) {
        numbers.push_back(*number);
        statement.exchange(soci::use(numbers.back(), indicators.back(), std::string(name)));
      } else {
        texts.push_back(value.null() ? std::string() : *value.as_text());
        statement.exchange(soci::use(texts.back(), indicators.back(), std::string(name)));
      }
    }
  }
};

}  // namespace

struct Session::Connection {
  soci::session sql;
};

Session::Session(const std::string& target) try : connection_(std::make_unique<Connection>()) {
  connection_->sql.open(soci::sqlite3, "db=\"" + target + "\" timeout=10 synchronous=full");
  connection_->sql << "PRAGMA foreign_keys = ON";
} catch (const soci::soci_error& error) {
  rethrow(error);
}

Session::~Session() = default;

std::int64_t Session::run(std::string_view sql, const Values& values) {
  try {
    Bound bound;
    soci::statement statement(connection_->sql);
    statement.alloc();
    bound.bind(statement, values);
    statement.prepare(std::string(sql), soci::details::st_one_time_query);
    statement.define_and_bind();
    statement.execute(true);
    return statement.get_affected_rows();
  } catch (const soci::soci_error& error) {
    rethrow(error);
  }
}

std::vector<Row> Session::rows(std::string_view sql, const Values& values) {
  try {
    Bound bound;
    soci::statement statement(connection_->sql);
    statement.alloc();
    bound.bind(statement, values);
    soci::row row;
    statement.exchange(soci::into(row));
    statement.prepare(std::string(sql), soci::details::st_repeatable_query);
    statement.define_and_bind();
    std::vector<Row> answer;
    for (bool more = statement.execute(true); more; more = statement.fetch()) {
      std::vector<std::string> names;
      std::vector<Value> cells;
      for (std::size_t column = 0; column < row.size(); ++column) {
        names.push_back(row.get_properties(column).get_name());
        cells.push_back(value_of(row, column));
      }
      answer.emplace_back(std::move(names), std::move(cells));
    }
    return answer;
  } catch (const soci::soci_error& error) {
    rethrow(error);
  }
}

std::optional<Row> Session::row(std::string_view sql, const Values& values) {
  std::vector<Row> all = rows(sql, values);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::int64_t Session::number(std::string_view sql, const Values& values) {
  std::optional<Row> found = row(sql, values);
  return found ? found->number("n") : 0;
}

const Value& Row::at(std::string_view column) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == column) return values_[i];
  }
  throw StoreFailure(Error{ErrorCode::internal, "the answer has no column '" + std::string(column) + "'"});
}

std::string Row::text(std::string_view column) const {
  const Value& value = at(column);
  if (const std::string* text = value.as_text()) return *text;
  if (const std::int64_t* number = value.as_number()) return std::to_string(*number);
  return {};
}

std::int64_t Row::number(std::string_view column) const {
  const Value& value = at(column);
  if (const std::int64_t* number = value.as_number()) return *number;
  const std::string* text = value.as_text();  // SQLite gives no type to an expression; SOCI then answers text
  if (text == nullptr) return 0;
  std::int64_t number = 0;
  std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

TimePoint Row::time(std::string_view column) const {
  return TimePoint(std::chrono::microseconds(number(column)));
}

std::optional<std::string> Row::optional_text(std::string_view column) const {
  if (null(column)) return std::nullopt;
  return text(column);
}

std::optional<std::int64_t> Row::optional_number(std::string_view column) const {
  if (null(column)) return std::nullopt;
  return number(column);
}

std::optional<TimePoint> Row::optional_time(std::string_view column) const {
  if (null(column)) return std::nullopt;
  return time(column);
}

}  // namespace sluice::store
