// What the gateway counts, and its Prometheus text (exposition format 0.0.4). Names: `sluice_*`, seconds and bytes.
//
// Threads: each worker owns one Metrics and touches it on its own loop, without locks; a scrape asks every loop for a
// copy and merges them. No user, device or key is ever a label. Model names come from clients, so at most
// `series_limit` label sets are kept; what is over that is counted under model and app "other".
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "dialect/usage.h"
#include "policy/decide.h"

namespace sluice::gateway {

inline constexpr std::size_t series_limit = 1000;

class Histogram {
 public:
  void observe(std::chrono::steady_clock::duration span) noexcept;
  void merge(const Histogram& other) noexcept;
  // `labels` stands in front of "le": name_bucket{provider="a",le="…"}.
  void print(std::string& out, std::string_view name, std::string_view labels = {}) const;

 private:
  // Upper bounds in microseconds: 25 µs to 52 s in factors of two, so one set serves overhead and durations.
  static constexpr std::size_t bounds = 22;
  std::array<std::uint64_t, bounds + 1> counts_{};
  std::uint64_t count_ = 0;
  double seconds_ = 0;
};

struct RequestLabels {
  std::string_view provider, model, app, decision;
  int status = 0;
};

class Metrics {
 public:
  void count_request(const RequestLabels& labels);
  // `outcome` is clean (no hit), found, or why a check of an external provider did not run: a fixed list. Provider ids
  // are the policy's; those of former policies count towards `series_limit` too.
  void count_guard_check(std::string_view provider, std::string_view outcome, std::chrono::steady_clock::duration span);
  // `rule`, `phase` and `action` come from the policy and a fixed vocabulary.
  void count_guardrail(std::string_view rule, std::string_view phase, std::string_view action, std::int64_t times);
  void count_tokens(std::string_view provider, std::string_view model, const dialect::Usage& usage);
  void merge(const Metrics& other);
  void print(std::string& out) const;

  Histogram duration, overhead, upstream, first_token;
  Histogram guard_scan;    // a request's or an answer's local checks
  Histogram stream_delay;  // the longest that an event of a guarded stream was held back
  std::uint64_t guarded_streams = 0, stream_bytes_held = 0;  // held: the most at once, summed over the streams
  std::uint64_t texts_remembered = 0;                        // of the history, not scanned again
  std::uint64_t audit_lost = 0;         // records that could not be written (audit.on_full = pass_counted)
  std::uint64_t bad_requests = 0;       // input that was no HTTP, or over a limit
  std::uint64_t handshakes_failed = 0;  // device listener
  std::uint64_t addresses_refused = 0;  // upstream names that resolved to special-purpose addresses only

 private:
  struct Series {
    std::string labels;  // provider="…",model="…"
    std::uint64_t value = 0;
  };
  Series& series_of(policy::ByName<Series>& all, std::string_view key);
  struct Timing {
    std::string labels;
    Histogram histogram;
  };
  policy::ByName<Series> requests_, tokens_, guardrails_, guard_checks_;
  policy::ByName<Timing> guard_times_;
  std::string key_;  // reused: the look-up allocates nothing
};

// One gauge or counter that is not per worker.
void print_value(std::string& out, std::string_view name, std::string_view kind, std::string_view help, double value);

}  // namespace sluice::gateway
