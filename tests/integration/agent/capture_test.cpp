// Capture and attribution against the real kernel, in a network namespace of this process that goes with it.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/netfilter_ipv4.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "agent/platform/linux/nft_table.h"
#include "agent/platform/linux/socket_owners.h"

namespace sluice::agent {
namespace {

constexpr std::uint16_t port = 15443;
constexpr std::uint32_t exempt_uid = 61234;

struct Descriptor {
  explicit Descriptor(int number) : value(number) {}
  ~Descriptor() { ::close(value); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value;
};

struct Ip {
  const char* text;
  int family;
};
constexpr Ip server4{"198.51.100.7", AF_INET};
constexpr Ip server6{"2001:db8::7", AF_INET6};

sockaddr_storage address_of(const Ip& ip, std::uint16_t at, socklen_t& size) {
  sockaddr_storage storage{};
  if (ip.family == AF_INET) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(at);
    ::inet_pton(AF_INET, ip.text, &address.sin_addr);
    std::memcpy(&storage, &address, sizeof(address));
    size = sizeof(address);
  } else {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(at);
    ::inet_pton(AF_INET6, ip.text, &address.sin6_addr);
    std::memcpy(&storage, &address, sizeof(address));
    size = sizeof(address);
  }
  return storage;
}

SocketEnd end_of(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &storage, sizeof(address));
    return {std::string(reinterpret_cast<const char*>(&address.sin_addr), 4), ntohs(address.sin_port)};
  }
  sockaddr_in6 address{};
  std::memcpy(&address, &storage, sizeof(address));
  return {std::string(reinterpret_cast<const char*>(&address.sin6_addr), 16), ntohs(address.sin6_port)};
}

int listen_at(const Ip& ip) {
  const int listener = ::socket(ip.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  socklen_t size = 0;
  const auto address = address_of(ip, port, size);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener, 16) != 0)
    ADD_FAILURE() << "listening: " << std::strerror(errno);
  return listener;
}

// True when the connection is made within half a second.
bool connects(int client, const Ip& ip, std::uint16_t at = 443) {
  socklen_t size = 0;
  const auto address = address_of(ip, at, size);
  if (::connect(client, reinterpret_cast<const sockaddr*>(&address), size) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd wait{client, POLLOUT, 0};
  if (::poll(&wait, 1, 500) != 1) return false;
  int error = 0;
  socklen_t length = sizeof(error);
  ::getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &length);
  return error == 0;
}
int client_socket(const Ip& ip, int type = SOCK_STREAM) {
  return ::socket(ip.family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

class Capture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_EQ(::geteuid(), 0U) << "this test needs root: it makes a network namespace and a capture table";
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0) << std::strerror(errno);
    // Routes to addresses that nobody has: only a redirect can answer.
    const char* script =
        "ip link set lo up && ip link add sluice0 type veth peer name sluice1 && ip link set sluice0 up && "
        "ip link set sluice1 up && ip addr add 198.51.100.1/24 dev sluice0 && "
        "ip -6 addr add 2001:db8::1/64 dev sluice0 nodad && ip route add default via 198.51.100.2";
    ASSERT_EQ(std::system(script), 0);
  }
  static bool table_exists() {
    return std::system((std::string("nft list table inet ") + capture_table + " >/dev/null 2>&1").c_str()) == 0;
  }
  const CaptureScope scope{.port = port, .exempt_uid = exempt_uid, .cgroup = std::nullopt};
  Descriptor listener4{listen_at({"127.0.0.1", AF_INET})};
  Descriptor listener6{listen_at({"::1", AF_INET6})};
};

TEST_F(Capture, BringsConnectionsOfBothFamiliesWithTheirDestinationAndOwner) {
  NftTable table;
  const auto done = table.install(scope);
  ASSERT_TRUE(done) << done.error().message();
  for (const auto& [ip, listener] : {std::pair{server4, listener4.value}, {server6, listener6.value}}) {
    const Descriptor client(client_socket(ip));
    ASSERT_TRUE(connects(client.value, ip)) << ip.text;
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    const Descriptor accepted(::accept(listener, reinterpret_cast<sockaddr*>(&peer), &size));
    sockaddr_storage original{};
    size = sizeof(original);
    ASSERT_EQ(
        ::getsockopt(accepted.value, ip.family == AF_INET ? static_cast<int>(SOL_IP) : static_cast<int>(IPPROTO_IPV6),
                     SO_ORIGINAL_DST, &original, &size),
        0);
    socklen_t expected_size = 0;
    EXPECT_EQ(end_of(original), end_of(address_of(ip, 443, expected_size)));

    LinuxSocketOwners owners;
    const auto facts = owners.owner_of(end_of(peer), end_of(original));
    ASSERT_TRUE(facts) << facts.error().message();
    EXPECT_EQ(facts->pid, ::getpid());
    EXPECT_EQ(facts->user, "root");
    EXPECT_TRUE(facts->exe.ends_with("integration_agent_capture")) << facts->exe;
    EXPECT_FALSE(owners.owner_of(end_of(peer), end_of(address_of({"127.0.0.1", AF_INET}, port, expected_size))))
        << "the listener's own address is not what the client's socket holds";
  }
}

