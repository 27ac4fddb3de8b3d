// Small files: configuration, keys, snapshots. Never for the data path.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice {

// The whole file; too_large above `limit` bytes; not_found when there is none.
Result<std::string> read_file(const std::filesystem::path& file, std::size_t limit = 16 * 1024 * 1024);

// Replaces the file in one step: a temporary file beside it, fsync, rename, fsync of the directory. A reader, or a
// machine that loses power, sees the old text or the new one.
Result<void> write_file_atomically(const std::filesystem::path& file, std::string_view text, unsigned mode = 0644);

}  // namespace sluice
