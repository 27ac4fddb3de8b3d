#include <algorithm>
#include <filesystem>

#include "console_backend/app/commands.h"

namespace sluice::console {

namespace {

// Installed beside the program, or in the source tree that it was built from.
std::filesystem::path find_web_dir() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const char* place : {"../share/sluice/web", "../../../console_backend/web/dist"}) {
    const std::filesystem::path candidate = folder / place;
    if (std::filesystem::exists(candidate / "index.html", error)) return std::filesystem::weakly_canonical(candidate);
  }
  return {};
}

}  // namespace

Result<net::Address> listen_address(const config::Settings& settings, std::string_view key) {
  const config::Address& given = settings.address(key);
  const std::string host = given.host.empty() ? "0.0.0.0" : given.host == "localhost" ? "127.0.0.1" : given.host;
  const bool v6 = host.find(':') != std::string::npos;
  Result<net::Address> address = net::parse_address((v6 ? "[" + host + "]" : host) + ":" + std::to_string(given.port));
  if (!address) return fail(ErrorCode::invalid_argument, std::string(key) + ": must be an IP address and a port");
  return address;
}

Result<ConsoleOptions> options_from(const config::Settings& settings) {
  ConsoleOptions options;
  Result<net::Address> web = listen_address(settings, "listen.web");
  if (!web) return fail(web.error());
  Result<net::Address> devices = listen_address(settings, "listen.devices");
  if (!devices) return fail(devices.error());
  options.listen_web = *web;
  options.listen_devices = *devices;
  options.state_dir = settings.path("state_dir");
  options.server_names = settings.texts("server_names");
  options.public_url = settings.text("public_url");
  options.devices_url = "https://" + options.server_names.front() + ":" + std::to_string(devices->port);
  options.gateway_url = settings.text("gateway_url");
  options.contact = settings.text("org.contact");
  options.web_dir = settings.path("web_dir");
  if (options.web_dir.empty()) options.web_dir = find_web_dir();
  options.retention_days = settings.integer("retention_days");
  options.version = SLUICE_VERSION;
  return options;
}

}  // namespace sluice::console
