#include "console_backend/store/databases.h"

namespace sluice::console {

namespace {

Result<std::unique_ptr<store::Database>> open_migrated(const std::filesystem::path& file,
                                                       std::span<const store::Migration> migrations) {
  Result<std::unique_ptr<store::Database>> database = store::Database::open(file);
  if (!database) return database;
  if (Result<int> applied = store::migrate(**database, migrations); !applied) {
    return fail(applied.error().during(file.string()));
  }
  return database;
}

}  // namespace

Result<Databases> open_databases(const std::filesystem::path& folder) {
  Databases databases;
  Result<std::unique_ptr<store::Database>> config = open_migrated(folder / "config.db", config_migrations());
  if (!config) return fail(config.error());
  databases.config = std::move(*config);
  Result<std::unique_ptr<store::Database>> audit = open_migrated(folder / "audit.db", audit_migrations());
  if (!audit) return fail(audit.error());
  databases.audit = std::move(*audit);
  return databases;
}

}  // namespace sluice::console
