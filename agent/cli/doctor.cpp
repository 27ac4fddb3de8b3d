#include "agent/cli/doctor.h"

#include "agent/cli/agent_client.h"
#include "agent/trust/trust_store.h"
#include "base/files.h"

namespace sluice::agent {
namespace {

constexpr std::int64_t clock_tolerance_seconds = 300;

const char* sign_of(Health health) {
  switch (health) {
    case Health::good:
      return "ok  ";
    case Health::warning:
      return "warn";
    case Health::bad:
      return "FAIL";
    case Health::skipped:
      return "skip";
  }
  return "";
}

const char* name_of(Health health) {
  switch (health) {
    case Health::good:
      return "good";
    case Health::warning:
      return "warning";
    case Health::bad:
      return "bad";
    case Health::skipped:
      return "skipped";
  }
  return "";
}

Check check_enrolment(const JsonValue& status, TimePoint now) {
  if (!truth_at(status, "enrolled"))
    return {
        "enrolment", Health::bad, "this device is not enrolled",
        "place an enrolment token in the file that enrolment_token_file names; see `sluice status` for the last error"};
  const auto until = from_rfc3339(text_at(status, "certificate_not_after"));
  if (until && *until < now)
    return {"enrolment", Health::bad, "the device certificate has expired",
            "reach the console once within 30 days of its end, else enrol again"};
  return {"enrolment", Health::good, "enrolled as " + text_at(status, "device_id") + " of " + text_at(status, "org"),
          ""};
}

Check check_snapshot(const JsonValue& status, TimePoint now) {
  const auto* snapshot = value_at(status, "snapshot");
  if (snapshot == nullptr || std::holds_alternative<std::nullptr_t>(snapshot->data))
    return {"snapshot", Health::bad, "no policy has come yet", "check that the console can be reached"};
  const auto until = from_rfc3339(text_at(status, "snapshot.not_after"));
  const std::string version =
      std::to_string(number_at(status, "snapshot.epoch")) + "." + std::to_string(number_at(status, "snapshot.version"));
  if (until && *until < now)
    return {"snapshot", Health::bad, "policy " + version + " has expired, so everything passes unread",
            "check that the console can be reached"};
  const bool compiling = text_at(status, "snapshot.guardrails") == "compiling";
  return {"snapshot", Health::good,
          "policy " + version + " is in force" + (compiling ? "; its guardrails are being compiled" : ""), ""};
}

Check check_capture(const JsonValue& status, const std::optional<bool>& table) {
  const std::string state = text_at(status, "capture.state");
  if (state == "off") return {"capture", Health::warning, "capture is off", "set capture.mode to redirect"};
  if (state != "capturing")
    return {"capture", Health::bad, "nothing is captured: " + text_at(status, "capture.detail"),
            "see the agent's log; nft must be installed and no other program may hold the table sluice_capture"};
  if (!table)
    return {"capture", Health::good, "the agent says that it captures (the table was not looked at: not root)", ""};
  if (!*table)
    return {"capture", Health::bad, "the agent says that it captures, but the kernel has no such table",
            "restart the agent; if it comes back, another program removes the table"};
  return {"capture", Health::good, "the capture table is in force", ""};
}

Check check_store(const JsonValue& status, const std::optional<bool>& in_store) {
  if (!in_store) return {"trust store", Health::skipped, "the interception root is not known yet", ""};
  if (*in_store) return {"trust store", Health::good, "the interception root is in the system store", ""};
  return {
      "trust store", Health::bad,
      "the interception root is not in the system store: " + text_at(status, "trust.detail"),
      "run update-ca-certificates (Debian) or update-ca-trust (Fedora) and look at its errors; then restart the agent"};
}

void check_environment(const Evidence& evidence, std::vector<Check>& checks) {
  if (!evidence.login_node_extra) {
    checks.push_back({"login environment", Health::skipped, "no login shell could be run", ""});
    return;
  }
  if (*evidence.login_node_extra == root_certificate_path) {
    checks.push_back({"login environment", Health::good, "Node.js programs get the root by NODE_EXTRA_CA_CERTS", ""});
  } else if (evidence.login_node_extra->empty()) {
    checks.push_back(
        {"login environment", Health::bad, "NODE_EXTRA_CA_CERTS is not set in a login shell",
         "is /etc/profile.d/sluice.sh there, and does the shell read /etc/profile? Sign in anew after a repair"});
  } else {
    checks.push_back({"login environment", Health::warning,
                      "NODE_EXTRA_CA_CERTS names another file: " + *evidence.login_node_extra,
                      "append " + std::string(root_certificate_path) + " to that file; it was left alone on purpose"});
  }
  if (evidence.login_ssl_cert_file && !evidence.login_ssl_cert_file->empty())
    checks.push_back(
        {"SSL_CERT_FILE", Health::warning,
         "SSL_CERT_FILE replaces the system store for some programs (Codex, Python): " + *evidence.login_ssl_cert_file,
         "append " + std::string(root_certificate_path) + " to that file, or set CODEX_CA_CERTIFICATE"});
  for (const auto& conflict : evidence.environment_conflicts)
    checks.push_back(
        {"environment", Health::warning, conflict, "see that it includes " + std::string(root_certificate_path)});
}

Check check_gateway(const JsonValue& status) {
  const std::string url = text_at(status, "gateway.url");
  if (url.empty()) return {"gateway", Health::skipped, "no gateway is known yet", ""};
  const std::string error = text_at(status, "gateway.last_error");
  if (!error.empty())
    return {"gateway", Health::bad, url + ": " + error, "is the gateway running, and may this device reach its port?"};
  if (text_at(status, "gateway.last_success").empty())
    return {"gateway", Health::skipped, url + " was not needed yet", ""};
  return {"gateway", Health::good, url + " was reached", ""};
}

std::string how_to_start(const Evidence& evidence) {
  if (evidence.configuration) return "the configuration comes first: see above";
  if (evidence.has_unit) return "systemctl start sluice-agent, and journalctl -u sluice-agent for its log";
  return "start it as root, and look at what it says: sluice-agent --config " + evidence.config_file;
}

Check check_configuration(const Evidence& evidence) {
  if (!evidence.configuration) return {"configuration", Health::good, evidence.config_file + " was read", ""};
  if (evidence.configuration->code == ErrorCode::not_found)
    return {"configuration", Health::bad, evidence.config_file + " does not exist",
            "write it, with at least console_url, or name the one that is used with --config FILE; `sluice-agent "
            "--help` lists the settings"};
  if (evidence.configuration->code == ErrorCode::forbidden)
    return {"configuration", Health::bad, evidence.config_file + " may not be read by this user",
            "run `sluice doctor` as root"};
  return {"configuration", Health::bad, evidence.config_file + ": " + evidence.configuration->detail,
          "correct it; `sluice-agent --config " + evidence.config_file + " --check-config` says when it is good"};
}

Check check_console(const Evidence& evidence) {
  if (evidence.configuration) return {"console", Health::skipped, "not asked: the configuration is not known", ""};
  if (!evidence.console) return {"console", Health::good, "reachable, and its key is the pinned one", ""};
  return {"console", Health::bad, evidence.console->message(),
          evidence.console->code == ErrorCode::untrusted
              ? "console_pin does not fit the console's key: `sluice-console pin` prints the right one"
              : "is console_url right, and may this device reach it?"};
}

Check check_clock(const std::optional<std::int64_t>& ahead) {
  if (!ahead) return {"clock", Health::skipped, "the console's time is not known", ""};
  if (*ahead > clock_tolerance_seconds || *ahead < -clock_tolerance_seconds)
    return {"clock", Health::bad, "this machine's clock is " + std::to_string(*ahead) + " s ahead of the console's",
            "set the clock: certificates and policies depend on it"};
  return {"clock", Health::good, "agrees with the console's", ""};
}

}  // namespace

std::vector<Check> examine(const Evidence& evidence) {
  std::vector<Check> checks{check_configuration(evidence)};
  const auto document =
      evidence.status ? parse_json(*evidence.status) : Result<JsonValue>(fail(evidence.status.error()));
  if (!document) {
    checks.push_back(
        {"service", Health::bad, "the agent does not answer: " + document.error().detail, how_to_start(evidence)});
  } else {
    checks.push_back({"service", Health::good,
                      "sluice-agent " + text_at(*document, "version") + ": " + text_at(*document, "why"), ""});
    checks.push_back(check_enrolment(*document, evidence.now));
    checks.push_back(check_snapshot(*document, evidence.now));
    checks.push_back(check_capture(*document, evidence.capture_table));
    checks.push_back(check_store(*document, evidence.root_in_store));
  }
  check_environment(evidence, checks);
  checks.push_back(check_console(evidence));
  if (document) checks.push_back(check_gateway(*document));
  checks.push_back(check_clock(evidence.clock_ahead_seconds));
  return checks;
}

bool healthy(const std::vector<Check>& checks) {
  for (const auto& check : checks)
    if (check.health == Health::bad) return false;
  return true;
}

std::string to_text(const std::vector<Check>& checks) {
  std::string text;
  for (const auto& check : checks) {
    text += std::string(sign_of(check.health)) + "  " + check.name + ": " + check.finding + "\n";
    if (!check.remedy.empty()) text += "      " + check.remedy + "\n";
  }
  return text;
}

std::string bundle(const Evidence& evidence, const std::vector<Check>& checks, const std::string& config_file) {
  JsonWriter json;
  json.begin_object().field("format", "sluice.support.v1").field("time", evidence.now);
  json.key("checks").begin_array();
  for (const auto& check : checks)
    json.begin_object()
        .field("name", check.name)
        .field("health", name_of(check.health))
        .field("finding", check.finding)
        .field("remedy", check.remedy)
        .end_object();
  json.end_array();
  const auto status = evidence.status ? parse_json(*evidence.status) : Result<JsonValue>(fail(ErrorCode::not_found));
  json.key("status");
  if (status)
    json.value(*status);
  else
    json.null();
  const auto config = read_file(config_file, 256 * 1024);
  json.field("configuration", config ? *config : config.error().message());
  const auto os = read_file("/etc/os-release", 64 * 1024);
  json.field("os_release", os ? *os : std::string());
  return json.end_object().take();
}

}  // namespace sluice::agent
