#include "gateway/audit/shipper.h"

#include "log/log.h"
#include "wire/device_api.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t batch_records = 500;
constexpr std::chrono::milliseconds look_interval{100};  // how soon the console learns of a request
constexpr std::chrono::seconds finish_timeout{3};

}  // namespace

Shipper::Shipper(audit::Spool& spool, ConsoleAddress console, IdentityPtr identity)
    : spool_(spool), console_(std::move(console)), identity_(std::move(identity)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Shipper::~Shipper() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Shipper::set_identity(IdentityPtr identity) {
  identity_.store(std::move(identity));
}

void Shipper::finish(std::chrono::milliseconds patience) {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  const IdentityPtr identity = identity_.load();
  fetch::Fetcher fetcher(peer_of(console_, identity.get()));
  const SteadyPoint until = steady_now() + patience;
  while (steady_now() < until) {
    const Result<std::size_t> shipped = ship(fetcher, {});
    if (!shipped || *shipped == 0) return;
  }
}

void Shipper::run(const std::stop_token& stop) {
  BackOff back_off(std::chrono::milliseconds(200), std::chrono::seconds(15));
  IdentityPtr identity = identity_.load();
  fetch::Fetcher fetcher(peer_of(console_, identity.get()));
  bool failing = false;
  while (!stop.stop_requested()) {
    if (IdentityPtr newest = identity_.load(); newest != identity) {
      identity = std::move(newest);
      fetcher = fetch::Fetcher(peer_of(console_, identity.get()));
    }
    const Result<std::size_t> shipped = ship(fetcher, stop);
    std::chrono::milliseconds pause{0};
    if (!shipped) {
      if (stop.stop_requested()) return;
      if (!failing) log::failure(log::Level::warning, "events.not_shipped", shipped.error());
      failing = true;
      pause = back_off.next();
    } else {
      if (failing) log::event("events.shipping_again");
      failing = false;
      back_off.reset();
      if (*shipped < batch_records) pause = look_interval;
    }
    if (pause.count() > 0 && !sleep_unless_stopped(stop, pause)) return;
  }
}

Result<std::size_t> Shipper::ship(fetch::Fetcher& fetcher, const std::stop_token& stop) {
  const audit::SpoolState state = spool_.state();
  if (state.acknowledged >= state.last_sequence) return std::size_t{0};
  Result<audit::Batch> batch = spool_.read_from(state.acknowledged + 1, batch_records);
  if (!batch) return fail(batch.error());
  if (batch->lines.empty()) return std::size_t{0};
  const std::size_t count = batch->lines.size();
  const fetch::Request request{.method = "POST",
                               .url = console_.url + "/gateway/v1/events",
                               .headers = {{"content-type", "application/json"}},
                               .body = wire::print(wire::EventsRequest{spool_.origin(), std::move(batch->lines)}),
                               .timeout = stop.stop_possible() ? std::chrono::seconds(30) : finish_timeout};
  Result<fetch::Response> response = fetcher.fetch(request, stop);
  if (!response) return fail(response.error());
  if (response->status != 200) return fail(wire::parse_error_response(response->body, response->status));
  Result<wire::EventsResponse> answer = wire::parse_events_response(response->body);
  if (!answer) return fail(answer.error().during("the console's answer"));
  const auto through = static_cast<std::uint64_t>(answer->accepted_through);
  if (through < batch->first) return fail(ErrorCode::conflict, "the console accepted none of the records");
  Result<void> acknowledged = spool_.acknowledge(std::min(through, batch->last));
  if (!acknowledged) return fail(acknowledged.error());
  return count;
}

}  // namespace sluice::gateway
