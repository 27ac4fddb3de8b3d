// The device API of the console, one function per question. Blocking: called on the control thread and on workers.
//
// Threads: a ConsoleClient belongs to one thread at a time; each user makes its own (they share nothing).
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "agent/enrolment/identity.h"
#include "fetch/fetch.h"
#include "wire/device_api.h"

namespace sluice::agent {

struct ConsoleAddress {
  std::string url;  // without a trailing slash
  std::string pin;  // may be empty
};

struct DeviceFacts {
  std::string hostname;
  std::string os_version;
  std::string agent_version;
};
DeviceFacts facts_of_this_device();

class ConsoleClient {
 public:
  // `identity` null: only enrol() may be called.
  ConsoleClient(ConsoleAddress address, std::shared_ptr<const DeviceIdentity> identity);

  Result<DeviceIdentity> enrol(const Secret& token, const DeviceFacts& facts, std::stop_token stop = {});
  Result<DeviceIdentity> renew(std::stop_token stop = {});
  Result<wire::LeafResponse> leaf(const std::string& host, const std::string& csr);
  Result<void> inventory(const wire::Inventory& inventory);
  // Through which sequence the console holds the records now.
  Result<std::int64_t> events(const wire::EventsRequest& events);
  // The envelope, or nothing when there is none newer than `etag` after `wait`.
  Result<std::optional<std::string>> snapshot(const std::string& etag, std::chrono::seconds wait, std::stop_token stop);

 private:
  Result<std::string> post(const char* path, std::string body, std::stop_token stop = {});
  ConsoleAddress address_;
  std::shared_ptr<const DeviceIdentity> identity_;
  fetch::Fetcher fetcher_;
};

}  // namespace sluice::agent
