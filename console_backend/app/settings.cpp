#include "console_backend/app/settings.h"

#include "console_backend/app/commands.h"

namespace sluice::console {

namespace {

using config::Applies;
using config::Presence;
using config::Setting;
using config::Type;

constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};

constexpr Setting settings[] = {
    {.key = "listen.web",
     .type = Type::address,
     .meaning = "Where administrators reach the web console and the REST API (HTTPS).",
     .fallback = "0.0.0.0:8443"},
    {.key = "listen.devices",
     .type = Type::address,
     .meaning = "Where devices and gateways reach the console (HTTPS with client certificates).",
     .fallback = "0.0.0.0:8445"},
    {.key = "state_dir",
     .type = Type::path,
     .meaning = "The folder of the databases and, unless given elsewhere, of the master key.",
     .fallback = "/var/lib/sluice/console"},
    {.key = "server_names",
     .type = Type::texts,
     .meaning = "Host names and IP addresses in the console's certificate; the first names it to devices.",
     .fallback = "localhost"},
    {.key = "public_url",
     .type = Type::url,
     .meaning = "The URL that administrators type; requests that change something are taken from this origin too.",
     .fallback = ""},
    {.key = "org.name",
     .type = Type::text,
     .meaning = "The organisation, as certificates and refusals name it. Fixed by init.",
     .fallback = "",
     .presence = Presence::required},
    {.key = "org.contact",
     .type = Type::text,
     .meaning = "Whom people may ask when a request was refused; shown in the refusal.",
     .fallback = ""},
    {.key = "gateway_url",
     .type = Type::url,
     .meaning = "Where devices reach the gateway; sent to them with the policy.",
     .fallback = ""},
    {.key = "master_key",
     .type = Type::secret,
     .meaning =
         "The secret under which private keys and provider keys are sealed, at least 16 characters. Empty: it is "
         "read from master_key_file.",
     .fallback = ""},
    {.key = "master_key_file",
     .type = Type::path,
     .meaning = "The file of the master key (mode 0600), made by init. Empty: master.key in state_dir.",
     .fallback = ""},
    {.key = "ca.domains",
     .type = Type::texts,
     .meaning = "Domains that the CAs may sign for, besides Sluice's registry of AI domains. Set them before init: "
                "the root is limited to them for its ten years, and ca-reissue can only narrow that.",
     .fallback = ""},
    {.key = "web_dir",
     .type = Type::path,
     .meaning = "The folder of the web console's files. Empty: share/sluice/web beside the program.",
     .fallback = ""},
    {.key = "retention_days",
     .type = Type::integer,
     .unit = "days",
     .meaning = "How long audit rows are kept.",
     .fallback = "365",
     .minimum = 1,
     .maximum = 36500},
    {.key = "log.level",
     .type = Type::choice,
     .meaning = "What is written to the log.",
     .fallback = "info",
     .applies = Applies::live,
     .choices = levels},
};

Result<void> check(const config::Settings& values) {
  for (std::string_view key : {"listen.web", "listen.devices"}) {
    if (Result<net::Address> address = listen_address(values, key); !address) return fail(address.error());
  }
  if (values.texts("server_names").empty()) {
    return fail(ErrorCode::invalid_argument, "server_names: at least one name is needed");
  }
  if (values.text("org.name").empty() || values.text("org.name").size() > 64) {
    return fail(ErrorCode::invalid_argument, "org.name: must have 1 to 64 characters");  // X.520: ub-organization-name
  }
  const Secret& master = values.secret("master_key");
  if (!master.empty() && master.reveal().size() < 16) {
    return fail(ErrorCode::invalid_argument, "master_key: must have at least 16 characters");
  }
  return {};
}

}  // namespace

const config::Table& settings_table() {
  static const config::Table table{
      .program = "sluice-console",
      .summary = "Identities, policy, keys, audit and the web console of a Sluice deployment.",
      .default_file = "/etc/sluice/console.json",
      .settings = settings,
      .check = check};
  return table;
}

}  // namespace sluice::console
