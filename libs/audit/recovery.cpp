// Recovery reads the last segment record by record and checks each hash. What does not verify at its end is cut off:
// one unfinished line is the normal trace of a process that was killed while writing. If more than that is wrong, the
// rest is kept beside the segment for whoever investigates, and the chain goes on after the last good record. Segments
// before the last were closed in order; they are only looked through for intents without a completion.
#include "audit/recovery.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/files.h"

namespace sluice::audit {
namespace {

constexpr std::size_t segment_limit = 1ULL << 30;

void note(Recovered& found, std::string_view line, std::uint64_t sequence) {
  const LineGlance seen = glance(line);
  if (seen.intent) found.open[std::string(seen.request_id)] = sequence;
  if (seen.completion) found.open.erase(std::string(seen.request_id));
}

// One closed segment: counts its lines only.
Result<void> look_through(const Segment& segment, Recovered& found) {
  auto text = read_file(segment.path, segment_limit);
  if (!text) return fail(text.error());
  std::string_view rest(*text);
  std::uint64_t sequence = segment.first;
  for (bool header = true;; header = false) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    if (!header) note(found, rest.substr(0, end), sequence++);
    rest.remove_prefix(end + 1);
  }
}

struct Walk {
  std::size_t good = 0;  // bytes up to the end of the last good record
  std::uint64_t next = 0;
  Hash hash{};
};

// The last segment: every record verified.
Walk walk(std::string_view text, const SegmentHeader& header, Recovered& found) {
  Walk at{text.find('\n') + 1, header.first, header.previous};
  for (;;) {
    const std::string_view rest = text.substr(at.good);
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return at;
    const auto line = check_line(rest.substr(0, end));
    if (!line || line->sequence != at.next || line->previous != at.hash || line->origin != header.origin) return at;
    note(found, rest.substr(0, end), at.next);
    at.good += end + 1;
    at.hash = line->hash;
    ++at.next;
  }
}

Result<void> cut_off(const Segment& segment, std::string_view text, std::size_t good, Recovered& found) {
  const std::string_view rest = text.substr(good);
  if (rest.empty()) return {};
  if (rest.find('\n') == std::string_view::npos) {
    found.counts.torn_bytes = rest.size();
  } else {
    found.counts.damaged_bytes = rest.size();
    auto kept = write_file_atomically(segment.path.string() + "." + std::to_string(good) + ".damaged", rest, 0600);
    if (!kept) return kept;
  }
  if (::truncate(segment.path.c_str(), static_cast<off_t>(good)) != 0)
    return fail(system_failure("cutting", segment.path));
  return {};
}

// The header of a segment; nothing when the file ends before it does (its writer was cut off while creating it).
Result<std::optional<SegmentHeader>> header_of(std::string_view text, const std::filesystem::path& path) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto header = parse_header(text.substr(0, end));
  if (!header) return fail(header.error().during(path.string()));
  return *header;
}

Result<void> recover_last(Recovered& found, const std::string& origin) {
  while (!found.segments.empty()) {
    Segment& last = found.segments.back();
    auto text = read_file(last.path, segment_limit);
    if (!text) return fail(text.error());
    auto header = header_of(*text, last.path);
    if (!header) return fail(header.error());
    if (!*header) {
      found.counts.torn_bytes += text->size();
      if (::unlink(last.path.c_str()) != 0) return fail(system_failure("removing", last.path));
      found.segments.pop_back();
      continue;
    }
    if ((*header)->origin != origin)
      return fail(ErrorCode::conflict,
                  last.path.string() + " holds the records of " + (*header)->origin + ", not of " + origin);
    const Walk end = walk(*text, **header, found);
    if (auto cut = cut_off(last, *text, end.good, found); !cut) return cut;
    last.bytes = end.good;
    found.next_sequence = end.next;
    found.last_hash = end.hash;
    return {};
  }
  return {};
}

}  // namespace

Result<Acknowledged> read_acknowledged(const std::filesystem::path& folder) {
  auto text = read_file(folder / "acknowledged", 4096);
  if (!text && text.error().code == ErrorCode::not_found) return Acknowledged{};
  if (!text) return fail(text.error());
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains("sequence") ||
      !json["sequence"].is_number_unsigned() || !json.contains("hash") || !json["hash"].is_string())
    return fail(ErrorCode::malformed,
                (folder / "acknowledged").string() + " is damaged; remove it to ship again what is here");
  Acknowledged read{json["sequence"].get<std::uint64_t>(), {}};
  const auto hash = from_hex(json["hash"].get<std::string>());
  if (!hash || hash->size() != read.hash.size()) return fail(ErrorCode::malformed, "the hash in \"acknowledged\"");
  std::ranges::copy(*hash, read.hash.begin());
  return read;
}

Result<void> write_acknowledged(const std::filesystem::path& folder, const Acknowledged& acknowledged) {
  const std::string text = R"({"sequence":)" + std::to_string(acknowledged.sequence) + R"(,"hash":")" +
                           to_hex(tls::view(acknowledged.hash)) + "\"}\n";
  return write_file_atomically(folder / "acknowledged", text, 0600);
}

Result<Recovered> recover(const std::filesystem::path& folder, const std::string& origin) {
  auto files = segment_files(folder);
  if (!files) return fail(files.error());
  Recovered found;
  found.last_hash = chain_start(origin);
  for (const auto& path : *files) {
    std::error_code error;
    const std::uint64_t bytes = std::filesystem::file_size(path, error);
    if (error) return fail(ErrorCode::io_failed, path.string() + ": " + error.message());
    found.segments.push_back({path, std::strtoull(path.stem().c_str(), nullptr, 10), bytes});
  }
  for (std::size_t i = 0; i + 1 < found.segments.size(); ++i)
    if (auto looked = look_through(found.segments[i], found); !looked) return fail(looked.error());
  if (auto last = recover_last(found, origin); !last) return fail(last.error());
  auto acknowledged = read_acknowledged(folder);
  if (!acknowledged) return fail(acknowledged.error());
  if (acknowledged->sequence >= found.next_sequence) {
    // Records that had arrived were lost here (power): their numbers must not be given out again.
    found.next_sequence = acknowledged->sequence + 1;
    found.last_hash = acknowledged->hash;
    found.segments.clear();
    for (const auto& path : *files) {
      std::error_code error;
      std::filesystem::rename(path, path.string() + ".superseded", error);
      if (error && std::filesystem::exists(path))
        return fail(ErrorCode::io_failed, "renaming " + path.string() + ": " + error.message());
    }
  }
  found.acknowledged = acknowledged->sequence;
  std::vector<std::pair<std::uint64_t, std::string>> open;
  for (const auto& [request, sequence] : found.open) open.emplace_back(sequence, request);
  std::ranges::sort(open);
  for (auto& [sequence, request] : open) found.open_in_order.push_back(std::move(request));
  found.counts.open_intents = found.open_in_order.size();
  return found;
}

}  // namespace sluice::audit
