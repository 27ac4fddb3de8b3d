// Numbered, append-only SQL files bring a database from any earlier version to this one.
//
// A folder holds 0001_name.sql, 0002_name.sql, …; CMake's sluice_migrations() embeds it. In a file, a statement ends
// with a semicolon at the end of a line. A file that has been released never changes.
#pragma once
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace sluice::store {

struct Migration {
  int number;
  std::string_view name;
  std::string_view sql;
};

// Applies what is missing, each file in a transaction of its own, up to number `last`; returns how many it applied.
// conflict when the database was made by a later version, or when the numbers are not 1, 2, 3, …
Result<int> migrate(Database& database, std::span<const Migration> migrations,
                    int last = std::numeric_limits<int>::max());

// The statements of a file, without comment lines.
std::vector<std::string> statements_of(std::string_view sql);

}  // namespace sluice::store
