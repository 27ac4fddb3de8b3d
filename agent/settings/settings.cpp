#include "agent/settings/settings.h"

#include <array>

#include "tls/keys.h"

namespace sluice::agent {
namespace {

using config::Applies;
using config::Managed;
using config::Presence;
using config::Setting;
using config::Type;

constexpr std::array<std::string_view, 2> capture_modes{"redirect", "off"};
constexpr std::array<std::string_view, 3> rings{"stable", "early", "none"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};

constexpr std::array<Setting, 12> rows{{
    {.key = "console_url",
     .type = Type::url,
     .meaning = "Where devices enrol and check in: the console's device listener.",
     .presence = Presence::required,
     .managed = Managed::yes},
    {.key = "console_pin",
     .type = Type::text,
     .meaning =
         "The console's public key as sha256//BASE64. Empty: its certificate must verify against the system store.",
     .managed = Managed::yes},
    {.key = "gateway_url",
     .type = Type::url,
     .meaning = "The gateway's device listener, instead of the one that the policy names.",
     .managed = Managed::yes},
    {.key = "capture.mode",
     .type = Type::choice,
     .meaning = "redirect: outgoing TCP 443 of user sessions passes through the agent. off: nothing is captured.",
     .fallback = "redirect",
     .managed = Managed::yes,
     .choices = capture_modes},
    {.key = "capture.port",
     .type = Type::integer,
     .unit = "port",
     .meaning = "Where the agent listens on 127.0.0.1 and ::1; 0 takes any free port.",
     .fallback = "15443",
     .minimum = 0,
     .maximum = 65535},
    {.key = "enrolment_token_file",
     .type = Type::path,
     .meaning = "Holds the enrolment token; readable by root only.",
     .fallback = "/etc/sluice/enrolment-token"},
    {.key = "state_dir",
     .type = Type::path,
     .meaning = "Keys, policy and audit spool.",
     .fallback = "/var/lib/sluice/agent"},
    {.key = "run_as",
     .type = Type::text,
     .meaning = "The user of the traffic process; its own connections are not captured.",
     .fallback = "sluice"},
    {.key = "status_socket",
     .type = Type::path,
     .meaning = "Where the command line asks for the agent's state.",
     .fallback = "/run/sluice/agent.sock"},
    {.key = "updates.ring",
     .type = Type::choice,
     .meaning = "Which releases this device takes. Reserved: there is no updater yet.",
     .fallback = "stable",
     .managed = Managed::yes,
     .choices = rings},
    {.key = "audit.spool_limit",
     .type = Type::size,
     .meaning = "Largest size of the audit records that wait for the console.",
     .fallback = "64MiB",
     .minimum = 1024 * 1024},
    {.key = "log.level",
     .type = Type::choice,
     .meaning = "What is logged.",
     .fallback = "info",
     .applies = Applies::live,
     .choices = levels},
}};

Result<void> check(const config::Settings& settings) {
  const auto& pin = settings.text("console_pin");
  if (!pin.empty() && !tls::is_pin(pin))
    return fail(ErrorCode::invalid_argument, "console_pin: must be sha256// and the base64 of 32 bytes");
  for (const std::string_view key : {"console_url", "gateway_url"}) {
    const auto& url = settings.text(key);
    if (!url.empty() && !url.starts_with("https://"))
      return fail(ErrorCode::invalid_argument, std::string(key) + ": must begin with https://");
  }
  return {};
}

}  // namespace

const config::Table& settings_table() {
  static const config::Table table{.program = "sluice-agent",
                                   .summary = "Governs the AI traffic of this device.",
                                   .default_file = "/etc/sluice/agent.json",
                                   .settings = rows,
                                   .check = check};
  return table;
}

}  // namespace sluice::agent
