// Checks of `sluice doctor`: each says what was looked at, how it stands, and what to do about it.
//
// Judgement is apart from looking: examine() is pure over what gather() found, so that every verdict has a test.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace sluice::agent {

enum class Health : std::uint8_t { good, warning, bad, skipped };

struct Check {
  std::string name;  // stable: "service", "capture", …
  Health health = Health::good;
  std::string finding;
  std::string remedy;  // empty when there is nothing to do
};

// What was found on the machine.
struct Evidence {
  Result<std::string> status = fail(ErrorCode::connect_failed);  // the agent's status document
  std::optional<bool> capture_table;            // in the kernel; nothing: not allowed to look (needs root)
  std::optional<bool> root_in_store;            // nothing: the root is not known
  std::optional<std::string> login_node_extra;  // NODE_EXTRA_CA_CERTS of a login shell; nothing: it did not run
  std::optional<std::string> login_ssl_cert_file;
  std::vector<std::string> environment_conflicts;
  std::string config_file;
  std::optional<Error> configuration;               // nothing: it was read; else nobody could ask the console
  bool has_unit = false;                            // systemd knows sluice-agent
  std::optional<Error> console;                     // nothing: reachable with its pin
  std::optional<std::int64_t> clock_ahead_seconds;  // of the console's; nothing: not known
  TimePoint now{};
};

Evidence gather(const std::string& config_file, const std::string& socket_path);
std::vector<Check> examine(const Evidence& evidence);

std::string to_text(const std::vector<Check>& checks);
// A support archive: one JSON document with checks, status, versions and configuration. Nothing in it is secret: the
// configuration file holds none by rule, the status none by construction; keys and tokens are not read.
std::string bundle(const Evidence& evidence, const std::vector<Check>& checks, const std::string& config_file);
[[nodiscard]] bool healthy(const std::vector<Check>& checks);

}  // namespace sluice::agent
