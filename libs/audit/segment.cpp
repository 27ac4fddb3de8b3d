#include "audit/segment.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "audit/json_text.h"
#include "base/encoding.h"

namespace sluice::audit {
namespace {

constexpr std::string_view header_start = R"({"segment":"sluice.audit.v1")";

}  // namespace

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    reset();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void File::reset() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

Error system_failure(std::string_view verb, const std::filesystem::path& file) {
  const int code = errno;
  ErrorCode kind = ErrorCode::io_failed;
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) kind = ErrorCode::storage_full;
  if (code == EACCES || code == EPERM || code == EROFS) kind = ErrorCode::forbidden;
  if (code == ENOENT) kind = ErrorCode::not_found;
  return {kind, std::string(verb) + " " + file.string() + ": " + std::strerror(code)};
}

Result<void> write_at(const File& file, const std::filesystem::path& path, std::string_view text,
                      std::uint64_t offset) {
  std::uint64_t at = offset;
  while (!text.empty()) {
    const ssize_t put = ::pwrite(file.get(), text.data(), text.size(), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      if (put == 0) errno = ENOSPC;
      Error error = system_failure("writing", path);
      // Should this fail too, the next record is written over the rest, and recovery cuts off what remains.
      (void)!::ftruncate(file.get(), static_cast<off_t>(offset));
      return fail(std::move(error));
    }
    text.remove_prefix(static_cast<std::size_t>(put));
    at += static_cast<std::uint64_t>(put);
  }
  return {};
}

Result<void> sync_file(const File& file, const std::filesystem::path& path) {
  if (::fdatasync(file.get()) != 0) return fail(system_failure("syncing", path));
  return {};
}

void sync_folder(const std::filesystem::path& folder) noexcept {
  const File opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened) ::fsync(opened.get());
}

std::string header_line(const SegmentHeader& header) {
  std::string line(header_start);
  line += R"(,"origin":)";
  append_text(line, header.origin);
  line += R"(,"first":)";
  append_number(line, header.first);
  line += R"(,"previous":")";
  append_hex(line, tls::view(header.previous));
  return line + "\"}\n";
}

bool is_header(std::string_view line) noexcept {
  return line.starts_with(header_start);
}

Result<SegmentHeader> parse_header(std::string_view line) {
  const auto json = nlohmann::ordered_json::parse(line, nullptr, false);
  if (json.is_discarded() || !json.is_object() || !is_header(line))
    return fail(ErrorCode::malformed, "not the header of a segment");
  const auto origin = json.find("origin"), first = json.find("first"), previous = json.find("previous");
  if (json.size() != 4 || origin == json.end() || !origin->is_string() || first == json.end() ||
      !first->is_number_unsigned() || *first == 0 || previous == json.end() || !previous->is_string())
    return fail(ErrorCode::malformed, "the header of a segment is not complete");
  const auto hash = from_hex(previous->get<std::string>());
  SegmentHeader header{origin->get<std::string>(), first->get<std::uint64_t>(), {}};
  if (!hash || hash->size() != header.previous.size())
    return fail(ErrorCode::malformed, "the header of a segment has no hash");
  std::ranges::copy(*hash, header.previous.begin());
  return header;
}

std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint64_t first) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "%020llu.log", static_cast<unsigned long long>(first));
  return folder / name.data();
}

Result<std::vector<std::filesystem::path>> segment_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    if (entry->path().extension() == ".log" && entry->path().stem().string().size() == 20)
      files.push_back(entry->path());
  if (error) return fail(ErrorCode::io_failed, "reading " + folder.string() + ": " + error.message());
  std::ranges::sort(files);
  return files;
}

LineGlance glance(std::string_view line) noexcept {
  LineGlance seen;
  seen.intent = line.starts_with(R"({"record":{"type":"intent")");
  seen.completion = line.starts_with(R"({"record":{"type":"completion")");
  constexpr std::string_view key = R"(,"request_id":")";
  const std::size_t begin = line.find(key);
  if (begin == std::string_view::npos) return seen;
  const std::string_view rest = line.substr(begin + key.size());
  seen.request_id = rest.substr(0, rest.find('"'));
  return seen;
}

}  // namespace sluice::audit
