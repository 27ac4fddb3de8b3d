// The composition root: everything that the program is made of, in the order in which it is constructed.
//
//   health → identity (enrolment) → spool (open intents closed) → last good policy → workers → shipper → console link
//
// Threads: main, which waits for signals; one for each worker; health; shipper; console link; two for blocking
// look-ups.
#pragma once
#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/app/settings.h"
#include "gateway/app/signals.h"
#include "gateway/audit/shipper.h"
#include "gateway/edge/health.h"

namespace sluice::gateway {

class Gateway {
 public:
  Gateway(Configuration configuration, config::Settings settings, std::filesystem::path settings_file);
  ~Gateway();

  // Serves until SIGTERM or SIGINT; the exit status.
  int run(const Signals& signals);

 private:
  enum class Stage : std::uint8_t { starting, enrolling, serving, draining };
  Result<IdentityPtr> obtain_identity(const Signals& signals);
  Result<void> begin_service(IdentityPtr identity);
  void reload();
  void drain();
  [[nodiscard]] std::string print_metrics();
  [[nodiscard]] std::string not_ready() const;

  Configuration configuration_;
  config::Settings settings_;  // as of the start: what a reload may not change is compared with it
  std::filesystem::path settings_file_;
  std::atomic<Stage> stage_{Stage::starting};
  std::atomic<PolicyPtr> policy_;
  IdentityStore identities_;
  std::mutex workers_mutex_;  // spool_, workers_ and link_, between a scrape and the start or the end of service
  async::WorkerPool lookups_{2};
  net::Resolver resolver_{lookups_};
  std::unique_ptr<audit::Spool> spool_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Shipper> shipper_;
  std::unique_ptr<ConsoleLink> link_;
  std::unique_ptr<Health> health_;  // last: goes first, it looks at the others
};

}  // namespace sluice::gateway
