// The traffic process: composition root of everything that holds keys, parses, and moves bytes. Unprivileged.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "agent/enrolment/console_client.h"
#include "net/address.h"

namespace sluice::agent {

struct TrafficOptions {
  ConsoleAddress console;
  std::string gateway_url;  // empty: the policy's
  std::filesystem::path state_dir;
  std::string status_socket;
  std::filesystem::path enrolment_token_file;  // only without a channel (tests): else the privileged process reads it
  std::uint16_t capture_port = 0;
  std::uint64_t spool_limit = 0;
  int channel = -1;  // to the privileged process; -1: none, then nothing is captured and the root counts as installed
  std::optional<net::Address> fake_destination;  // without a channel: where every connection was meant to go
};

// Until SIGTERM or SIGINT (then it drains), or the privileged process ends. The exit status.
int run_traffic(TrafficOptions options);

}  // namespace sluice::agent
