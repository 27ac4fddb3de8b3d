// The thread that keeps this device enrolled and its policy current: enrol, renew, long poll, for ever.
//
// Everything it learns is handed to the loop. It needs nobody to answer: without a console the last signed policy stays
// in force until its end.
#pragma once
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "agent/enrolment/console_client.h"
#include "agent/enrolment/policy_intake.h"
#include "async/event_loop.h"

namespace sluice::agent {

// Called on the loop.
struct CheckInEvents {
  std::function<void(std::shared_ptr<const DeviceIdentity>)> identity;
  std::function<void(PolicyPtr, GuardPtr)> policy;  // as PolicyIntake::Events::publish
  std::function<void()> success;                    // the console answered
  std::function<void(const Error&)> problem;        // … or did not, or answered what cannot be obeyed
  std::function<void()> token_wanted;               // answer with set_token()
};

class CheckIn {
 public:
  CheckIn(async::EventLoop& loop, ConsoleAddress console, std::filesystem::path state_dir, CheckInEvents events);
  ~CheckIn();  // ends within 200 ms, or with the compilation of guardrails that runs
  CheckIn(const CheckIn&) = delete;
  CheckIn& operator=(const CheckIn&) = delete;

  void start();
  void set_token(Secret token);  // any thread; empty: there is none

 private:
  void run(const std::stop_token& stop);
  bool ensure_enrolled(const std::stop_token& stop);
  void renew_if_due(const std::stop_token& stop);
  void load_last_policy();
  void poll(const std::stop_token& stop);
  PolicyIntake::Events policy_events();
  void announce_identity(DeviceIdentity identity);
  void failed(std::string_view during, const Error& error, const std::stop_token& stop);
  void pause(std::chrono::milliseconds span, const std::stop_token& stop);

  async::EventLoop& loop_;
  ConsoleAddress console_;
  std::filesystem::path state_dir_;
  CheckInEvents events_;
  std::shared_ptr<const DeviceIdentity> identity_;
  std::unique_ptr<ConsoleClient> client_;
  std::chrono::milliseconds backoff_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<Secret> token_;
  std::optional<Error> refusal_;  // of a policy that was taken: its guardrails cannot be compiled
  PolicyIntake policies_;
  std::jthread thread_;
};

}  // namespace sluice::agent
