// The local audit spool: append-only segment files of chained lines in one folder.
//
// append() returns after write(2): what it returned for survives kill -9 of the process. What survives a loss of power
// is the fsync policy: `never` (the kernel's write-back, about 30 s), `batch` (synced within a second), `each` (synced
// before append returns; concurrent appends share one sync).
//
// Whole segments are dropped once everything in them is acknowledged and no intent in them is still open. A segment
// begins with a header line that carries origin, first sequence and previous hash, so the chain goes on over restarts
// and over dropped segments. One process at a time: the folder is locked. Threads: any; one short critical section.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audit/chain.h"
#include "audit/record.h"
#include "base/result.h"

namespace sluice::audit {

enum class Fsync : std::uint8_t { never, batch, each };
Result<Fsync> fsync_from_name(std::string_view name);  // "never", "batch", "each"

struct SpoolOptions {
  std::filesystem::path folder{};  // created with 0700 when absent
  std::string origin{};            // device or gateway id; conflict when the folder holds another's records
  Fsync fsync = Fsync::batch;
  std::uint64_t size_limit = 1ULL << 30;    // bytes of all segments; completions are taken beyond it
  std::uint64_t segment_size = 8ULL << 20;  // a segment is closed when it has grown past this
};

struct Recovery {
  std::uint64_t torn_bytes = 0;     // cut off the end of the last segment: a record that was not written whole
  std::uint64_t damaged_bytes = 0;  // more than one torn line did not verify: kept beside the segment as *.damaged
  std::uint64_t open_intents = 0;
};

struct SpoolState {
  std::uint64_t last_sequence = 0;
  Hash last_hash{};
  std::uint64_t acknowledged = 0;
  std::uint64_t bytes = 0;  // on disk; `sluice_audit_spool_bytes`
  std::uint64_t segments = 0;
};

struct Batch {
  std::vector<std::string> lines;  // chained lines (chain.h), in order
  std::uint64_t first = 0;         // sequence of the first; 0 when there are none
  std::uint64_t last = 0;
};

class Spool {
 public:
  // Errors: storage_full, io_failed, forbidden, conflict (another process or another origin). Damage is no error: what
  // cannot be read is set aside and counted, the chain goes on after the last good record, and the verifier shows the
  // gap.
  static Result<std::unique_ptr<Spool>> open(SpoolOptions options);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // Writes the record and returns its sequence. storage_full when the limit is reached or the disk is full: then
  // nothing of it stays behind and later appends may work again. A completion that was refused is kept in memory and
  // written before the next record that finds room.
  Result<std::uint64_t> append(const Record& record);

  // Requests whose intent has no completion. Right after open() these were cut off by the end of the process.
  [[nodiscard]] std::vector<std::string> open_requests() const;
  // Writes a completion `interrupted` for each intent that open() found without one; the number written. Call it once,
  // before the first append of new requests.
  Result<std::uint64_t> close_interrupted(TimePoint now);

  // For shipping: at most `max_records` lines from `sequence` on (from the oldest kept when that is dropped).
  Result<Batch> read_from(std::uint64_t sequence, std::size_t max_records, std::size_t max_bytes = 1 << 20) const;
  // Everything up to and including `sequence` has arrived. Never goes back; beyond the end is invalid_argument.
  Result<void> acknowledge(std::uint64_t sequence);

  Result<void> sync();
  [[nodiscard]] SpoolState state() const;
  [[nodiscard]] const Recovery& recovery() const noexcept;
  [[nodiscard]] const std::string& origin() const noexcept;

 private:
  class Core;
  explicit Spool(std::unique_ptr<Core> core) noexcept;
  std::unique_ptr<Core> core_;
};

}  // namespace sluice::audit
