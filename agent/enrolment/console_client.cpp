#include "agent/enrolment/console_client.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <array>

#include "base/files.h"
#include "tls/keys.h"

namespace sluice::agent {
namespace {

fetch::Peer peer_of(const ConsoleAddress& address, const DeviceIdentity* identity) {
  fetch::Peer peer;
  peer.pin = address.pin;
  if (identity != nullptr) {
    peer.client_certificate_pem = identity->certificate;
    peer.client_key_pem = identity->key_pem.duplicate();
  }
  return peer;
}

std::string os_version() {
  const auto text = read_file("/etc/os-release", 64 * 1024);
  if (text) {
    constexpr std::string_view key = "PRETTY_NAME=\"";
    const auto start = text->find(key);
    if (start != std::string::npos) {
      const auto begin = start + key.size();
      return text->substr(begin, text->find('"', begin) - begin);
    }
  }
  utsname name{};
  return ::uname(&name) == 0 ? std::string(name.sysname) + " " + name.release : "Linux";
}

}  // namespace

DeviceFacts facts_of_this_device() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return {.hostname = name.data(), .os_version = os_version(), .agent_version = SLUICE_VERSION};
}

ConsoleClient::ConsoleClient(ConsoleAddress address, std::shared_ptr<const DeviceIdentity> identity)
    : address_(std::move(address)), identity_(std::move(identity)), fetcher_(peer_of(address_, identity_.get())) {}

Result<std::string> ConsoleClient::post(const char* path, std::string body, std::stop_token stop) {
  fetch::Request request{.method = "POST", .url = address_.url + path, .body = std::move(body)};
  request.headers.emplace_back("content-type", "application/json");
  auto response = fetcher_.fetch(request, stop);
  if (!response) return fail(response.error());
  if (response->status < 200 || response->status > 299)
    return fail(wire::parse_error_response(response->body, response->status));
  return std::move(response->body);
}

Result<DeviceIdentity> ConsoleClient::enrol(const Secret& token, const DeviceFacts& facts, std::stop_token stop) {
  const auto key = tls::EcKey::generate();
  const auto csr = tls::make_signing_request(key, facts.hostname);
  if (!csr) return fail(csr.error());
  const wire::EnrolRequest request{.token = token.duplicate(),
                                   .csr = *csr,
                                   .hostname = facts.hostname,
                                   .platform = "linux",
                                   .os_version = facts.os_version,
                                   .agent_version = facts.agent_version};
  const auto answer = post("/edge/v1/enrol", wire::print(request), stop);
  if (!answer) return fail(answer.error());
  auto response = wire::parse_enrol_response(*answer, wire::Party::device);
  if (!response) return fail(response.error());
  DeviceIdentity identity;
  identity.device_id = std::move(response->id);
  identity.org = std::move(response->org);
  identity.certificate = std::move(response->certificate);
  identity.identity_ca = std::move(response->identity_ca);
  identity.policy_key = std::move(response->policy_key);
  identity.root_ca = std::move(response->root_ca);
  identity.key_pem = key.to_pem();
  if (auto dated = read_dates(identity); !dated) return fail(dated.error());
  return identity;
}

Result<DeviceIdentity> ConsoleClient::renew(std::stop_token stop) {
  const auto key = tls::EcKey::from_pem(identity_->key_pem);
  if (!key) return fail(key.error());
  const auto csr = tls::make_signing_request(*key, identity_->device_id);
  if (!csr) return fail(csr.error());
  const auto answer = post("/edge/v1/renew", wire::print(wire::RenewRequest{*csr}), stop);
  if (!answer) return fail(answer.error());
  auto response = wire::parse_renew_response(*answer);
  if (!response) return fail(response.error());
  DeviceIdentity identity = identity_->duplicate();
  identity.certificate = std::move(response->certificate);
  if (auto dated = read_dates(identity); !dated) return fail(dated.error());
  return identity;
}

Result<wire::LeafResponse> ConsoleClient::leaf(const std::string& host, const std::string& csr) {
  const auto answer = post("/edge/v1/leaf", wire::print(wire::LeafRequest{host, csr}));
  if (!answer) return fail(answer.error());
  return wire::parse_leaf_response(*answer);
}

Result<void> ConsoleClient::inventory(const wire::Inventory& inventory) {
  const auto answer = post("/edge/v1/inventory", wire::print(inventory));
  if (!answer) return fail(answer.error());
  return {};
}

Result<std::int64_t> ConsoleClient::events(const wire::EventsRequest& events) {
  const auto answer = post("/edge/v1/events", wire::print(events));
  if (!answer) return fail(answer.error());
  const auto response = wire::parse_events_response(*answer);
  if (!response) return fail(response.error());
  return response->accepted_through;
}

Result<std::optional<std::string>> ConsoleClient::snapshot(const std::string& etag, std::chrono::seconds wait,
                                                           std::stop_token stop) {
  fetch::Request request{.method = "GET",
                         .url = address_.url + "/edge/v1/snapshot?wait=" + std::to_string(wait.count()),
                         .timeout = wait + std::chrono::seconds(15)};
  if (!etag.empty()) request.headers.emplace_back("if-none-match", etag);
  auto response = fetcher_.fetch(request, stop);
  if (!response) return fail(response.error());
  if (response->status == 304) return std::optional<std::string>();
  if (response->status != 200) return fail(wire::parse_error_response(response->body, response->status));
  return std::optional<std::string>(std::move(response->body));
}

}  // namespace sluice::agent
