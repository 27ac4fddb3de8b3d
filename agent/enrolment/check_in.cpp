#include "agent/enrolment/check_in.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/files.h"
#include "log/log.h"

namespace sluice::agent {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds long_poll{25};
constexpr milliseconds first_backoff{250};
constexpr milliseconds longest_backoff{15'000};
constexpr milliseconds token_patience{30'000};
constexpr const char* snapshot_file = "snapshot.json";

}  // namespace

CheckIn::CheckIn(async::EventLoop& loop, ConsoleAddress console, std::filesystem::path state_dir, CheckInEvents events)
    : loop_(loop),
      console_(std::move(console)),
      state_dir_(std::move(state_dir)),
      events_(std::move(events)),
      backoff_(first_backoff),
      policies_(policy_events()) {}

CheckIn::~CheckIn() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void CheckIn::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void CheckIn::set_token(Secret token) {
  const std::scoped_lock lock(mutex_);
  token_ = std::move(token);
  wake_.notify_all();
}

void CheckIn::run(const std::stop_token& stop) {
  if (auto known = load_identity(state_dir_)) {
    announce_identity(std::move(*known));
    load_last_policy();
  } else if (known.error().code != ErrorCode::not_found) {
    failed("reading the device's identity", known.error(), stop);
  }
  while (!stop.stop_requested()) {
    if (!identity_ && !ensure_enrolled(stop)) continue;
    renew_if_due(stop);
    poll(stop);
  }
}

bool CheckIn::ensure_enrolled(const std::stop_token& stop) {
  {
    std::unique_lock lock(mutex_);
    token_.reset();
    loop_.post([this] { events_.token_wanted(); });
    wake_.wait_for(lock, stop, token_patience, [this] { return token_.has_value(); });
  }
  if (stop.stop_requested()) return false;
  const Secret token = token_ ? std::move(*token_) : Secret();
  if (token.empty()) {
    failed("enrolling",
           Error{ErrorCode::unauthenticated,
                 "there is no enrolment token yet in the file that enrolment_token_file names"},
           stop);
    return false;
  }
  ConsoleClient client(console_, nullptr);
  auto enrolled = client.enrol(token, facts_of_this_device(), stop);
  if (enrolled)
    if (auto saved = save_identity(state_dir_, *enrolled); !saved) enrolled = fail(saved.error());
  if (!enrolled) {
    failed("enrolling", enrolled.error(), stop);
    return false;
  }
  log::event("device.enrolled", {{"device", enrolled->device_id}, {"org", enrolled->org}});
  announce_identity(std::move(*enrolled));
  return true;
}

void CheckIn::announce_identity(DeviceIdentity identity) {
  identity_ = std::make_shared<const DeviceIdentity>(std::move(identity));
  client_ = std::make_unique<ConsoleClient>(console_, identity_);
  loop_.post([this, known = identity_] { events_.identity(known); });
}

void CheckIn::renew_if_due(const std::stop_token& stop) {
  if (!renewal_due(*identity_, wall_now())) return;
  auto renewed = client_->renew(stop);
  if (renewed)
    if (auto saved = save_identity(state_dir_, *renewed); !saved) renewed = fail(saved.error());
  if (!renewed) return failed("renewing the device certificate", renewed.error(), stop);
  log::event("device.renewed", {{"until", to_rfc3339(renewed->not_after)}});
  announce_identity(std::move(*renewed));
}

void CheckIn::load_last_policy() {
  const auto envelope = read_file(state_dir_ / snapshot_file);
  if (!envelope) return;
  if (const auto taken = policies_.take(*identity_, *envelope, wall_now()); !taken)
    log::failure(log::Level::warning, "policy.last_refused", taken.error());
}

PolicyIntake::Events CheckIn::policy_events() {
  return {
      .publish =
          [this](PolicyPtr policy, GuardPtr guard) {
            loop_.post([this, policy = std::move(policy), guard = std::move(guard)] { events_.policy(policy, guard); });
          },
      .complete =
          [this](const std::string& envelope) {
            // A device that cannot keep it obeys it all the same, and asks again after a restart.
            if (const auto saved = write_file_atomically(state_dir_ / snapshot_file, envelope, 0600); !saved)
              log::failure(log::Level::warning, "policy.not_kept", saved.error());
          },
      .refused =
          [this](const Error& error) {
            log::failure(log::Level::warning, "policy.refused", error);
            const std::scoped_lock lock(mutex_);
            refusal_ = error;
          }};
}

void CheckIn::poll(const std::stop_token& stop) {
  std::optional<Error> refusal;
  {
    const std::scoped_lock lock(mutex_);
    refusal = std::exchange(refusal_, std::nullopt);
  }
  if (refusal) return failed("taking over the policy", *refusal, stop);
  const wire::SnapshotVersion newest = policies_.newest();
  const std::string etag = newest == wire::SnapshotVersion{} ? std::string() : newest.etag();
  auto envelope = client_->snapshot(etag, long_poll, stop);
  if (stop.stop_requested()) return;
  if (!envelope) return failed("polling for policy", envelope.error(), stop);
  loop_.post([this] { events_.success(); });
  if (!*envelope) {
    backoff_ = first_backoff;
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    refusal_.reset();  // it was about a policy that another has followed, which is not to wait for it
  }
  // One that is refused is offered again at once, so that only an answer without one ends the waiting.
  if (const auto taken = policies_.take(*identity_, **envelope, wall_now()); !taken)
    failed("taking over the policy", taken.error(), stop);
}

void CheckIn::failed(std::string_view during, const Error& error, const std::stop_token& stop) {
  if (stop.stop_requested()) return;
  const Error problem = error.during(during);
  static log::RateLimit limit(2);
  log::event(limit, log::Level::warning, "console.unreachable", {{"detail", problem.message()}});
  loop_.post([this, problem] { events_.problem(problem); });
  // Spread over half the span: a fleet must not come back as one.
  static thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> spread(backoff_.count() / 2, backoff_.count());
  pause(milliseconds(spread(random)), stop);
  backoff_ = std::min(backoff_ * 2, longest_backoff);
}

void CheckIn::pause(milliseconds span, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, stop, span, [] { return false; });
}

}  // namespace sluice::agent
