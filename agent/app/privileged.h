// The privileged process of the agent: small, single-threaded but for one helper, no TLS, no HTTP, no traffic.
//
// It owns what needs root (capture table, trust stores, other users' /proc, the enrolment token file) and watches the
// traffic process, which it starts as an unprivileged user. Its promise: a redirect is in force only while a traffic
// process makes progress. When that dies, its socket closes and the table goes at once; when it hangs, the table goes
// after `patience`, and it is killed. When this process dies itself, the kernel removes the table.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/capture/table.h"
#include "agent/channel/channel.h"
#include "agent/process/owner.h"
#include "agent/trust/trust_store.h"
#include "base/clock.h"
#include "ipc/frame.h"

namespace sluice::agent {

struct PrivilegedOptions {
  std::vector<std::string> traffic_command;    // program and arguments; the channel is its descriptor 3
  std::vector<std::string> discovery_command;  // prints the inventory; runs with the right to read everything only
  std::string run_as;                          // user name or number; empty: as we are (tests)
  std::filesystem::path state_dir;             // given to that user, 0700
  std::filesystem::path socket_dir;            // given to that user, 0755
  std::filesystem::path enrolment_token_file;
  bool capture = true;  // capture.mode is redirect
  std::chrono::milliseconds patience{1000};
};

// Which certificate the traffic process may have installed: one self-issued CA for interception. Checked here, since
// the asker holds keys and parsers and is the likelier victim.
using RootCheck = std::function<Result<void>(std::string_view pem)>;

class Privileged {
 public:
  Privileged(PrivilegedOptions options, CaptureTable& table, SocketOwners& owners, TrustStore& trust, RootCheck check);
  ~Privileged();
  Privileged(const Privileged&) = delete;
  Privileged& operator=(const Privileged&) = delete;

  // Until SIGTERM or SIGINT; SIGHUP restarts the traffic process with its configuration read anew. The exit status.
  int run();

 private:
  struct Child;
  struct Installer;
  Result<void> prepare_folders();
  Result<void> start_traffic();
  void end_traffic(std::string_view why);
  void bypass(std::string_view why);
  void capture(std::uint16_t port);
  void watch();
  [[nodiscard]] int milliseconds_to_next_event() const;
  void read_channel();
  void handle(const ToPrivileged& message);
  void send(const ToTraffic& message);
  void report_capture();
  void start_discovery();
  void read_discovery();
  void on_signal();
  void drain_and_stop();

  PrivilegedOptions options_;
  CaptureTable& table_;
  SocketOwners& owners_;
  TrustStore& trust_;
  RootCheck check_;
  std::unique_ptr<Child> traffic_;
  std::unique_ptr<Child> discovery_;
  std::unique_ptr<Installer> installer_;
  std::string discovered_;  // output so far, at most 900 KiB
  int signals_ = -1;
  bool stopping_ = false;
  std::string bypass_reason_ = "the traffic process is starting";
  std::uint64_t restarts_ = 0;
  SteadyPoint next_start_{};
  SteadyPoint next_table_check_{};
  std::chrono::milliseconds backoff_{100};
};

}  // namespace sluice::agent
