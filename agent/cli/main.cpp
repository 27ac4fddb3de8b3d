// sluice: what the agent is doing and why, checks with remedies, verification of audit records.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/cli/agent_client.h"
#include "agent/cli/audit_verify.h"
#include "agent/cli/doctor.h"
#include "agent/cli/guard_scan.h"
#include "agent/cli/policy_test.h"
#include "base/files.h"

namespace sluice::agent {
namespace {

constexpr const char* usage =
    "sluice status [--json]            what the agent is doing and why\n"
    "sluice doctor [--bundle FILE]     checks with remedies; FILE becomes a support archive without secrets\n"
    "sluice audit verify PATH|URL [--json] [--pin PIN] [--checkpoint-key KEY]\n"
    "                                  walks hash chains and signed checkpoints: a spool folder, a segment, exported\n"
    "                                  lines, or https://CONSOLE/api/audit/chains (token in SLUICE_API_TOKEN)\n"
    "sluice guard scan --input jsonl [--detectors LIST] [--gitleaks FILE] [--no-builtin-secrets]\n"
    "                                  finds credentials, personal data and injected orders in JSON lines "
    "{\"id\",\"text\",\"phase\"} from standard input "
    "and\n"
    "                                  writes {\"id\",\"findings\"} lines; FILE holds rules in gitleaks' TOML format\n"
    "sluice policy test FILE [--json]  what guardrails would decide on the cases in FILE, with the rule that decided: "
    "FILE is\n"
    "                                  {\"policy\":DOCUMENT or its path,\"cases\":[{\"text\" or "
    "\"request\",\"subject\",\"surface\",\n"
    "                                  \"expect\"}]}; exit 0 when all is as expected, 1 when a case differs, 2 when "
    "FILE is wrong\n"
    "Options: --config FILE (default /etc/sluice/agent.json), --socket PATH (default /run/sluice/agent.sock),\n"
    "         --version, --help\n";

constexpr std::size_t policy_test_limit = 64 * 1024 * 1024;

struct Arguments {
  std::vector<std::string> words;
  std::map<std::string, std::string, std::less<>> options;
  [[nodiscard]] std::string option(const char* name, const char* fallback) const {
    const auto found = options.find(name);
    return found == options.end() ? fallback : found->second;
  }
};

Result<Arguments> parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!word.starts_with("--")) {
      arguments.words.push_back(word);
      continue;
    }
    static const std::set<std::string, std::less<>> valued{"--config", "--socket",         "--bundle",    "--pin",
                                                           "--input",  "--checkpoint-key", "--detectors", "--gitleaks"};
    static const std::set<std::string, std::less<>> bare{"--json", "--version", "--help", "--no-builtin-secrets"};
    const bool with_value = valued.contains(word);
    if (!with_value && !bare.contains(word)) return fail(ErrorCode::invalid_argument, word + ": unknown option");
    if (with_value && i + 1 == argc) return fail(ErrorCode::invalid_argument, word + ": a value is missing");
    arguments.options[word] = with_value ? argv[++i] : "";
  }
  return arguments;
}

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

int show_status(const Arguments& arguments) {
  const bool json = arguments.options.contains("--json");
  const auto text = ask_status(arguments.option("--socket", "/run/sluice/agent.sock"));
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

int run_doctor(const Arguments& arguments) {
  const std::string config = arguments.option("--config", "/etc/sluice/agent.json");
  const auto evidence = gather(config, arguments.option("--socket", "/run/sluice/agent.sock"));
  const auto checks = examine(evidence);
  print(to_text(checks));
  if (const std::string file = arguments.option("--bundle", ""); !file.empty()) {
    if (const auto done = write_file_atomically(file, bundle(evidence, checks, config), 0600); !done) {
      std::fprintf(stderr, "sluice: %s\n", done.error().message().c_str());
      return 1;
    }
    print("support archive: " + file + "\n");
  }
  return healthy(checks) ? 0 : 1;
}

int verify_audit(const Arguments& arguments, const std::string& place) {
  const char* token = std::getenv("SLUICE_API_TOKEN");
  const auto report = verify_source({.place = place,
                                     .pin = arguments.option("--pin", ""),
                                     .checkpoint_key = arguments.option("--checkpoint-key", ""),
                                     .api_token = Secret(token == nullptr ? "" : token)});
  if (!report) {
    std::fprintf(stderr, "sluice: %s\n", report.error().message().c_str());
    return 1;
  }
  print(arguments.options.contains("--json") ? report->to_json() + "\n" : report->to_text());
  return report->intact() ? 0 : 1;
}

int scan_texts(const Arguments& arguments) {
  const std::string format = arguments.option("--input", "jsonl");
  if (format != "jsonl") {
    std::fprintf(stderr, "sluice: --input: '%s' is not known; only jsonl is\n", format.c_str());
    return 2;
  }
  return guard_scan({.detectors = arguments.option("--detectors", ""),
                     .gitleaks_file = arguments.option("--gitleaks", ""),
                     .builtin_secrets = !arguments.options.contains("--no-builtin-secrets")},
                    stdin, stdout);
}

int test_policy(const Arguments& arguments, const std::string& place) {
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
    std::fprintf(stderr, "sluice: %s: %s\n", place.c_str(), report.error().message().c_str());
    return 2;
  }
  print(arguments.options.contains("--json") ? to_json(*file, *report) : to_text(*file, *report));
  return report->differing() == 0 ? 0 : 1;
}

int run(int argc, char** argv) {
  const auto arguments = parse(argc, argv);
  if (!arguments) {
    std::fprintf(stderr, "sluice: %s\n%s", arguments.error().detail.c_str(), usage);
    return 2;
  }
  if (arguments->options.contains("--version")) return print("sluice " SLUICE_VERSION "\n"), 0;
  if (arguments->options.contains("--help")) return print(usage), 0;
  const auto& words = arguments->words;
  if (words.size() == 1 && words[0] == "status") return show_status(*arguments);
  if (words.size() == 1 && words[0] == "doctor") return run_doctor(*arguments);
  if (words.size() == 3 && words[0] == "audit" && words[1] == "verify") return verify_audit(*arguments, words[2]);
  if (words.size() == 3 && words[0] == "policy" && words[1] == "test") return test_policy(*arguments, words[2]);
  if (words.size() == 2 && words[0] == "guard" && words[1] == "scan") return scan_texts(*arguments);
  std::fputs(usage, stderr);
  return 2;
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
