#include "stand_in.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/json.h"

namespace sluice::gateway {
namespace {

std::string read_line(int descriptor) {
  std::string line;
  for (char c = 0; ::read(descriptor, &c, 1) == 1 && c != '\n';) line.push_back(c);
  return line;
}

// A certificate for 127.0.0.1 that signs itself.
std::pair<std::string, std::string> make_certificate() {
  const auto folder = std::filesystem::temp_directory_path() / ("guard-providers-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string key = folder / "key.pem", certificate = folder / "certificate.pem";
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1 "
      "-addext subjectAltName=IP:127.0.0.1 -days 2 -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
  return {certificate, key};
}

}  // namespace

StandIn::StandIn(Transport transport) {
  std::vector<std::string> words{"python3", SLUICE_SOURCE_DIR "/tests/support/guard_providers/main.py"};
  if (transport == Transport::tls) {
    const auto [certificate, key] = make_certificate();
    words.insert(words.end(), {"--certificate", certificate, "--key", key});
  }
  std::array<int, 2> to{}, from{};
  EXPECT_EQ(::pipe2(to.data(), O_CLOEXEC), 0);
  EXPECT_EQ(::pipe2(from.data(), O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], 0);
  posix_spawn_file_actions_adddup2(&actions, from[1], 1);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  EXPECT_EQ(::posix_spawnp(&child_, "python3", &actions, nullptr, arguments.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  in_ = to[1];
  out_ = from[0];
  origin_ = (transport == Transport::tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + read_line(out_);
}

StandIn::~StandIn() {
  ::close(in_);  // ends with its input
  ::close(out_);
  if (child_ > 0) ::waitpid(child_, nullptr, 0);
}

std::string StandIn::ask(const std::string& line) {
  const std::string bytes = line + "\n";
  EXPECT_EQ(::write(in_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  return read_line(out_);
}

void StandIn::behave(const std::string& name, const std::string& behaviour) {
  EXPECT_EQ(ask(name + " " + behaviour), "ok");
}

std::string StandIn::make_google_key() {
  const auto output_of = [](const std::string& command) {
    std::string text;
    FILE* const pipe = ::popen(command.c_str(), "r");
    for (int c = 0; pipe != nullptr && (c = std::fgetc(pipe)) != EOF;) text.push_back(static_cast<char>(c));
    if (pipe != nullptr) ::pclose(pipe);
    return text;
  };
  const std::string pem = output_of("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null");
  const auto file = std::filesystem::temp_directory_path() / ("guard-providers-" + std::to_string(::getpid()) + ".key");
  std::ofstream(file) << pem;
  std::string modulus = output_of("openssl rsa -noout -modulus -in " + file.string() + " 2>/dev/null");
  std::filesystem::remove(file);
  modulus = modulus.substr(modulus.find('=') + 1);
  behave("google-modulus", modulus.substr(0, modulus.find('\n')));
  JsonWriter out;
  out.begin_object().field("type", "service_account").field("project_id", "p1").field("private_key_id", "key-1");
  out.field("private_key", pem).field("client_email", "guard@p1.iam.gserviceaccount.com");
  return out.field("token_uri", "https://oauth2.googleapis.com/token").end_object().take();
}

int StandIn::requests(const std::string& name) {
  return std::stoi(ask(name + " ?"));
}

policy::GuardProvider StandIn::provider(const std::string& kind, const std::string& name) const {
  policy::GuardProvider provider{.id = name, .kind = kind, .url = origin_ + "/@" + name};
  if (kind == "webhook") provider.url += "/hook";
  provider.credential = Secret(kind == "bedrock" ? "AKIDEXAMPLE:a+secret/of=the test" : "the-key");
  if (kind == "bedrock")
    provider.options = {{"region", "us-east-1"}, {"guardrail_id", "abc123"}, {"guardrail_version", "1"}};
  if (kind == "model_armor") provider.options = {{"project", "p1"}, {"location", "us-central1"}, {"template", "t1"}};
  if (kind == "patronus") provider.options = {{"evaluators", "judge=patronus:prompt-injection,pii"}};
  provider.timeout_ms = 10'000;  // a slow machine is no time-out; tests of those set their own
  return provider;
}

Task<std::string> Bench::check(std::string provider, std::vector<std::string_view> texts, policy::Surface surface,
                               Moment now) const {
  Result<ExternalResult> result = co_await runner.check(std::move(provider), surface, std::move(texts), now);
  if (!result) co_return std::string(reason_of(result.error()));
  const ExternalResult moved = std::move(*result);  // findings outlive a move
  std::string out;
  for (std::size_t i = 0; i < moved.findings.size(); ++i)
    for (const guard::Finding& finding : moved.findings[i]) {
      EXPECT_EQ(finding.detector, guard::Detector::external);
      out.append(out.empty() ? "" : "; ").append(std::to_string(i)).append(":");
      out.append(std::to_string(finding.start)).append("-").append(std::to_string(finding.end)).append(" ");
      out.append(finding.type).append(" ").append(finding.rule).append(finding.hit ? "" : " noted");
    }
  co_return out;
}

void on_a_loop(const std::vector<policy::GuardProvider>& providers, std::function<Task<void>(Bench)> play,
               Loopback loopback, std::shared_ptr<SharedByRunners> shared) {
  async::WorkerPool lookups(1);
  net::Resolver resolver(lookups);
  Metrics metrics;
  static const tls::TlsContext trust = *tls::TlsContext::client({});  // reads all of the system's authorities
  const auto run = [&]() -> Task<void> {
    UpstreamOptions options{
        .provider_trust = trust, .console_trust = std::nullopt, .allowed_private_networks = {}, .pool = {}};
    if (loopback == Loopback::allowed) options.allowed_private_networks = {*net::parse_network("127.0.0.0/8")};
    ExternalRunner runner(*async::EventLoop::current(), resolver, std::move(options), shared, metrics);
    runner.set_providers(providers);
    co_await play(Bench{runner, metrics});
  };
  async::run_to_end(run());
}

std::vector<policy::GuardProvider> list(policy::GuardProvider provider) {
  std::vector<policy::GuardProvider> all;
  all.push_back(std::move(provider));
  return all;
}

}  // namespace sluice::gateway
