// sluice-agent: the privileged process (no role), and the roles that it starts: traffic, discover.
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <string>

#include "agent/app/privileged.h"
#include "agent/app/traffic.h"
#include "agent/discovery/installed.h"
#include "agent/platform/linux/child.h"
#include "agent/platform/linux/nft_table.h"
#include "agent/platform/linux/socket_owners.h"
#include "agent/settings/settings.h"
#include "config/command_line.h"
#include "log/log.h"
#include "tls/ca.h"
#include "tls/certificate.h"

namespace sluice::agent {
namespace {

constexpr std::array<config::Option, 4> options{{
    {"--role", "ROLE", "traffic or discover: the agent starts these itself"},
    {"--channel", "N", "the descriptor on which the privileged process listens"},
    {"--fake-destination", "ADDRESS", "for tests: where every connection was meant to go"},
    {"--remove-trust", "", "takes the interception root and its settings off this machine, and ends"},
}};
constexpr std::array<config::Command, 1> commands{{{"", "Runs the agent.", options}}};

log::Level level_named(std::string_view name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warning") return log::Level::warning;
  return name == "error" ? log::Level::error : log::Level::info;
}

std::string own_program() {
  std::array<char, 4096> path{};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string();
}

// One certificate, a CA, of an interception root: not an excuse to have any file trusted.
Result<void> acceptable_root(std::string_view pem) {
  const auto chain = tls::split_pem_chain(pem);
  if (!chain) return fail(chain.error());
  if (chain->size() != 1) return fail(ErrorCode::untrusted, "expected one certificate");
  const auto facts = tls::certificate_facts(pem);
  if (!facts) return fail(facts.error());
  if (!facts->is_ca || facts->subject_cn != facts->issuer_cn)
    return fail(ErrorCode::untrusted, "the certificate is not a root");
  const auto domains = tls::domains_permitted_by(pem);
  if (!domains || domains->empty()) return fail(ErrorCode::untrusted, "the root is not limited to domains");
  return {};
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65536);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TrustStore trust_store() {
  return TrustStore("/", [](const std::vector<std::string>& command) { return run_command(command); });
}

int run_privileged(const config::CommandLine& line) {
  const auto& settings = line.settings;
  const std::string program = own_program();
  PrivilegedOptions privileged;
  privileged.traffic_command = {program, "--config", line.file.string(), "--role", "traffic", "--channel", "3"};
  privileged.discovery_command = {program, "--config", line.file.string(), "--role", "discover"};
  privileged.run_as = ::geteuid() == 0 ? settings.text("run_as") : std::string();
  privileged.state_dir = settings.path("state_dir");
  privileged.socket_dir = settings.path("status_socket").parent_path();
  privileged.enrolment_token_file = settings.path("enrolment_token_file");
  privileged.capture = settings.text("capture.mode") == "redirect";
  raise_descriptor_limit();
  NftTable table;
  LinuxSocketOwners owners;
  TrustStore trust = trust_store();
  Privileged process(std::move(privileged), table, owners, trust, acceptable_root);
  return process.run();
}

int run_role_traffic(const config::CommandLine& line) {
  const auto& settings = line.settings;
  TrafficOptions traffic;
  traffic.console = {.url = settings.text("console_url"), .pin = settings.text("console_pin")};
  traffic.gateway_url = settings.text("gateway_url");
  traffic.state_dir = settings.path("state_dir");
  traffic.status_socket = settings.path("status_socket").string();
  traffic.enrolment_token_file = settings.path("enrolment_token_file");
  traffic.capture_port = static_cast<std::uint16_t>(settings.integer("capture.port"));
  traffic.spool_limit = settings.size("audit.spool_limit");
  if (const auto channel = line.option("--channel"))
    std::from_chars(channel->data(), channel->data() + channel->size(), traffic.channel);
  if (const auto fake = line.option("--fake-destination"); fake && traffic.channel < 0) {
    const auto address = net::parse_address(*fake);
    if (!address) return 2;
    traffic.fake_destination = *address;
  }
  return run_traffic(std::move(traffic));
}

int run_discovery() {
  const std::string text = to_json(installed_apps("/", homes_of("/")));
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? 0 : 1;
}

int run(int argc, char** argv) {
  const config::Program program{.table = settings_table(), .version = SLUICE_VERSION, .commands = commands};
  const auto line = config::run_command_line(program, argc, argv);
  if (!line) return line.error();
  const std::string role = line->option("--role").value_or("");
  log::start(role.empty() ? "sluice-agent" : "sluice-agent-" + role, level_named(line->settings.text("log.level")));
  if (line->has("--remove-trust")) {
    const auto removed = trust_store().remove();
    if (!removed) log::failure(log::Level::error, "trust.remove_failed", removed.error());
    return removed ? 0 : 1;
  }
  if (role == "traffic") return run_role_traffic(*line);
  if (role == "discover") return run_discovery();
  if (role.empty()) return run_privileged(*line);
  std::fprintf(stderr, "--role: must be traffic or discover\n");
  return 2;
}

}  // namespace
}  // namespace sluice::agent

int main(int argc, char** argv) {
  try {
    return sluice::agent::run(argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "sluice-agent: %s\n", problem.what());
    return 1;
  }
}
