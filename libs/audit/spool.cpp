#include "audit/spool.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include "audit/json_text.h"
#include "audit/recovery.h"
#include "base/random.h"

namespace sluice::audit {
namespace {

constexpr std::chrono::milliseconds batch_interval{500};

Result<File> create_segment(const std::filesystem::path& path, const SegmentHeader& header) {
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return fail(system_failure("creating", path));
  if (auto written = write_at(file, path, header_line(header), 0); !written) {
    ::unlink(path.c_str());
    return fail(written.error());
  }
  return file;
}

Result<File> lock_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorCode::io_failed, "creating " + folder.string() + ": " + error.message());
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  const auto path = folder / "lock";
  File lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return fail(system_failure("opening", path));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::conflict, "another process writes to " + folder.string());
  return lock;
}

}  // namespace

Result<Fsync> fsync_from_name(std::string_view name) {
  if (name == "never") return Fsync::never;
  if (name == "batch") return Fsync::batch;
  if (name == "each") return Fsync::each;
  return fail(ErrorCode::invalid_argument, "must be never, batch or each");
}

// `mutex_` guards everything that append() changes. `sync_mutex_` is taken before it, never after, and is what
// concurrent appends under `each` wait on: whoever holds it syncs for all that were written by then.
class Spool::Core {
 public:
  static Result<std::unique_ptr<Core>> open(SpoolOptions options);
  ~Core() {
    if (syncer_.joinable()) {
      syncer_.request_stop();
      syncer_.join();
    }
    if (options_.fsync == Fsync::never) return;
    const Result<void> synced = sync();
    static_cast<void>(synced);
  }

  Result<std::uint64_t> append(const Record& record);
  Result<Batch> read_from(std::uint64_t sequence, std::size_t max_records, std::size_t max_bytes);
  Result<void> acknowledge(std::uint64_t sequence);
  Result<void> sync();
  Result<void> sync_through(std::uint64_t position);
  std::vector<std::string> open_requests() const;
  SpoolState state() const;

  SpoolOptions options_;
  Recovery recovery_;
  std::vector<std::string> interrupted_;  // found open by recovery, in order

 private:
  struct Place {  // where a sequence begins, from the last read
    std::uint64_t sequence = 0;
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;
  };
  Result<void> begin_segment();
  Result<std::uint64_t> write(const Record& record, const DraftRecord& prepared);
  void write_late();
  void close_unsynced(const Intent& intent);
  Result<void> make_room(const Record& record, std::size_t bytes) const;
  void track(const Record& record, std::uint64_t sequence);
  Result<bool> read_segment(const Segment& segment, Place& place, std::size_t max_records, std::size_t max_bytes,
                            Batch& batch) const;
  void sync_until_stopped(const std::stop_token& stop);

  struct Ended {
    std::shared_ptr<File> file;
    std::filesystem::path path;
  };
  static Result<void> sync_all(const std::vector<Ended>& ended, const File& active, const std::filesystem::path& path);

  File lock_;
  std::string origin_json_;
  mutable std::mutex mutex_;
  std::shared_ptr<File> active_;
  std::vector<Ended> ended_;     // segments that ended since the last sync
  bool folder_changed_ = false;  // a segment was begun since the last sync
  std::deque<Segment> segments_;
  std::uint64_t next_sequence_ = 1;
  Hash last_hash_{};
  std::uint64_t total_bytes_ = 0;
  std::uint64_t written_ = 0;  // bytes appended since open: the position that syncs are counted by
  std::uint64_t acknowledged_ = 0;
  std::unordered_map<std::string, std::uint64_t> open_;
  std::deque<Record> late_;  // completions to be written when there is room: at most one for each of open_
  std::mutex sync_mutex_;
  std::uint64_t synced_ = 0;
  std::mutex read_mutex_;
  Place place_;
  std::jthread syncer_;
};

