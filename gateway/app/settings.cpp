#include "gateway/app/settings.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

#include "tls/keys.h"

namespace sluice::gateway {
namespace {

using config::Applies;
using config::Presence;
using config::Setting;
using config::Type;

constexpr std::array<std::string_view, 3> fsync_choices{"never", "batch", "each"};
constexpr std::array<std::string_view, 2> on_full_choices{"refuse", "pass_counted"};
constexpr std::array<std::string_view, 4> level_choices{"debug", "info", "warning", "error"};

constexpr std::array rows{
    Setting{.key = "listen.api",
            .type = Type::address,
            .meaning = "Where API clients connect, in plain HTTP.",
            .fallback = "127.0.0.1:8080"},
    Setting{.key = "listen.devices",
            .type = Type::address,
            .meaning = "Where devices connect, with TLS and their client certificate.",
            .fallback = "0.0.0.0:8444"},
    Setting{.key = "listen.metrics",
            .type = Type::address,
            .meaning = "/metrics, /healthz and /readyz.",
            .fallback = "127.0.0.1:9464"},
    Setting{.key = "state_dir",
            .type = Type::path,
            .meaning = "Identity, last good policy and audit spool.",
            .fallback = "/var/lib/sluice/gateway"},
    Setting{.key = "console_url",
            .type = Type::url,
            .meaning = "The console's devices listener.",
            .presence = Presence::required},
    Setting{.key = "console_pin",
            .type = Type::text,
            .meaning = "The console's public key as sha256//BASE64 (sluice-console pin).",
            .presence = Presence::required},
    Setting{
        .key = "enrolment_token_file",
        .type = Type::path,
        .meaning = "A file with the one-time token; needed until state_dir holds an identity, not read afterwards."},
    Setting{.key = "server_names",
            .type = Type::texts,
            .unit = "names",
            .meaning = "Names under which devices reach this gateway; the first is its name in the console."},
    Setting{.key = "threads",
            .type = Type::integer,
            .meaning = "Worker threads; 0: one for each core.",
            .fallback = "0",
            .maximum = 256},
    Setting{.key = "admin_relay",
            .type = Type::url,
            .meaning = "The console's web listener, relayed on listen.api when that is a loopback address."},
    Setting{.key = "upstream.ca_file",
            .type = Type::path,
            .meaning = "CAs that providers' certificates must chain to, instead of the system's."},
    Setting{.key = "upstream.allowed_private_networks",
            .type = Type::texts,
            .unit = "networks",
            .meaning = "Special-purpose networks (private, loopback, link-local, …) that providers may live in."},
    Setting{.key = "upstream.connect_time",
            .type = Type::duration,
            .meaning = "For name, connection and TLS to a provider.",
            .fallback = "10s",
            .applies = Applies::live,
            .minimum = 100,
            .maximum = 120'000},
    Setting{.key = "upstream.response_time",
            .type = Type::duration,
            .meaning = "From the request being sent to the head of the answer.",
            .fallback = "10m",
            .applies = Applies::live,
            .minimum = 1000,
            .maximum = 3'600'000},
    Setting{.key = "upstream.idle_time",
            .type = Type::duration,
            .meaning = "Between two pieces of an answer.",
            .fallback = "5m",
            .applies = Applies::live,
            .minimum = 1000,
            .maximum = 3'600'000},
    Setting{.key = "limits.head",
            .type = Type::size,
            .meaning = "Largest request head.",
            .fallback = "64KiB",
            .minimum = 4096,
            .maximum = 1024 * 1024},
    Setting{.key = "limits.body",
            .type = Type::size,
            .meaning = "Largest request body, also after decompression.",
            .fallback = "32MiB",
            .applies = Applies::live,
            .minimum = 1024,
            .maximum = 1024LL * 1024 * 1024},
    Setting{.key = "limits.connections",
            .type = Type::integer,
            .unit = "connections",
            .meaning = "Connections of each listener and worker; more are closed at once.",
            .fallback = "10000",
            .minimum = 1,
            .maximum = 1'000'000},
    Setting{.key = "limits.idle_time",
            .type = Type::duration,
            .meaning = "A connection without a request.",
            .fallback = "2m",
            .minimum = 1000,
            .maximum = 3'600'000},
    Setting{
        .key = "audit.fsync",
        .type = Type::choice,
        .meaning = "When records are forced to disk: what a loss of power may take. A crash of the program takes none.",
        .fallback = "batch",
        .choices = fsync_choices},
    Setting{.key = "audit.spool_limit",
            .type = Type::size,
            .meaning = "Records kept while the console is away.",
            .fallback = "1GiB",
            .minimum = 64 * 1024},
    Setting{.key = "audit.on_full",
            .type = Type::choice,
            .meaning = "When the spool takes no record: refuse requests, or pass them and count what is not recorded.",
            .fallback = "refuse",
            .applies = Applies::live,
            .choices = on_full_choices},
    Setting{.key = "drain_time",
            .type = Type::duration,
            .meaning = "What requests in progress get after SIGTERM before they are cut.",
            .fallback = "30s",
            .applies = Applies::live,
            .maximum = 3'600'000},
    Setting{.key = "log.level",
            .type = Type::choice,
            .meaning = "What is logged to stderr.",
            .fallback = "info",
            .applies = Applies::live,
            .choices = level_choices},
};

// Host names are taken as addresses only where listening makes sense of them.
Result<net::Address> listen_address(const config::Settings& settings, std::string_view key) {
  const config::Address& given = settings.address(key);
  std::string host = given.host.empty() ? "0.0.0.0" : given.host == "localhost" ? "127.0.0.1" : given.host;
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  Result<net::Address> address = net::parse_address(host + ":" + std::to_string(given.port));
  if (!address) return fail(address.error().during(key));
  return address;
}

bool is_loopback(const net::Address& address) noexcept {
  if (!address.v6) return address.bytes[0] == 127;
  return std::all_of(address.bytes.begin(), address.bytes.end() - 1, [](std::uint8_t b) { return b == 0; }) &&
         address.bytes[15] == 1;
}

log::Level level_named(std::string_view name) noexcept {
  const auto index = std::ranges::find(level_choices, name) - level_choices.begin();
  return static_cast<log::Level>(index);
}

std::string own_name(const std::vector<std::string>& server_names) {
  if (!server_names.empty()) return server_names.front();
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "gateway";
  return name.data();
}

Result<void> check(const config::Settings& settings) {
  const Result<Configuration> configuration = configuration_of(settings);
  if (!configuration) return fail(configuration.error());
  return {};
}

}  // namespace

const config::Table settings_table{.program = "sluice-gateway",
                                   .summary = "Decides on AI requests and forwards them to their providers.",
                                   .default_file = "/etc/sluice/gateway.json",
                                   .settings = rows,
                                   .check = check};

Result<Configuration> configuration_of(const config::Settings& settings) {
  Configuration made;
  for (auto [address, key] : {std::pair(&made.api, "listen.api"), std::pair(&made.devices, "listen.devices"),
                              std::pair(&made.metrics, "listen.metrics")}) {
    Result<net::Address> parsed = listen_address(settings, key);
    if (!parsed) return fail(parsed.error());
    *address = *parsed;
  }
  made.state_folder = settings.path("state_dir");
  made.console = {.url = settings.text("console_url"), .pin = settings.text("console_pin")};
  if (!made.console.url.starts_with("https://"))
    return fail(ErrorCode::invalid_argument, "console_url: must begin with https://");
  if (!tls::is_pin(made.console.pin))
    return fail(ErrorCode::invalid_argument, "console_pin: must be sha256// and the base64 of 32 bytes");
  made.enrolment_token_file = settings.path("enrolment_token_file");
  made.name = own_name(settings.texts("server_names"));
  made.threads = static_cast<std::size_t>(settings.integer("threads"));
  if (made.threads == 0) made.threads = std::max(1U, std::thread::hardware_concurrency());
  if (const std::string& relay = settings.text("admin_relay"); !relay.empty()) {
    if (!is_loopback(made.api))
      return fail(ErrorCode::invalid_argument, "admin_relay: only when listen.api is a loopback address");
    Result<Destination> destination = destination_of_url(relay, DestinationTrust::console);
    if (!destination) return fail(destination.error().during("admin_relay"));
    made.admin_relay = std::move(*destination);
  }
  made.upstream_ca_file = settings.path("upstream.ca_file");
  for (const std::string& text : settings.texts("upstream.allowed_private_networks")) {
    Result<net::Network> network = net::parse_network(text);
    if (!network) return fail(network.error().during("upstream.allowed_private_networks"));
    made.allowed_private_networks.push_back(*network);
  }
  made.limits.head = settings.size("limits.head");
  made.limits.idle_time = settings.duration("limits.idle_time");
  made.connection_limit = static_cast<std::size_t>(settings.integer("limits.connections"));
  made.fsync = audit::fsync_from_name(settings.text("audit.fsync")).value_or(audit::Fsync::batch);
  made.spool_limit = settings.size("audit.spool_limit");
  made.live.body_limit = settings.size("limits.body");
  made.live.connect_time = settings.duration("upstream.connect_time");
  made.live.response_time = settings.duration("upstream.response_time");
  made.live.idle_time = settings.duration("upstream.idle_time");
  made.live.on_full = settings.text("audit.on_full") == "refuse" ? OnFull::refuse : OnFull::pass_counted;
  made.drain_time = settings.duration("drain_time");
  made.level = level_named(settings.text("log.level"));
  return made;
}

Result<void> needs_of(const config::Settings& settings) {
  if (!settings.path("enrolment_token_file").empty()) return {};
  const std::filesystem::path state = settings.path("state_dir");
  if (IdentityStore(state).may_be_there()) return {};
  return fail(ErrorCode::invalid_argument,
              "enrolment_token_file: is needed, because " + state.string() +
                  " holds no identity yet: `sluice-console token --for gateway` prints a token for that file");
}

}  // namespace sluice::gateway
