// The console's two databases: what it is told (config.db) and what happened (audit.db). They are separate files, so
// that the history can be kept, moved and dropped without touching the configuration.
#pragma once
#include <filesystem>
#include <memory>
#include <span>

#include "base/result.h"
#include "store/database.h"
#include "store/migrations.h"

namespace sluice::console {

struct Databases {
  std::unique_ptr<store::Database> config;
  std::unique_ptr<store::Database> audit;
};

// Opens both in `folder`, creates what is absent and brings them to this version's schema. Blocks.
Result<Databases> open_databases(const std::filesystem::path& folder);

std::span<const store::Migration> config_migrations();
std::span<const store::Migration> audit_migrations();

}  // namespace sluice::console
