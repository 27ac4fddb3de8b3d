// The gateway's settings table, and what the program makes of it.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/spool.h"
#include "config/settings.h"
#include "gateway/app/worker.h"
#include "gateway/snapshot/identity.h"
#include "log/log.h"

namespace sluice::gateway {

extern const config::Table settings_table;

struct Configuration {
  std::string version{};  // of the program; set by main
  net::Address api, devices, metrics;
  std::filesystem::path state_folder;
  ConsoleAddress console;
  std::filesystem::path enrolment_token_file;  // may be empty
  std::string name;                            // told to the console: the first of server_names, or the host's name
  std::size_t threads = 1;
  std::optional<Destination> admin_relay;
  std::filesystem::path upstream_ca_file;  // empty: the system's
  std::vector<net::Network> allowed_private_networks;
  http::Limits limits;
  std::size_t connection_limit = 10'000;
  audit::Fsync fsync = audit::Fsync::batch;
  std::uint64_t spool_limit = 1ULL << 30;
  // live
  LiveSettings live;
  std::chrono::milliseconds drain_time{30'000};
  log::Level level = log::Level::info;
};

// Errors name the key. The values were validated one by one; this adds what needs several of them.
Result<Configuration> configuration_of(const config::Settings& settings);

// The first start needs a token; later ones have an identity. What this user may not look into is not judged.
Result<void> needs_of(const config::Settings& settings);

}  // namespace sluice::gateway
