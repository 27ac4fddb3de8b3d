// kill -9 in the middle of intake: what was acknowledged is there, and the origin goes on where it was.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <csignal>

#include "audit/chain.h"
#include "base/encoding.h"
#include "base/random.h"
#include "console_backend/activity/intake.h"
#include "console_backend/activity/requests.h"
#include "console_backend/devices/enrolment.h"
#include "tests/contract/console_fixture.h"

extern char** environ;  // NOLINT: POSIX names it so

namespace sluice::console {
namespace {

// The program itself, in a process of its own.
class Program {
 public:
  explicit Program(const std::filesystem::path& folder) : folder_(folder), config_(folder / "console.json") {
    must(write_file_atomically(config_, R"({"listen":{"web":"127.0.0.1:0","devices":"127.0.0.1:0"},"state_dir":")" +
                                            folder.string() + R"(","org":{"name":"Example Corp"}})"));
  }
  ~Program() { kill(); }

  // Starts it and reads the ports from its log.
  void start() {
    const std::filesystem::path log = folder_ / "console.log";
    std::filesystem::remove(log);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    std::string program = SLUICE_BINARY_DIR "/bin/sluice-console", flag = "--config", file = config_.string();
    char* arguments[] = {program.data(), flag.data(), file.data(), nullptr};
    ASSERT_EQ(::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    for (const Deadline until = in(std::chrono::seconds(30)); steady_now() < until;) {
      const std::string text = read_file(log).value_or("");
      const std::size_t ready = text.find("\"console.ready\"");
      if (ready != std::string::npos && text.find('\n', ready) != std::string::npos) {
        const JsonValue line =
            parsed(text.substr(text.rfind('\n', ready) + 1, text.find('\n', ready) - text.rfind('\n', ready) - 1));
        devices = "https://" + at(line, "devices");
        return;
      }
      std::this_thread::yield();
    }
    FAIL() << "the console did not start: " << read_file(log).value_or("");
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  std::string devices;

 private:
  std::filesystem::path folder_, config_;
  pid_t pid_ = -1;
};

struct Spool {
  explicit Spool(std::string name) : origin(std::move(name)) {
    audit::Hash last = audit::chain_start(origin);
    for (std::uint64_t i = 1; i <= 2000; ++i) {
      audit::Refusal one{wall_now(), {}, {}};
      one.request.request_id = "req_" + std::to_string(i);
      const audit::ChainedLine line = audit::chain(audit::draft(one, random_bytes(16)), "\"" + origin + "\"", i, last);
      last = line.hash;
      lines.push_back(line.text);
    }
  }
  std::string origin;
  std::vector<std::string> lines;
};

TEST(ConsoleCrash, kill_9_during_intake_loses_nothing_that_was_acknowledged) {
  Folder folder;
  const MasterKey master = must(master_key_from_file(folder.path / "master.key", WhenAbsent::create));
  std::string pin;
  wire::EnrolResponse gateway;
  const tls::EcKey key = tls::EcKey::generate();
  {
    const Databases databases = must(open_databases(folder.path));
    must(initialise(databases, master, {{"Example Corp", {}, {"localhost"}}, "ada@example.com"}, Secret("a passphrase"),
                    Secret("correct horse battery"), wall_now()));
    const Keys keys = must(databases.config->read([&](store::Session& s) { return load_keys(s, master); }));
    pin = keys.server.pin();
    Secret token =
        std::move(must(databases.config->write([](store::Session& s) {
                    return add_enrolment_token(s, wire::Party::gateway, std::chrono::hours(1), 1, "ada", wall_now());
                  })).token);
    gateway = must(enrol_gateway(*databases.config, keys,
                                 {std::move(token), must(tls::make_signing_request(key, "gw")), "gw"}, wall_now()));
  }
  const Spool spool(gateway.id);
  Program program(folder.path);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 5; ++round) {
    program.start();
    fetch::Peer peer;
    peer.pin = pin;
    peer.client_certificate_pem = gateway.certificate;
    peer.client_key_pem = key.to_pem();
    fetch::Fetcher fetcher(std::move(peer));
    // The kill falls on a batch that is under way.
    std::thread killer;
    for (int batch = 0; acknowledged < 2000; ++batch) {
      const auto first = spool.lines.begin() + acknowledged;
      const auto last = first + std::min<std::int64_t>(20, 2000 - acknowledged);
      fetch::Request request;
      request.method = "POST";
      request.url = program.devices + "/gateway/v1/events";
      request.body = wire::print(wire::EventsRequest{spool.origin, {first, last}});
      if (batch == 3 + round) killer = std::thread([&] { program.kill(); });
      Result<fetch::Response> answer = fetcher.fetch(request);
      if (!answer) break;
      ASSERT_EQ(answer->status, 200) << answer->body;
      acknowledged = must(wire::parse_events_response(answer->body)).accepted_through;
    }
    if (killer.joinable()) killer.join();
    program.kill();
    const Databases databases = must(open_databases(folder.path));
    const std::int64_t stored =
        must(databases.audit->read([](store::Session& s) { return s.number("SELECT COUNT(*) AS n FROM requests"); }));
    EXPECT_GE(stored, acknowledged);
    EXPECT_EQ(must(databases.audit->read([](store::Session& s) { return findings(s, 10); })).size(), 0U);
    EXPECT_EQ(must(databases.audit->read(
                  [](store::Session& s) { return s.number("SELECT MAX(sequence) - COUNT(*) AS n FROM events"); })),
              0);
  }
  EXPECT_GT(acknowledged, 0);
}

}  // namespace
}  // namespace sluice::console
