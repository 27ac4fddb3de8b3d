// A console in this process, on ports of its own, and clients that speak HTTPS to it as others do.
#pragma once
#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "base/files.h"
#include "base/json.h"
#include "console_backend/app/console.h"
#include "console_backend/devices/enrolment_tokens.h"
#include "console_backend/identity/sign_in.h"
#include "fetch/fetch.h"
#include "tests/unit/console/fixture.h"
#include "wire/device_api.h"

namespace sluice::console {

inline JsonValue parsed(const std::string& text) {
  return must(parse_json(text));
}
// The text, number or truth value at a dotted path with indices ("error.code", "items.0.app"), as text; "" when absent.
inline std::string at(const JsonValue& document, std::string_view path) {
  const JsonValue* value = &document;
  while (!path.empty() && value != nullptr) {
    const std::string key(path.substr(0, path.find('.')));
    path.remove_prefix(std::min(path.size(), key.size() + 1));
    if (const auto* list = std::get_if<JsonArray>(&value->data)) {
      const std::size_t index = std::stoul(key);
      value = index < list->size() ? &(*list)[index] : nullptr;
    } else {
      value = value->find(key);
    }
  }
  if (value == nullptr) return "";
  if (const auto* text = std::get_if<std::string>(&value->data)) return *text;
  return JsonWriter().value(*value).take();
}

class RunningConsole {
 public:
  static constexpr const char* email = "ada@example.com";
  static constexpr const char* password = "correct horse battery";

  RunningConsole() {
    const Databases databases = must(open_databases(folder.path));
    const MasterKey master = master_key_from(Secret("a key of the tests"));
    must(initialise(databases, master, {{"Example Corp", {}, {"localhost"}}, email}, Secret("a passphrase"),
                    Secret(password), wall_now()));
    const Keys keys = must(databases.config->read([&](store::Session& session) { return load_keys(session, master); }));
    pin = keys.server.pin();
    policy_key = keys.policy.public_key();
    token = std::string(must(databases.config->write([](store::Session& session) {
                          return add_api_token(session, "tests", "ada", wall_now());
                        })).token.reveal());
    std::filesystem::create_directories(folder.path / "web" / "assets");
    must(write_file_atomically(folder.path / "web" / "index.html", "<!doctype html><title>Sluice</title>"));
    must(write_file_atomically(folder.path / "web" / "assets" / "app-1234.js", "export {};"));
    start();
  }
  ~RunningConsole() { stop(); }

  void start() {
    ConsoleOptions options;
    options.state_dir = folder.path;
    options.listen_web = options.listen_devices = must(net::parse_address("127.0.0.1:0"));
    options.server_names = {"localhost"};
    options.contact = "help@example.com";
    options.gateway_url = "https://gateway.example.com:8444";
    options.web_dir = folder.path / "web";
    options.version = "test";
    console = must(Console::open(std::move(options), master_key_from(Secret("a key of the tests"))));
    web = "https://127.0.0.1:" + std::to_string(console->web_address().port);
    devices = "https://127.0.0.1:" + std::to_string(console->devices_address().port);
    thread = std::thread([this] { console->run(); });
  }
  void stop() {
    if (!console) return;
    console->shut_down();
    thread.join();
    console.reset();
  }

  // A call of the administration API with the API token.
  fetch::Response call(const std::string& method, const std::string& path, const std::string& body = "",
                       fetch::Headers headers = {}) const {
    headers.emplace_back("authorization", "Bearer " + token);
    return anonymous(method, path, body, std::move(headers));
  }
  fetch::Response anonymous(const std::string& method, const std::string& path, const std::string& body = "",
                            fetch::Headers headers = {}) const {
    fetch::Request request;
    request.method = method;
    request.url = web + path;
    request.timeout = std::chrono::minutes(3);  // compiling guardrails with sanitizers on a busy machine
    request.headers = std::move(headers);
    request.body = body;
    fetch::Peer peer;
    peer.pin = pin;
    return must(fetch::fetch_once(std::move(peer), request));
  }

  // What another version might have stored.
  void config(const std::string& statement) const { run_in("config.db", statement); }
  // The console's own, for certificates that it would not sign itself.
  Keys keys() const {
    const auto database = must(store::Database::open(folder.path / "config.db"));
    const MasterKey master = master_key_from(Secret("a key of the tests"));
    return must(database->read([&](store::Session& session) { return load_keys(session, master); }));
  }
  void audit(const std::string& statement) const { run_in("audit.db", statement); }

  Folder folder;
  std::string pin, policy_key, token, web, devices;
  std::unique_ptr<Console> console;
  std::thread thread;

 private:
  void run_in(const char* name, const std::string& statement) const {
    const auto database = must(store::Database::open(folder.path / name));
    must(database->write([&](store::Session& session) { session.run(statement); }));
  }
};

// One console for all tests of the program; each test uses names of its own.
inline RunningConsole& running() {
  static RunningConsole console;
  return console;
}

// An enrolled device or gateway.
class Enrolled {
 public:
  explicit Enrolled(RunningConsole& console, wire::Party party = wire::Party::device, std::string hostname = "laptop")
      : console_(console), party_(party) {
    const std::string created = console
                                    .call("POST", "/api/enrolment-tokens",
                                          party == wire::Party::device ? R"({"for":"device"})" : R"({"for":"gateway"})")
                                    .body;
    Secret token(at(parsed(created), "token"));
    const std::string csr = must(tls::make_signing_request(key, hostname));
    const std::string body =
        party == wire::Party::device
            ? wire::print(wire::EnrolRequest{std::move(token), csr, hostname, "linux", "Debian 12", "0.1.0"})
            : wire::print(wire::GatewayEnrolRequest{std::move(token), csr, hostname});
    fetch::Peer peer;
    peer.pin = console.pin;
    fetch::Request request;
    request.method = "POST";
    request.url = console.devices + base() + "/enrol";
    request.body = body;
    facts = must(wire::parse_enrol_response(must(fetch::fetch_once(std::move(peer), request)).body, party));
  }

  fetch::Response call(const std::string& method, const std::string& path, const std::string& body = "",
                       fetch::Headers headers = {}) {
    fetch::Peer peer;
    peer.pin = console_.pin;
    peer.client_certificate_pem = facts.certificate;
    peer.client_key_pem = key.to_pem();
    fetch::Request request;
    request.method = method;
    request.url = console_.devices + base() + path;
    request.body = body;
    request.headers = std::move(headers);
    return must(fetch::fetch_once(std::move(peer), request));
  }
  [[nodiscard]] std::string base() const { return party_ == wire::Party::device ? "/edge/v1" : "/gateway/v1"; }

  tls::EcKey key = tls::EcKey::generate();
  wire::EnrolResponse facts;

 private:
  RunningConsole& console_;
  wire::Party party_;
};

}  // namespace sluice::console
