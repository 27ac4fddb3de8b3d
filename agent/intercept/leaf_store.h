// Certificates of governed hosts for this device, signed by the console: in memory, on disk, renewed at half their
// life. At most one question to the console per host at a time; a failure is remembered for five seconds, so that
// connections pass on unread instead of queueing.
//
// Threads: the loop's; the question runs on a worker.
#pragma once
#include <filesystem>
#include <functional>
#include <list>
#include <string>
#include <unordered_map>

#include "async/leaf.h"
#include "async/task_group.h"
#include "async/worker_pool.h"
#include "base/clock.h"
#include "tls/engine.h"
#include "wire/device_api.h"

namespace sluice::agent {

class LeafStore {
 public:
  // Signs `csr` for `host`; blocks, called on a worker.
  using Sign = std::function<Result<wire::LeafResponse>(const std::string& host, const std::string& csr)>;

  LeafStore(async::TaskGroup& group, async::WorkerPool& workers, const Clock& clock, std::filesystem::path folder,
            Sign sign);

  // `host` is a governed name. The wait is that of one signing at most.
  Task<Result<tls::TlsContext>> context_for(std::string host);
  // Another root or another device: what was signed before is not to be used.
  void forget_all();

 private:
  struct Leaf {
    std::optional<tls::TlsContext> context;
    TimePoint renew_at{};
    TimePoint not_after{};
    bool signing = false;
    SteadyPoint retry_at{};
    Error last_error;
    std::list<async::Signal*> waiting;
  };
  Task<void> renew(std::string host);
  Task<Result<void>> sign(std::string host);
  void take_over(const std::string& host, Result<tls::TlsContext> context, TimePoint not_after);
  Result<void> load(const std::string& host);

  async::TaskGroup& group_;
  async::WorkerPool& workers_;
  const Clock& clock_;
  std::filesystem::path folder_;
  Sign sign_;
  std::unordered_map<std::string, Leaf> leaves_;  // bounded by the governed hosts of the policy
};

}  // namespace sluice::agent
