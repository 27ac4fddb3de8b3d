// sluice: what the agent is doing and why, checks with remedies, verification of audit records.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>

#include "agent/cli/agent_client.h"
#include "agent/cli/audit_verify.h"
#include "agent/cli/command.h"
#include "agent/cli/doctor.h"
#include "agent/cli/guard_rules.h"
#include "agent/cli/guard_scan.h"
#include "agent/cli/policy_test.h"
#include "base/files.h"

namespace sluice::agent {
namespace {

constexpr std::size_t policy_test_limit = 64 * 1024 * 1024;

constexpr char default_socket[] = "/run/sluice/agent.sock";
constexpr char default_config[] = "/etc/sluice/agent.json";

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

std::string age_text(const JsonValue& status) {
  return std::to_string(number_at(status, "snapshot.epoch")) + "." +
         std::to_string(number_at(status, "snapshot.version")) + ", " +
         std::to_string(number_at(status, "snapshot.age_seconds")) + " s old";
}

void print_apps(const JsonValue& status) {
  const auto* apps = value_at(status, "apps");
  const auto* list = apps == nullptr ? nullptr : std::get_if<JsonArray>(&apps->data);
  if (list == nullptr || list->empty()) return;
  print("apps\n");
  for (const auto& app : *list) {
    const std::string user = text_at(app, "user");
    print("  " + text_at(app, "name") + " " + text_at(app, "version") + "  " + text_at(app, "decision") +
          (user.empty() ? "" : "  (" + user + ")") + "  " + text_at(app, "path") + "\n");
  }
}

int show_status(const CommandLine& line) {
  const bool json = line.has("--json");
  const auto text = ask_status(line.option("--socket").value_or(default_socket));
  const auto document = text ? parse_json(*text) : Result<JsonValue>(fail(text.error()));
  if (!document) {
    JsonWriter out;
    out.begin_object().field("state", "not_running").field("why", document.error().message()).end_object();
    print(json ? out.text() + "\n" : "not running: " + document.error().message() + "\n");
    return 1;
  }
  if (json) {
    print(*text + "\n");
    return 0;
  }
  const auto& status = *document;
  print(text_at(status, "state") + ": " + text_at(status, "why") + "\n");
  print("device    " +
        (truth_at(status, "enrolled") ? text_at(status, "device_id") + " of " + text_at(status, "org")
                                      : std::string("not enrolled")) +
        "\n");
  if (!text_at(status, "snapshot.not_after").empty()) print("policy    " + age_text(status) + "\n");
  print("capture   " + text_at(status, "capture.state") + " " + text_at(status, "capture.detail") + "\n");
  for (const std::string peer : {"console", "gateway"}) {
    const std::string error = text_at(status, peer + ".last_error");
    print(peer + "   " + text_at(status, peer + ".url") + (error.empty() ? "" : "  " + error) + "\n");
  }
  print("traffic   " + std::to_string(number_at(status, "counters.intercepted")) + " intercepted, " +
        std::to_string(number_at(status, "counters.spliced")) + " passed unread, " +
        std::to_string(number_at(status, "counters.refused")) + " refused, " +
        std::to_string(number_at(status, "counters.broken")) + " broken\n");
  print_apps(status);
  return 0;
}

int run_doctor(const CommandLine& line) {
  const std::string config = line.option("--config").value_or(default_config);
  const auto evidence = gather(config, line.option("--socket").value_or(default_socket));
  const auto checks = examine(evidence);
  print(to_text(checks));
  if (const auto file = line.option("--bundle")) {
    if (const auto done = write_file_atomically(*file, bundle(evidence, checks, config), 0600); !done) {
      std::fprintf(stderr, "sluice: %s\n", told(done.error()).c_str());
      return 1;
    }
    print("support archive: " + *file + "\n");
  }
  return healthy(checks) ? 0 : 1;
}

int verify_audit(const CommandLine& line) {
  const char* token = std::getenv("SLUICE_API_TOKEN");
  const auto report = verify_source({.place = line.operand,
                                     .pin = line.option("--pin").value_or(""),
                                     .checkpoint_key = line.option("--checkpoint-key").value_or(""),
                                     .api_token = Secret(token == nullptr ? "" : token)});
  if (!report) {
    std::fprintf(stderr, "sluice: %s\n", told(report.error()).c_str());
    return 1;
  }
  print(line.has("--json") ? report->to_json() + "\n" : report->to_text());
  return report->intact() ? 0 : 1;
}

int scan_texts(const CommandLine& line) {
  const std::string format = line.option("--input").value_or("jsonl");
  if (format != "jsonl") {
    std::fprintf(stderr, "sluice: --input: '%s' is not known; only jsonl is\n", format.c_str());
    return 2;
  }
  return guard_scan({.detectors = line.option("--detectors"),
                     .gitleaks_file = line.option("--gitleaks").value_or(""),
                     .builtin_secrets = !line.has("--no-builtin-secrets")},
                    stdin, stdout);
}

int test_policy(const CommandLine& line) {
  const std::string& place = line.operand;
  const auto text = read_file(place, policy_test_limit);
  const auto file =
      text ? parse_policy_test(*text,
                               [&](const std::string& path) {
                                 const std::filesystem::path named(path);
                                 const auto beside = std::filesystem::path(place).parent_path() / named;
                                 return read_file((named.is_absolute() ? named : beside).string(), policy_test_limit);
                               })
           : Result<PolicyTestFile>(fail(text.error()));
  const auto report = file ? run_policy_test(*file) : Result<PolicyReport>(fail(file.error()));
  if (!report) {
    std::fprintf(stderr, "sluice: %s: %s\n", place.c_str(), told(report.error()).c_str());
    return 2;
  }
  print(line.has("--json") ? to_json(*file, *report) : to_text(*file, *report));
  return report->differing() == 0 ? 0 : 1;
}

int run_command(const CommandLine& line) {
  switch (line.page->command) {
    case Command::status:
      return show_status(line);
    case Command::doctor:
      return run_doctor(line);
    case Command::audit_verify:
      return verify_audit(line);
    case Command::guard_scan:
      return scan_texts(line);
    case Command::guard_rules:
      return print(guard_rules_text()), 0;
    case Command::policy_test:
      return test_policy(line);
  }
  return 2;
}

int run(int argc, char** argv) {
  const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
  const auto line = read_command_line(words.empty() ? words : words.subspan(1));
  if (!line) {
    std::fprintf(stderr, "sluice: %s\nsluice --help shows the commands, sluice COMMAND --help what each takes.\n",
                 line.error().detail.c_str());
    return 2;
  }
  if (line->wants == CommandLine::Wants::version) return print("sluice " SLUICE_VERSION "\n"), 0;
  if (line->wants == CommandLine::Wants::help) return print(line->page ? page_text(*line->page) : overview()), 0;
  return run_command(*line);
}

}  // namespace
}  // namespace sluice::agent

int main(int argc, char** argv) {
  try {
    return sluice::agent::run(argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "sluice: %s\n", problem.what());
    return 1;
  }
}