TEST_F(Capture, FindsTheOwnerOfASocketOfBothFamilies) {
  // Java and others reach IPv4 through IPv6 sockets.
  NftTable table;
  ASSERT_TRUE(table.install(scope));
  const Descriptor client(client_socket(server6));
  ASSERT_TRUE(connects(client.value, {"::ffff:198.51.100.7", AF_INET6}));
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  const Descriptor accepted(::accept(listener4.value, reinterpret_cast<sockaddr*>(&peer), &size));
  LinuxSocketOwners owners;
  const auto facts = owners.owner_of(end_of(peer), end_of(address_of(server4, 443, size)));
  ASSERT_TRUE(facts) << facts.error().message();
  EXPECT_EQ(facts->pid, ::getpid());
}

// The scope where systemd runs: only what a session started.
TEST_F(Capture, CanBeLimitedToOneControlGroup) {
  ASSERT_EQ(::unshare(CLONE_NEWNS), 0);
  ASSERT_EQ(std::system("mount --make-rprivate / && mount -t cgroup2 none /sys/fs/cgroup"), 0);
  const std::string name = "sluice-test-" + std::to_string(::getpid()) + ".slice";
  const std::filesystem::path group = std::filesystem::path("/sys/fs/cgroup") / name;
  ASSERT_TRUE(std::filesystem::create_directory(group));
  {
    NftTable table;
    CaptureScope session = scope;
    session.cgroup = name;
    const auto done = table.install(session);
    EXPECT_TRUE(done) << done.error().message();
    const Descriptor outside(client_socket(server4));
    EXPECT_FALSE(connects(outside.value, server4));
    const pid_t child = ::fork();
    if (child == 0) {
      std::ofstream(group / "cgroup.procs") << ::getpid();
      ::_exit(connects(client_socket(server4), server4) ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0) << "a process of the group was not captured";
  }
  EXPECT_TRUE(std::filesystem::remove(group));
}

TEST_F(Capture, LetsOpenConnectionsEndWhenItGoes) {
  NftTable table;
  ASSERT_TRUE(table.install(scope));
  const Descriptor client(client_socket(server4));
  ASSERT_TRUE(connects(client.value, server4));
  const Descriptor accepted(::accept(listener4.value, nullptr, nullptr));
  table.drop();
  ASSERT_EQ(::send(accepted.value, "x", 1, MSG_NOSIGNAL), 1);
  ::shutdown(accepted.value, SHUT_RDWR);
  std::array<char, 8> buffer{};
  pollfd wait{client.value, POLLIN, 0};
  ASSERT_EQ(::poll(&wait, 1, 2000), 1) << "the connection hangs";
  EXPECT_EQ(::recv(client.value, buffer.data(), buffer.size(), 0), 1);
}

TEST_F(Capture, LeavesNothingBehind) {
  {
    NftTable table;
    ASSERT_TRUE(table.install(scope));
  }
  EXPECT_EQ(std::system("test -z \"$(nft list tables)\""), 0);
}

TEST_F(Capture, LeavesOtherPortsAndTheAgentAlone) {
  NftTable table;
  ASSERT_TRUE(table.install(scope));
  const Descriptor other(client_socket(server4));
  EXPECT_FALSE(connects(other.value, server4, 8443));
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setuid(exempt_uid) != 0) ::_exit(9);
    ::_exit(connects(client_socket(server4), server4) ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Capture, TurnsQuicAwayAtOnce) {
  NftTable table;
  ASSERT_TRUE(table.install(scope));
  const Descriptor client(client_socket(server4, SOCK_DGRAM));
  ASSERT_TRUE(connects(client.value, server4));
  EXPECT_EQ(::send(client.value, "x", 1, 0), -1);
  EXPECT_EQ(errno, EPERM);
}

TEST_F(Capture, IsMadeAndDroppedInMilliseconds) {
  NftTable table;
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(table.install(scope));
  const auto installed = std::chrono::steady_clock::now();
  EXPECT_TRUE(table_exists());
  EXPECT_TRUE(table.in_force());
  const auto before_drop = std::chrono::steady_clock::now();
  table.drop();
  const auto dropped = std::chrono::steady_clock::now();
  EXPECT_FALSE(table_exists());
  EXPECT_FALSE(table.in_force());
  // Some 10 ms on an idle machine; the bound leaves room for a loaded one.
  EXPECT_LT(installed - start, std::chrono::seconds(1));
  EXPECT_LT(dropped - before_drop, std::chrono::seconds(1));
}

TEST_F(Capture, GoesWhenItsOwnerIsKilled) {
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    NftTable table;
    const char answer = table.install(scope) ? 'y' : 'n';
    (void)!::write(ready[1], &answer, 1);
    for (;;) ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_TRUE(table_exists());
  EXPECT_NE(std::system((std::string("nft delete table inet ") + capture_table + " 2>/dev/null").c_str()), 0)
      << "somebody else could take the table away";
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  while (table_exists() && std::chrono::steady_clock::now() < deadline) continue;
  EXPECT_FALSE(table_exists());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(Capture, SaysWhyItFails) {
  NftTable first;
  ASSERT_TRUE(first.install(scope));
  NftTable second;
  const auto done = second.install(scope);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().detail.find("nft"), std::string::npos);
  EXPECT_TRUE(table_exists());
}

}  // namespace
}  // namespace sluice::agent
