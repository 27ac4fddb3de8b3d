#include <netdb.h>

#include <map>
#include <mutex>

#include "base/handle.h"
#include "net/net.h"
#include "net/socket_stream.h"

namespace sluice::net {
namespace {

constexpr auto keep = std::chrono::seconds(30);
constexpr std::size_t most_entries = 4096;

Result<std::vector<Address>> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* raw = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &raw);
  const Handle<addrinfo, ::freeaddrinfo> list(raw);
  if (code != 0) return fail(ErrorCode::resolve_failed, host + ": " + ::gai_strerror(code));
  std::vector<Address> out;
  for (const addrinfo* entry = raw; entry != nullptr; entry = entry->ai_next)
    out.push_back(from_sockaddr(entry->ai_addr, entry->ai_addrlen));
  if (out.empty()) return fail(ErrorCode::resolve_failed, host + " has no address");
  return out;
}

}  // namespace

struct Resolver::State {
  explicit State(async::WorkerPool& workers) : pool(workers) {}
  struct Entry {
    std::vector<Address> addresses;
    SteadyPoint until;
  };
  async::WorkerPool& pool;
  std::mutex mutex;
  std::map<std::string, Entry> entries;

  std::optional<std::vector<Address>> find(const std::string& host) {
    const std::lock_guard lock(mutex);
    const auto found = entries.find(host);
    if (found == entries.end() || found->second.until <= steady_now()) return std::nullopt;
    return found->second.addresses;
  }
  void store(const std::string& host, const std::vector<Address>& addresses) {
    const std::lock_guard lock(mutex);
    if (entries.size() >= most_entries) entries.clear();
    entries[host] = {addresses, steady_now() + keep};
  }
};

Resolver::Resolver(async::WorkerPool& pool) : state_(std::make_shared<State>(pool)) {}
Resolver::~Resolver() = default;

Task<Result<std::vector<Address>>> Resolver::resolve(std::string host, std::uint16_t port, Deadline deadline) {
  const std::shared_ptr<State> state = state_;
  std::optional<std::vector<Address>> addresses = state->find(host);
  if (!addresses) {
    Result<std::vector<Address>> fresh = co_await state->pool.run([&host] { return look_up(host); });
    if (!fresh) co_return fail(fresh.error());
    state->store(host, *fresh);
    addresses = std::move(*fresh);
  }
  if (steady_now() >= deadline) co_return fail(ErrorCode::timed_out, "resolving " + host);
  for (Address& address : *addresses) address.port = port;
  co_return std::move(*addresses);
}

}  // namespace sluice::net
