// One connection to a database, used inside Database::read and Database::write. Statements are literal SQL that
// SQLite and PostgreSQL both read, with named parameters:
//   session.run("UPDATE devices SET hostname = :hostname WHERE id = :id", {{"hostname", name}, {"id", id}});
//
// Errors: StoreFailure is thrown; Database turns it into an Error and rolls the transaction back. So a repository
// function is the statement and its rows, and nothing else.
// Threads: one at a time; Database sees to it.
#pragma once
#include <exception>
#include <memory>
#include <string>

#include "base/error.h"
#include "store/value.h"

namespace sluice::store {

// conflict: a constraint said no; storage_full; overloaded: another process holds the database; io_failed.
class StoreFailure : public std::exception {
 public:
  explicit StoreFailure(Error error) : error_(std::move(error)), text_(error_.message()) {}
  [[nodiscard]] const Error& error() const noexcept { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  Error error_;
  std::string text_;
};

class Session {
 public:
  // `target` is the path of a SQLite file. StoreFailure when it cannot be opened.
  explicit Session(const std::string& target);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Runs the statement and returns how many rows it changed.
  std::int64_t run(std::string_view sql, const Values& values = {});
  // All rows of the answer: every caller states a LIMIT or asks a table that is bounded.
  std::vector<Row> rows(std::string_view sql, const Values& values = {});
  // The first row, or none.
  std::optional<Row> row(std::string_view sql, const Values& values = {});
  // The single number that the statement asks for; 0 when there is none. The column is named `n`.
  std::int64_t number(std::string_view sql, const Values& values = {});

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::store
