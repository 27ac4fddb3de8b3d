// Private to libs/audit: one segment file of a spool. First line: a header with origin, first sequence and the hash
// before it; then one chained line a record. Names sort by first sequence: "00000000000000000001.log".
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audit/chain.h"
#include "base/result.h"

namespace sluice::audit {

// Owns a file descriptor.
class File {
 public:
  File() = default;
  explicit File(int descriptor) noexcept : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept;
  ~File() { reset(); }
  [[nodiscard]] int get() const noexcept { return descriptor_; }
  [[nodiscard]] explicit operator bool() const noexcept { return descriptor_ >= 0; }

 private:
  void reset() noexcept;
  int descriptor_ = -1;
};

// errno as an Error: storage_full for a full disk, quota or file size limit.
Error system_failure(std::string_view verb, const std::filesystem::path& file);

// All of `text` at `offset`; on failure the file is cut back to `offset`, so that nothing half-written stays.
Result<void> write_at(const File& file, const std::filesystem::path& path, std::string_view text, std::uint64_t offset);
Result<void> sync_file(const File& file, const std::filesystem::path& path);
void sync_folder(const std::filesystem::path& folder) noexcept;

struct SegmentHeader {
  std::string origin{};
  std::uint64_t first = 0;
  Hash previous{};
};
std::string header_line(const SegmentHeader& header);  // newline included
bool is_header(std::string_view line) noexcept;
Result<SegmentHeader> parse_header(std::string_view line);

std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint64_t first);
// Segment files of the folder in order.
Result<std::vector<std::filesystem::path>> segment_files(const std::filesystem::path& folder);

// What recovery needs of a line without parsing all of it; lines are ours.
struct LineGlance {
  bool intent = false, completion = false;
  std::string_view request_id{};  // as it stands in the text
};
LineGlance glance(std::string_view line) noexcept;

}  // namespace sluice::audit
