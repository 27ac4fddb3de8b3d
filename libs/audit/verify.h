// Walks audit chains and names the first record that is broken: `sluice audit verify`, and the console at intake.
//
// Input is lines: chained records (chain.h) in ascending sequence, of one or several origins mixed, segment headers of
// a spool, and signed checkpoints. A chain may begin later than sequence 1 (an export of some days): then its first
// `previous` is taken as given, and the report says so.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "audit/chain.h"
#include "base/result.h"

namespace sluice::audit {

struct ChainSummary {
  std::uint64_t first = 0, last = 0;
  std::uint64_t records = 0;
  std::uint64_t checkpoints = 0;  // verified against the key that was given
  bool from_start = false;        // begins with sequence 1
  Hash last_hash{};
};

struct BrokenRecord {
  std::uint64_t line = 0;  // counted from 1
  std::string origin;      // empty when it cannot be read
  std::uint64_t sequence = 0;
  std::string reason;  // "sequence 7 follows 5: a record is missing"
};

struct VerifyReport {
  std::map<std::string, ChainSummary> chains;  // by origin
  std::optional<BrokenRecord> broken;          // the first one; the walk ends there
  bool incomplete_tail = false;                // the last line of a spool file is not whole: its writer was cut off
  [[nodiscard]] bool intact() const noexcept { return !broken; }
  [[nodiscard]] std::string to_text() const;  // for people, ends with a newline
  [[nodiscard]] std::string to_json() const;
};

// Feed lines in order, then look at report(). bad_signature or malformed with the reason for the first broken line;
// lines after that are not looked at.
class ChainVerifier {
 public:
  // `checkpoint_key`: raw Ed25519 public key; empty: checkpoints are only compared with the chain, not authenticated.
  explicit ChainVerifier(std::string checkpoint_key = {});
  Result<void> add(std::string_view line);
  // Goes on with an origin whose records up to `sequence` were verified before.
  void resume(std::string_view origin, std::uint64_t sequence, const Hash& hash);
  [[nodiscard]] const VerifyReport& report() const noexcept { return report_; }

 private:
  Result<void> broken(Error error, std::string origin, std::uint64_t sequence);
  Result<void> add_record(std::string_view line);
  Result<void> add_checkpoint(std::string_view line);
  std::string checkpoint_key_;
  std::uint64_t line_ = 0;
  VerifyReport report_;
  std::map<std::string, ChainSummary> resumed_;
};

// A spool folder, one segment file, or a file of exported lines. not_found (also for a folder without segments),
// io_failed, invalid_argument for a file without a single line of an audit; a broken chain is no error but stands in
// the report.
Result<VerifyReport> verify_path(const std::filesystem::path& path, std::string_view checkpoint_key = {});
// The same for text that was fetched: lines, or a JSON array of lines.
VerifyReport verify_text(std::string_view text, std::string_view checkpoint_key = {});

}  // namespace sluice::audit
