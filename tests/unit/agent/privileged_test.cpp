// The privileged process with a fake table, and this test program itself as the traffic process: started with the
// variable below it plays a script on descriptor 3 instead of running tests.
#include "agent/app/privileged.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "agent/platform/fake/fake_platform.h"

namespace sluice::agent {
namespace {

using namespace std::chrono_literals;

constexpr const char* script_variable = "SLUICE_TEST_TRAFFIC";
constexpr auto patience = 400ms;

void say(const ToPrivileged& message) {
  const auto frame = *ipc::encode_frame(encode(message));
  if (::send(3, frame.data(), frame.size(), MSG_NOSIGNAL) < 0) ::_exit(0);
}

// Ready and governing; then as the script says.
[[noreturn]] void play(std::string_view script) {
  if (script == "never ready") ::pause();
  say(Ready{4711});
  say(Govern{});
  if (script == "asks for a root") say(InstallRoot{"certificate"});
  const auto end = steady_now() + (script == "dies" ? 200ms : script == "hangs" ? 300ms : 60'000ms);
  while (steady_now() < end) {
    say(Heartbeat{1});
    std::this_thread::sleep_for(20ms);
  }
  if (script == "hangs") ::pause();
  ::_exit(1);
}

// Before main(): GoogleTest never starts in the child.
const bool played = [] {
  if (const char* script = std::getenv(script_variable)) play(script);
  return true;
}();

// A table that notes when it comes and goes, readable from the test's thread.
class NotedTable final : public CaptureTable {
 public:
  Result<void> install(const CaptureScope& scope) override {
    const std::scoped_lock lock(mutex);
    port = scope.port;
    ++installs;
    present = true;
    return {};
  }
  void drop() noexcept override {
    const std::scoped_lock lock(mutex);
    if (present) ++drops;
    present = false;
  }
  [[nodiscard]] bool in_force() override {
    const std::scoped_lock lock(mutex);
    return present;
  }
  template <class Condition>
  bool wait_for(Condition condition, std::chrono::milliseconds span = 10s) {
    const auto end = steady_now() + span;
    while (steady_now() < end) {
      {
        const std::scoped_lock lock(mutex);
        if (condition(*this)) return true;
      }
      std::this_thread::yield();
    }
    return false;
  }
  std::mutex mutex;
  int installs = 0;
  int drops = 0;
  std::uint16_t port = 0;
  bool present = false;
};

class PrivilegedTest : public testing::Test {
 protected:
  PrivilegedTest() {
    std::string name = (std::filesystem::temp_directory_path() / "privileged_test_XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~PrivilegedTest() override {
    ::unsetenv(script_variable);
    std::filesystem::remove_all(folder);
  }
  // Runs `body` beside the process, then ends it as a service manager does.
  void with(const char* script, bool capture, const std::function<void()>& body) {
    ::setenv(script_variable, script, 1);
    PrivilegedOptions options;
    options.traffic_command = {std::filesystem::read_symlink("/proc/self/exe").string()};
    options.state_dir = folder / "state";
    options.socket_dir = folder / "run";
    options.capture = capture;
    options.patience = patience;
    sigset_t ending;
    ::sigemptyset(&ending);
    ::sigaddset(&ending, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);  // both threads: the process's signalfd takes it
    int status = -1;
    TrustStore trust(folder, [](const std::vector<std::string>&) -> Result<void> { return {}; });
    std::jthread process([&] {
      Privileged privileged(std::move(options), table, owners, trust, [this](std::string_view) -> Result<void> {
        ++roots_checked;
        return fail(ErrorCode::untrusted, "no");
      });
      status = privileged.run();
    });
    body();
    ::kill(::getpid(), SIGTERM);
    process.join();
    EXPECT_EQ(status, 0);
    EXPECT_FALSE(table.present) << "the redirect must not outlive the agent";
  }
  std::filesystem::path folder;
  NotedTable table;
  FakeOwners owners;
  std::atomic<int> roots_checked = 0;
};

TEST_F(PrivilegedTest, CapturesOnceTheTrafficProcessGoverns) {
  with("lives", true, [&] { EXPECT_TRUE(table.wait_for([](auto& t) { return t.present && t.port == 4711; })); });
}

TEST_F(PrivilegedTest, DoesNotCaptureForAProcessThatIsNotReady) {
  with("never ready", true, [&] { EXPECT_FALSE(table.wait_for([](auto& t) { return t.installs > 0; }, 300ms)); });
}

TEST_F(PrivilegedTest, DoesNotCaptureWhenItIsOff) {
  with("lives", false, [&] { EXPECT_FALSE(table.wait_for([](auto& t) { return t.installs > 0; }, 300ms)); });
}

TEST_F(PrivilegedTest, DropsTheTableWhenTheProcessDiesAndStartsAnother) {
  with("dies", true, [&] {
    EXPECT_TRUE(table.wait_for([](auto& t) { return t.drops >= 1; }));
    EXPECT_TRUE(table.wait_for([](auto& t) { return t.installs >= 2; }));
  });
}

TEST_F(PrivilegedTest, DropsTheTableWhenTheProcessMakesNoProgress) {
  with("hangs", true, [&] {
    EXPECT_TRUE(table.wait_for([](auto& t) { return t.drops >= 1; }));
    EXPECT_TRUE(table.wait_for([](auto& t) { return t.installs >= 2; }));
  });
}

TEST_F(PrivilegedTest, PutsATableBackThatSomebodyTookAway) {
  with("lives", true, [&] {
    ASSERT_TRUE(table.wait_for([](auto& t) { return t.present; }));
    table.drop();
    EXPECT_TRUE(table.wait_for([](auto& t) { return t.installs >= 2; }));
  });
}

TEST_F(PrivilegedTest, LetsNobodyInstallWhatIsNoRoot) {
  with("asks for a root", true, [&] { EXPECT_TRUE(table.wait_for([&](auto&) { return roots_checked > 0; })); });
  EXPECT_FALSE(std::filesystem::exists(folder / "etc/sluice/root.pem"));
}

}  // namespace
}  // namespace sluice::agent
