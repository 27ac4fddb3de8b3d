#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "agent/capture/rules.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/doctor.h"
#include "agent/settings/settings.h"
#include "agent/trust/trust_store.h"
#include "fetch/fetch.h"

namespace sluice::agent {
namespace {

// The output of a fixed command line (nothing from outside is part of it), or nothing when it fails.
std::optional<std::string> output_of(const char* command) {
  FILE* const pipe = ::popen(command, "re");
  if (pipe == nullptr) return std::nullopt;
  std::string text;
  std::array<char, 4096> piece{};
  while (const auto count = std::fread(piece.data(), 1, piece.size(), pipe)) text.append(piece.data(), count);
  const int status = ::pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::optional<bool> capture_table_exists() {
  if (::geteuid() != 0) return std::nullopt;
  const std::string command = std::string("/usr/sbin/nft list table inet ") + capture_table + " 2>/dev/null";
  return output_of(command.c_str()).has_value();
}

bool unit_exists() {
  for (const char* const folder : {"/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"})
    if (::access((std::string(folder) + "/sluice-agent.service").c_str(), F_OK) == 0) return true;
  return false;
}

// IMF-fixdate (RFC 9110 §5.6.7) of the console's answer.
std::optional<TimePoint> date_of(const fetch::Response& response) {
  const auto text = response.header("date");
  if (!text) return std::nullopt;
  std::tm time{};
  if (::strptime(std::string(*text).c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time) == nullptr) return std::nullopt;
  return std::chrono::time_point_cast<TimePoint::duration>(std::chrono::system_clock::from_time_t(::timegm(&time)));
}

void ask_console(const config::Settings& settings, Evidence& evidence) {
  fetch::Peer peer;
  peer.pin = settings.text("console_pin");
  // Any answer will do: without a client certificate this path is refused, and the refusal proves the connection.
  const fetch::Request request{.url = settings.text("console_url") + "/edge/v1/snapshot",
                               .timeout = std::chrono::seconds(10),
                               .connect_timeout = std::chrono::seconds(5)};
  const auto response = fetch::fetch_once(std::move(peer), request);
  if (!response) {
    evidence.console = response.error();
    return;
  }
  if (const auto date = date_of(*response))
    evidence.clock_ahead_seconds = std::chrono::duration_cast<std::chrono::seconds>(evidence.now - *date).count();
}

}  // namespace

Evidence gather(const std::string& config_file, const std::string& socket_path) {
  Evidence evidence;
  evidence.now = wall_now();
  evidence.config_file = config_file;
  evidence.has_unit = unit_exists();
  evidence.status = ask_status(socket_path);
  evidence.capture_table = capture_table_exists();
  const TrustStore trust("/", [](const std::vector<std::string>&) -> Result<void> { return {}; });
  evidence.environment_conflicts = trust.conflicts();
  if (evidence.status)
    if (const auto document = parse_json(*evidence.status))
      if (const auto root = text_at(*document, "root_ca"); !root.empty())
        evidence.root_in_store = trust.installed(root);
  // A login shell with an empty environment: only what the machine sets is in effect.
  evidence.login_node_extra = output_of("env -i HOME=\"$HOME\" /bin/sh -lc 'printf %s \"${NODE_EXTRA_CA_CERTS:-}\"'");
  evidence.login_ssl_cert_file = output_of("env -i HOME=\"$HOME\" /bin/sh -lc 'printf %s \"${SSL_CERT_FILE:-}\"'");
  const auto settings = config::load_settings(settings_table(), config_file);
  if (settings)
    ask_console(*settings, evidence);
  else
    evidence.configuration = settings.error();
  return evidence;
}

}  // namespace sluice::agent
