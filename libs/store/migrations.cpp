#include "store/migrations.h"

namespace sluice::store {

std::vector<std::string> statements_of(std::string_view sql) {
  std::vector<std::string> statements;
  std::string current;
  while (!sql.empty()) {
    const std::size_t end = sql.find('\n');
    std::string_view line = sql.substr(0, end);
    sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 1);
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line.substr(first).starts_with("--")) continue;
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    current.append(line).push_back('\n');
    if (line.ends_with(';')) {
      current.resize(current.size() - 2);
      statements.push_back(std::move(current));
      current.clear();
    }
  }
  if (!current.empty()) statements.push_back(std::move(current));
  return statements;
}

namespace {

Result<void> check_numbers(std::span<const Migration> migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].number != static_cast<int>(i) + 1) {
      return fail(ErrorCode::conflict,
                  "migration " + std::string(migrations[i].name) + " is not number " + std::to_string(i + 1));
    }
  }
  return {};
}

}  // namespace

Result<int> migrate(Database& database, std::span<const Migration> migrations, int last) {
  if (Result<void> sound = check_numbers(migrations); !sound) return fail(sound.error());
  Result<std::int64_t> present = database.write([](Session& session) {
    session.run(
        "CREATE TABLE IF NOT EXISTS schema_migrations ("
        "number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
    return session.number("SELECT COALESCE(MAX(number), 0) AS n FROM schema_migrations");
  });
  if (!present) return fail(present.error());
  if (*present > static_cast<std::int64_t>(migrations.size())) {
    return fail(ErrorCode::conflict, "the database is at version " + std::to_string(*present) +
                                         ", this program knows " + std::to_string(migrations.size()) +
                                         ": install the later program, or restore an earlier copy");
  }
  int applied = 0;
  for (const Migration& migration : migrations) {
    if (migration.number <= *present || migration.number > last) continue;
    Result<void> done = database.write([&](Session& session) {
      for (const std::string& statement : statements_of(migration.sql)) session.run(statement);
      session.run("INSERT INTO schema_migrations (number, name, applied_at) VALUES (:number, :name, :applied_at)",
                  {{"number", migration.number}, {"name", migration.name}, {"applied_at", wall_now()}});
    });
    if (!done) return fail(done.error().during("applying migration " + std::string(migration.name)));
    ++applied;
  }
  return applied;
}

}  // namespace sluice::store