Result<std::unique_ptr<Spool::Core>> Spool::Core::open(SpoolOptions options) {
  if (options.origin.empty()) return fail(ErrorCode::invalid_argument, "a spool needs an origin");
  auto lock = lock_folder(options.folder);
  if (!lock) return fail(lock.error());
  auto found = recover(options.folder, options.origin);
  if (!found) return fail(found.error());
  auto core = std::make_unique<Core>();
  core->options_ = std::move(options);
  core->lock_ = std::move(*lock);
  append_text(core->origin_json_, core->options_.origin);
  core->recovery_ = found->counts;
  core->interrupted_ = std::move(found->open_in_order);
  core->segments_ = std::move(found->segments);
  core->next_sequence_ = found->next_sequence;
  core->last_hash_ = found->last_hash;
  core->acknowledged_ = found->acknowledged;
  core->open_ = std::move(found->open);
  for (const Segment& segment : core->segments_) core->total_bytes_ += segment.bytes;
  if (core->segments_.empty()) {
    if (auto begun = core->begin_segment(); !begun) return fail(begun.error());
  } else {
    const auto& path = core->segments_.back().path;
    core->active_ = std::make_shared<File>(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (!*core->active_) return fail(system_failure("opening", path));
  }
  if (core->options_.fsync == Fsync::batch)
    core->syncer_ = std::jthread([raw = core.get()](const std::stop_token& stop) { raw->sync_until_stopped(stop); });
  return core;
}

Result<void> Spool::Core::begin_segment() {
  const bool durable = options_.fsync != Fsync::never;
  const auto path = segment_path(options_.folder, next_sequence_);
  const SegmentHeader header{options_.origin, next_sequence_, last_hash_};
  auto file = create_segment(path, header);
  if (!file) return fail(file.error());
  // The segment that ends is synced by the next sync_through, not here: appends wait for this function.
  if (durable && active_) ended_.push_back({active_, segments_.back().path});
  folder_changed_ = folder_changed_ || durable;
  active_ = std::make_shared<File>(std::move(*file));
  segments_.push_back({path, next_sequence_, header_line(header).size()});
  total_bytes_ += segments_.back().bytes;
  return {};
}

// A completion ends a request that already cost money, and lets go of the segments since its intent: it is taken beyond
// the limit, at most once for each open intent.
Result<void> Spool::Core::make_room(const Record& record, std::size_t bytes) const {
  if (std::holds_alternative<Completion>(record) || total_bytes_ + bytes <= options_.size_limit) return {};
  return fail(ErrorCode::storage_full, "the audit spool holds " + std::to_string(total_bytes_) +
                                           " bytes that the console has not taken; its limit is " +
                                           std::to_string(options_.size_limit));
}

void Spool::Core::track(const Record& record, std::uint64_t sequence) {
  if (std::holds_alternative<Intent>(record)) open_.emplace(request_id_of(record), sequence);
  if (std::holds_alternative<Completion>(record)) open_.erase(request_id_of(record));
}

// The caller holds mutex_.
Result<std::uint64_t> Spool::Core::write(const Record& record, const DraftRecord& prepared) {
  const bool has_records = next_sequence_ > segments_.back().first;
  if (has_records && segments_.back().bytes >= options_.segment_size) {
    if (auto begun = begin_segment(); !begun) return fail(begun.error());
  }
  const std::uint64_t sequence = next_sequence_;
  ChainedLine line = chain(prepared, origin_json_, sequence, last_hash_);
  line.text.push_back('\n');
  if (auto room = make_room(record, line.text.size()); !room) return fail(room.error());
  Segment& segment = segments_.back();
  if (auto written = write_at(*active_, segment.path, line.text, segment.bytes); !written) return fail(written.error());
  segment.bytes += line.text.size();
  total_bytes_ += line.text.size();
  written_ += line.text.size();
  last_hash_ = line.hash;
  ++next_sequence_;
  track(record, sequence);
  return sequence;
}

// A completion that a full disk did not take would leave its intent open, and the segments since then undroppable,
// until a restart. The caller holds mutex_.
void Spool::Core::write_late() {
  while (!late_.empty() && write(late_.front(), draft(late_.front(), {}))) late_.pop_front();
}

Result<std::uint64_t> Spool::Core::append(const Record& record) {
  const bool personal = !std::holds_alternative<Completion>(record);
  const DraftRecord prepared = draft(record, personal ? random_bytes(16) : std::string());
  std::uint64_t position = 0;
  Result<std::uint64_t> sequence;
  {
    const std::lock_guard lock(mutex_);
    write_late();
    sequence = write(record, prepared);
    if (!sequence) {
      if (!personal) late_.push_back(record);
      return sequence;
    }
    position = written_;
  }
  if (options_.fsync == Fsync::each) {
    if (auto synced = sync_through(position); !synced) {
      // The caller goes on as if there were no intent; the chain has it, so it is closed.
      if (const auto* intent = std::get_if<Intent>(&record)) close_unsynced(*intent);
      return fail(synced.error());
    }
  }
  return sequence;
}

void Spool::Core::close_unsynced(const Intent& intent) {
  Outcome outcome;
  outcome.decision = Decision::interrupted;
  outcome.reason = "the record could not be forced to disk";
  const Record end = Completion{intent.time, intent.request.request_id, std::move(outcome)};
  const std::lock_guard lock(mutex_);
  if (!write(end, draft(end, {}))) late_.push_back(end);
}

Result<void> Spool::Core::sync_all(const std::vector<Ended>& ended, const File& active,
                                   const std::filesystem::path& path) {
  for (const Ended& segment : ended)
    if (auto synced = sync_file(*segment.file, segment.path); !synced) return synced;
  return sync_file(active, path);
}

Result<void> Spool::Core::sync_through(std::uint64_t position) {
  const std::lock_guard syncing(sync_mutex_);
  if (synced_ >= position) return {};
  std::shared_ptr<File> file;
  std::filesystem::path path;
  std::uint64_t reached = 0;
  std::vector<Ended> ended;
  bool folder = false;
  {
    const std::lock_guard lock(mutex_);
    file = active_;
    path = segments_.back().path;
    reached = written_;
    ended = std::exchange(ended_, {});
    folder = std::exchange(folder_changed_, false);
  }
  auto outcome = sync_all(ended, *file, path);
  if (!outcome) {  // what was not synced stays to be synced
    const std::lock_guard lock(mutex_);
    ended_.insert(ended_.begin(), ended.begin(), ended.end());
    folder_changed_ = folder_changed_ || folder;
    return outcome;
  }
  if (folder) sync_folder(options_.folder);
  synced_ = reached;
  return {};
}

Result<void> Spool::Core::sync() {
  std::uint64_t position = 0;
  {
    const std::lock_guard lock(mutex_);
    position = written_;
  }
  return sync_through(position);
}

void Spool::Core::sync_until_stopped(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    wake.wait_for(lock, stop, batch_interval, [] { return false; });
    const Result<void> synced = sync();  // a disk that fails to sync shows itself in the next append as well
    static_cast<void>(synced);
  }
}

