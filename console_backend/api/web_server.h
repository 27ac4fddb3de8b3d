// Serves administrators (port 8443): the REST API, the live stream, exports, health, metrics and the web console.
// Threads: the loop's; calls run on workers.
#pragma once
#include <expected>
#include <string>

#include "async/task.h"
#include "async/worker_pool.h"
#include "console_backend/api/change_hub.h"
#include "console_backend/api/routes.h"
#include "console_backend/api/static_files.h"
#include "http/connection.h"
#include "policy/guardrails.h"

namespace sluice::console {

class WebServer {
 public:
  // Of what anybody may send: to sign in, and with questions that have no body. Everything else shows a credential
  // first: nothing of a body is read before.
  static constexpr std::size_t open_limit = 16 * 1024;
  static constexpr std::size_t body_limit = 1024 * 1024;
  static constexpr std::size_t file_limit = 4 * 1024 * 1024;  // a gitleaks file of 1 MiB, escaped
  static constexpr std::size_t document_limit = policy::largest_guardrails;
  static constexpr std::chrono::seconds ping_time{15};
  static constexpr std::chrono::milliseconds change_pause{250};  // at most four events a second

  WebServer(Services& services, ChangeHub& hub, async::WorkerPool& workers, StaticFiles files)
      : services_(services), hub_(hub), workers_(workers), api_(services), files_(std::move(files)) {}

  // `exchange` outlives the task.
  Task<void> handle(http::Exchange& exchange, std::string address);

 private:
  Task<std::expected<std::size_t, Problem>> body_limit_of(Call& call);
  Task<Result<void>> live(http::Exchange& exchange, Call call);
  Task<Result<void>> export_logs(http::Exchange& exchange, Call call);
  Outcome answer(Call& call) const;
  Outcome metrics(const Call& call) const;
  Outcome ready() const;

  Services& services_;
  ChangeHub& hub_;
  async::WorkerPool& workers_;
  Api api_;
  StaticFiles files_;
};

}  // namespace sluice::console
