#include "agent/platform/linux/socket_owners.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>

namespace sluice::agent {
namespace {

constexpr std::size_t recent_limit = 256;

struct Directory {
  explicit Directory(const std::string& path) : handle(::opendir(path.c_str())) {}
  ~Directory() {
    if (handle != nullptr) ::closedir(handle);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  DIR* handle;
};

std::optional<std::int32_t> number_of(std::string_view name) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return value;
}

bool holds(std::int32_t pid, std::uint32_t inode) {
  const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
  const std::string wanted = "socket:[" + std::to_string(inode) + "]";
  const Directory descriptors(folder);
  if (descriptors.handle == nullptr) return false;
  std::array<char, 64> target{};
  while (const dirent* entry = ::readdir(descriptors.handle)) {
    const auto length = ::readlinkat(::dirfd(descriptors.handle), entry->d_name, target.data(), target.size());
    if (length > 0 && std::string_view(target.data(), static_cast<std::size_t>(length)) == wanted) return true;
  }
  return false;
}

}  // namespace

// inet_diag's exact look-up takes the four ends as the client's socket has them. After a redirect that is the
// original destination; with the listener's address the kernel answers ENOENT.
Result<LinuxSocketOwners::SocketIdentity> LinuxSocketOwners::ask_kernel(const SocketEnd& client,
                                                                        const SocketEnd& server) {
  if (client.address.size() != server.address.size() || (client.address.size() != 4 && client.address.size() != 16))
    return fail(ErrorCode::invalid_argument, "the two ends of a connection must be of one address family");
  struct Question {
    nlmsghdr header;
    inet_diag_req_v2 request;
  } question{};
  question.header.nlmsg_len = sizeof(question);
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST;
  question.request.sdiag_family = client.address.size() == 4 ? AF_INET : AF_INET6;
  question.request.sdiag_protocol = IPPROTO_TCP;
  question.request.idiag_states = ~0U;
  question.request.id.idiag_sport = htons(client.port);
  question.request.id.idiag_dport = htons(server.port);
  std::memcpy(question.request.id.idiag_src, client.address.data(), client.address.size());
  std::memcpy(question.request.id.idiag_dst, server.address.data(), server.address.size());
  question.request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  question.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;

  const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (socket < 0) return fail(ErrorCode::io_failed, std::string("opening sock_diag: ") + std::strerror(errno));
  alignas(nlmsghdr) std::array<char, 4096> answer{};
  auto length = ::send(socket, &question, sizeof(question), 0);
  if (length > 0) length = ::recv(socket, answer.data(), answer.size(), 0);
  const int error = errno;
  ::close(socket);
  if (length < static_cast<ssize_t>(sizeof(nlmsghdr)))
    return fail(ErrorCode::io_failed, std::string("asking sock_diag: ") + std::strerror(error));
  nlmsghdr header{};
  std::memcpy(&header, answer.data(), sizeof(header));
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
      static_cast<std::size_t>(length) < NLMSG_HDRLEN + sizeof(inet_diag_msg))
    return fail(ErrorCode::not_found, "the kernel knows no such socket");
  inet_diag_msg found{};
  std::memcpy(&found, answer.data() + NLMSG_HDRLEN, sizeof(found));
  return SocketIdentity{found.idiag_uid, found.idiag_inode};
}

Result<std::int32_t> LinuxSocketOwners::holder_of(const SocketIdentity& socket) {
  for (const auto& [pid, facts] : recent_)
    if (facts.uid == socket.uid && holds(pid, socket.inode)) return pid;
  const Directory processes("/proc");
  if (processes.handle == nullptr) return fail(ErrorCode::io_failed, "reading /proc");
  while (const dirent* entry = ::readdir(processes.handle)) {
    const auto pid = number_of(entry->d_name);
    if (!pid) continue;
    struct stat status{};
    // Only that user's processes: a scan of every descriptor of the machine takes too long.
    if (::fstatat(::dirfd(processes.handle), entry->d_name, &status, 0) != 0 || status.st_uid != socket.uid) continue;
    if (holds(*pid, socket.inode)) return *pid;
  }
  return fail(ErrorCode::not_found, "no process holds the socket any more");
}

Result<ProcessFacts> LinuxSocketOwners::facts_of(std::int32_t pid, std::uint32_t uid) {
  auto fresh = read_process(pid, uid);
  if (!fresh) return fresh;
  if (recent_.size() >= recent_limit) recent_.clear();
  recent_[pid] = *fresh;
  return fresh;
}

Result<ProcessFacts> LinuxSocketOwners::owner_of(const SocketEnd& client, const SocketEnd& server) {
  const auto socket = ask_kernel(client, server);
  if (!socket) return fail(socket.error());
  const auto pid = holder_of(*socket);
  if (!pid) return fail(pid.error());
  return facts_of(*pid, socket->uid);
}

}  // namespace sluice::agent