std::vector<std::string> Spool::Core::open_requests() const {
  std::vector<std::pair<std::uint64_t, std::string>> open;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [request, sequence] : open_) open.emplace_back(sequence, request);
  }
  std::ranges::sort(open);
  std::vector<std::string> requests;
  requests.reserve(open.size());
  for (auto& [sequence, request] : open) requests.push_back(std::move(request));
  return requests;
}

SpoolState Spool::Core::state() const {
  const std::lock_guard lock(mutex_);
  return {next_sequence_ - 1, last_hash_, acknowledged_, total_bytes_, segments_.size()};
}

// Adds lines of one segment to the batch. True when the segment was read to its end.
Result<bool> Spool::Core::read_segment(const Segment& segment, Place& place, std::size_t max_records,
                                       std::size_t max_bytes, Batch& batch) const {
  const File file(::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return fail(system_failure("opening", segment.path));
  const bool known = place.segment == segment.first && place.sequence <= batch.first && place.offset != 0;
  std::uint64_t offset = known ? place.offset : 0;
  std::uint64_t sequence = known ? place.sequence : segment.first;
  bool header = !known;
  std::size_t taken = 0;
  for (const std::string& line : batch.lines) taken += line.size();
  std::string chunk(256 * 1024, '\0');
  while (offset < segment.bytes) {
    const std::size_t wanted = std::min<std::uint64_t>(chunk.size(), segment.bytes - offset);
    const ssize_t got = ::pread(file.get(), chunk.data(), wanted, static_cast<off_t>(offset));
    if (got <= 0) return fail(system_failure("reading", segment.path));
    const std::string_view text(chunk.data(), static_cast<std::size_t>(got));
    std::size_t at = 0;
    for (std::size_t end = 0; (end = text.find('\n', at)) != std::string_view::npos; at = end + 1) {
      if (std::exchange(header, false)) continue;
      if (sequence >= batch.first) {
        const bool full = batch.lines.size() >= max_records || (!batch.lines.empty() && taken + (end - at) > max_bytes);
        if (full) {
          place = {sequence, segment.first, offset + at};
          return false;
        }
        batch.lines.emplace_back(text.substr(at, end - at));
        batch.last = sequence;
        taken += end - at;
      }
      ++sequence;
    }
    if (at == 0) return fail(ErrorCode::malformed, segment.path.string() + ": a line without an end");
    offset += at;
  }
  place = {sequence, segment.first, offset};
  return true;
}

Result<Batch> Spool::Core::read_from(std::uint64_t sequence, std::size_t max_records, std::size_t max_bytes) {
  const std::lock_guard reading(read_mutex_);
  std::deque<Segment> segments;
  {
    const std::lock_guard lock(mutex_);
    segments = segments_;
  }
  Batch batch;
  batch.first = std::max(sequence, segments.front().first);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (i + 1 < segments.size() && segments[i + 1].first <= batch.first) continue;
    auto whole = read_segment(segments[i], place_, max_records, max_bytes, batch);
    if (!whole) return fail(whole.error());
    if (!*whole) break;
  }
  if (batch.lines.empty()) batch.first = 0;
  return batch;
}

