#include "agent/app/reports.h"

#include <algorithm>

#include "log/log.h"

namespace sluice::agent {
namespace {

constexpr auto tick = std::chrono::milliseconds(500);
constexpr auto inventory_period = std::chrono::seconds(60);
constexpr auto retry_pause = std::chrono::seconds(5);

}  // namespace

Reports::Reports(DeviceState& state, async::WorkerPool& workers, ConsoleAddress console,
                 std::filesystem::path spool_folder, std::uint64_t spool_limit)
    : state_(state),
      workers_(workers),
      console_(std::move(console)),
      spool_folder_(std::move(spool_folder)),
      spool_limit_(spool_limit) {}

void Reports::identity_changed() {
  {
    const std::scoped_lock lock(identity_mutex_);
    identity_ = state_.identity;
  }
  client_ = std::make_shared<ConsoleClient>(console_, state_.identity);
  inventory_changed();
  if (audit_) return;
  // The id becomes the name of a folder, and came from outside.
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  const std::string& id = state_.identity->device_id;
  if (id.empty() || !std::ranges::all_of(id, plain))
    return state_.note_error("opening the audit spool", Error{ErrorCode::malformed, "the device id is no plain name"});
  // A folder for each identity: after an enrolment anew the old chain does not stand in the way.
  auto opened = DeviceAudit::open(spool_folder_ / state_.identity->device_id, state_.identity->device_id, spool_limit_);
  if (opened)
    audit_ = std::move(*opened);
  else
    state_.note_error("opening the audit spool", opened.error());
}

Result<void> Reports::record(audit::Record record) {
  auto written =
      audit_ ? audit_->write(record) : Result<void>(fail(ErrorCode::io_failed, "the audit spool is not open"));
  if (written) return written;
  log::failure(log::Level::error, "audit.lost", written.error());
  state_.note_error("writing an audit record", written.error());
  return written;
}

Result<wire::LeafResponse> Reports::sign_leaf(const std::string& host, const std::string& csr) {
  std::shared_ptr<const DeviceIdentity> identity;
  {
    const std::scoped_lock lock(identity_mutex_);
    identity = identity_;
  }
  if (!identity) return fail(ErrorCode::unauthenticated, "this device is not enrolled");
  ConsoleClient client(console_, identity);
  return client.leaf(host, csr);
}

wire::Inventory Reports::inventory() const {
  const auto facts = facts_of_this_device();
  wire::Inventory inventory;
  inventory.hostname = facts.hostname;
  inventory.os_version = facts.os_version;
  inventory.agent_version = facts.agent_version;
  inventory.capture_state = state_.capture.state;
  inventory.capture_detail = state_.capture.detail;
  for (const auto& app : state_.apps)
    inventory.apps.push_back(
        {.app = app.app, .name = app.name, .version = app.version, .path = app.path, .user = app.user});
  inventory.counters = {.intercepted = state_.counters.intercepted,
                        .spliced = state_.counters.spliced,
                        .refused = state_.counters.refused,
                        .broken = state_.counters.broken};
  return inventory;
}

Task<void> Reports::send_inventory() {
  const std::shared_ptr<ConsoleClient> client = client_;
  std::function<Result<void>()> work = [client, inventory = inventory()] { return client->inventory(inventory); };
  Result<void> sent = co_await workers_.run(std::move(work));
  if (sent) co_return;
  log::failure(log::Level::warning, "inventory.not_sent", sent.error());
  inventory_due_ = steady_now() + retry_pause;
}

Task<void> Reports::ship_records() {
  const std::shared_ptr<ConsoleClient> client = client_;
  DeviceAudit* const audit = audit_.get();
  std::function<Result<bool>()> work = [client, audit] { return audit->ship(*client); };
  Result<bool> shipped = co_await workers_.run(std::move(work));
  if (shipped) co_return;
  log::failure(log::Level::warning, "audit.not_shipped", shipped.error());
  shipping_due_ = steady_now() + retry_pause;
}

// One after the other on one connection: neither is urgent, and the console sees one connection per device less.
Task<void> Reports::run() {
  for (;;) {
    Result<void> slept = co_await async::sleep_for(tick);
    if (!slept) co_return;
    if (!client_) continue;
    const SteadyPoint now = steady_now();
    if (now >= inventory_due_) {
      inventory_due_ = now + inventory_period;
      co_await send_inventory();
    }
    if (audit_ && now >= shipping_due_ && audit_->pending()) co_await ship_records();
  }
}

}  // namespace sluice::agent
