// External checks that did not run, in the log: one line a minute for each provider and reason, however many requests
// there are, with how many checks it stands for. Threads: any.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"

namespace sluice::gateway {

class FailureLog {
 public:
  static constexpr std::chrono::minutes quiet_time{1};
  static constexpr std::size_t most_kept = 1000;  // providers × reasons; those of removed providers go with the rest

  // How many checks failed so since the last line, this one included; nullopt: no line yet.
  std::optional<std::uint64_t> count(std::string_view provider, std::string_view reason, SteadyPoint now);

 private:
  struct Line {
    SteadyPoint written;
    std::uint64_t since = 0;
  };
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Line> lines_;
};

// A warning "guard.check_failed", where `failures` lets it pass. The error's detail names a field of the answer by its
// path, a status or an address; never what the answer said.
void log_failed_check(FailureLog& failures, std::string_view provider, std::string_view surface, const Error& error,
                      SteadyPoint now);

}  // namespace sluice::gateway