Result<void> Spool::Core::acknowledge(std::uint64_t sequence) {
  {
    const std::lock_guard lock(mutex_);
    if (sequence <= acknowledged_) return {};
    if (sequence >= next_sequence_)
      return fail(ErrorCode::invalid_argument, "record " + std::to_string(sequence) + " does not exist yet");
  }
  auto last = read_from(sequence, 1, line_limit);
  if (!last) return fail(last.error());
  Acknowledged mark{sequence, {}};
  if (!last->lines.empty()) {
    const auto line = check_line(last->lines.front());
    if (!line) return fail(line.error().during("the record that was acknowledged"));
    mark.hash = line->hash;
  }
  // On a full disk the mark cannot be written, but dropping segments is what makes room: go on. The records that are
  // shipped again after a restart are known to the console by their sequence.
  if (auto marked = write_acknowledged(options_.folder, mark);
      !marked && marked.error().code != ErrorCode::storage_full)
    return marked;
  std::vector<std::filesystem::path> dropped;
  {
    const std::lock_guard lock(mutex_);
    acknowledged_ = std::max(acknowledged_, sequence);
    std::uint64_t oldest_open = next_sequence_;
    for (const auto& [request, at] : open_) oldest_open = std::min(oldest_open, at);
    while (segments_.size() > 1 && segments_[1].first <= acknowledged_ + 1 && segments_[1].first <= oldest_open) {
      total_bytes_ -= segments_.front().bytes;
      dropped.push_back(std::move(segments_.front().path));
      segments_.pop_front();
    }
  }
  for (const auto& path : dropped) ::unlink(path.c_str());
  return {};
}

Spool::Spool(std::unique_ptr<Core> core) noexcept : core_(std::move(core)) {}
Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::open(SpoolOptions options) {
  auto core = Core::open(std::move(options));
  if (!core) return fail(core.error().during("opening the audit spool"));
  return std::unique_ptr<Spool>(new Spool(std::move(*core)));
}

Result<std::uint64_t> Spool::append(const Record& record) {
  return core_->append(record);
}

std::vector<std::string> Spool::open_requests() const {
  return core_->open_requests();
}

Result<std::uint64_t> Spool::close_interrupted(TimePoint now) {
  std::uint64_t closed = 0;
  std::optional<Error> failure;
  for (const std::string& request : std::exchange(core_->interrupted_, {})) {
    Outcome outcome;
    outcome.decision = Decision::interrupted;
    outcome.reason = "the process ended before the request did";
    // What a full disk does not take now is kept, and written before the next record that it takes.
    auto written = core_->append(Completion{now, request, std::move(outcome)});
    if (!written) failure = written.error();
    ++closed;
  }
  if (failure) return fail(*failure);
  return closed;
}

Result<Batch> Spool::read_from(std::uint64_t sequence, std::size_t max_records, std::size_t max_bytes) const {
  return core_->read_from(sequence, max_records, max_bytes);
}

Result<void> Spool::acknowledge(std::uint64_t sequence) {
  return core_->acknowledge(sequence);
}

Result<void> Spool::sync() {
  return core_->sync();
}

SpoolState Spool::state() const {
  return core_->state();
}

const Recovery& Spool::recovery() const noexcept {
  return core_->recovery_;
}

const std::string& Spool::origin() const noexcept {
  return core_->options_.origin;
}

}  // namespace sluice::audit
