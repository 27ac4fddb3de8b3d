// The console as one object: everything it is made of, in the order of dependence (the composition root).
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "console_backend/ca/authority.h"
#include "net/address.h"

namespace sluice::console {

// What the settings say, in the form that the parts need.
struct ConsoleOptions {
  std::filesystem::path state_dir;
  net::Address listen_web;
  net::Address listen_devices;
  std::vector<std::string> server_names;
  std::string public_url, devices_url, gateway_url, contact;
  std::filesystem::path web_dir;  // empty: none
  std::int64_t retention_days = 365;
  std::string version;
};

class Console {
 public:
  // Opens the databases, loads the keys, publishes the first policy, listens. Errors say what to do: "run
  // 'sluice-console init'", the address that is taken, …
  static Result<std::unique_ptr<Console>> open(ConsoleOptions options, MasterKey master);
  ~Console();

  void run();  // until shut_down() is done
  // Any thread: no new connections, waits end, requests in progress finish within ten seconds, then run() returns.
  void shut_down();

  [[nodiscard]] net::Address web_address() const;  // with the port the system chose
  [[nodiscard]] net::Address devices_address() const;

 private:
  struct Parts;
  explicit Console(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::console
