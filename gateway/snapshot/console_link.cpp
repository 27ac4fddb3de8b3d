#include "gateway/snapshot/console_link.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/random.h"
#include "log/log.h"

namespace sluice::gateway {
namespace {

constexpr std::chrono::seconds renewal_pause{60};

std::int64_t steady_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(steady_now().time_since_epoch()).count();
}

}  // namespace

ConsoleLink::ConsoleLink(ConsoleLinkOptions options, SnapshotKeeper keeper, IdentityStore identities,
                         IdentityPtr identity)
    : options_(std::move(options)),
      keeper_(std::move(keeper)),
      identities_(std::move(identities)),
      identity_(std::move(identity)),
      fetcher_(peer_of(options_.console, identity_.get())),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ConsoleLink::~ConsoleLink() {
  thread_.request_stop();
  thread_.join();
}

std::int64_t ConsoleLink::silence_seconds() const noexcept {
  const std::int64_t at = answered_at_;
  return at < 0 ? -1 : steady_seconds() - at;
}

void ConsoleLink::run(const std::stop_token& stop) {
  BackOff back_off(std::chrono::milliseconds(200), std::chrono::seconds(10));
  while (!stop.stop_requested()) {
    renew_if_due();
    Result<void> polled = poll(stop);
    if (polled) {
      back_off.reset();
      continue;
    }
    if (stop.stop_requested()) return;
    log::failure(log::Level::warning, "snapshot.poll_failed", polled.error());
    if (!sleep_unless_stopped(stop, back_off.next())) return;
  }
}

Result<void> ConsoleLink::poll(const std::stop_token& stop) {
  fetch::Request request{
      .url = options_.console.url + "/gateway/v1/snapshot?wait=" + std::to_string(options_.wait.count()),
      .headers = {},
      .body = {},
      .timeout = options_.wait + std::chrono::seconds(15)};
  request.headers.emplace_back("user-agent", "sluice-gateway/" + options_.version);
  if (keeper_.in_force() != wire::SnapshotVersion{})
    request.headers.emplace_back("if-none-match", keeper_.in_force().etag());
  Result<fetch::Response> response = fetcher_.fetch(request, stop);
  if (!response) return fail(response.error());
  answered_at_ = steady_seconds();
  if (response->status == 304) return {};
  if (response->status != 200)
    return fail(ErrorCode::upstream_failed, "the console answered " + std::to_string(response->status));
  Result<PolicyPtr> policy = keeper_.accept(response->body, wall_now(), options_.on_policy);
  if (!policy) {
    ++refused_;
    return fail(policy.error().during("snapshot refused, the one in force stays"));
  }
  const policy::FleetSnapshot& fleet = (*policy)->fleet();
  log::event("snapshot.in_force", {{"epoch", fleet.epoch}, {"version", fleet.version}});
  options_.on_policy(std::move(*policy));
  return {};
}

void ConsoleLink::renew_if_due() {
  const TimePoint now = wall_now();
  if (!identity_->renewal_due(now) || now < renewal_tried_ + renewal_pause) return;
  renewal_tried_ = now;
  Result<IdentityPtr> renewed = identities_.renew(fetcher_, options_.console, *identity_);
  if (!renewed) {
    log::failure(log::Level::error, "certificate.not_renewed", renewed.error(),
                 {{"until", to_rfc3339(identity_->not_after)}});
    return;
  }
  identity_ = std::move(*renewed);
  fetcher_ = fetch::Fetcher(peer_of(options_.console, identity_.get()));
  log::event("certificate.renewed", {{"until", to_rfc3339(identity_->not_after)}});
  options_.on_identity(identity_);
}

std::chrono::milliseconds BackOff::next() {
  std::chrono::milliseconds wait = first_;
  for (int i = 0; i < tries_ && wait < longest_; ++i) wait *= 2;
  wait = std::min(wait, longest_);
  ++tries_;
  const auto dice = static_cast<unsigned char>(random_bytes(1).front());
  return wait - wait * dice / (4 * 255);
}

bool sleep_unless_stopped(const std::stop_token& stop, std::chrono::milliseconds span) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, span, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace sluice::gateway
