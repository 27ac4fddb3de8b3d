// What `sluice` says about itself, a page a command. This file is one table and long for that reason.
#include "agent/cli/command_pages.h"

#include <array>

namespace sluice::agent {
namespace {

constexpr CommandOption socket{"--socket", "PATH", "where the agent listens (default /run/sluice/agent.sock)"};

constexpr std::array status_options{CommandOption{"--json", {}, "the agent's own document, for programs"}, socket};

constexpr std::array doctor_options{
    CommandOption{"--bundle", "FILE", "also writes FILE: a support archive without secrets"},
    CommandOption{"--config", "FILE", "the agent's configuration (default /etc/sluice/agent.json)"}, socket};

constexpr std::array verify_options{
    CommandOption{"--pin", "PIN",
                  "the console's key, as `sluice-console pin` prints it; else its certificate must be\n"
                  "one that this machine trusts"},
    CommandOption{"--checkpoint-key", "KEY",
                  "base64 of the key that checkpoints are signed with; else the one that the\n"
                  "console names. Without either checkpoints are compared, not authenticated"},
    CommandOption{"--json", {}, "the result for programs"}};

constexpr std::array scan_options{
    CommandOption{"--detectors", "LIST", "some of secrets,pii,injection; default: all of them"},
    CommandOption{"--gitleaks", "FILE", "rules for secrets in gitleaks' TOML format, beside the built-in ones"},
    CommandOption{"--no-builtin-secrets", {}, "only the rules of FILE for secrets"},
    CommandOption{"--input", "jsonl", "the form of the input; there is no other"}};

constexpr std::array test_options{CommandOption{"--json", {}, "the result for programs"}};

constexpr std::array pages{
    CommandPage{
        .command = Command::status,
        .name = "status",
        .summary = "what the agent is doing and why",
        .text = "Exit status: 0 the agent answered, 1 it does not run or does not answer, 2 a wrong command line.\n",
        .options = status_options},
    CommandPage{
        .command = Command::doctor,
        .name = "doctor",
        .summary = "checks with remedies",
        .text = "Exit status: 0 nothing is wrong, 1 a check failed or FILE could not be written, 2 a wrong command\n"
                "line. As root it sees more.\n",
        .options = doctor_options},
    CommandPage{
        .command = Command::audit_verify,
        .name = "audit verify",
        .operand = "PATH|URL",
        .summary = "walks hash chains and signed checkpoints of audit records",
        .text = "PATH is a spool folder (state_dir/spool of a gateway or an agent), one of its segments, or a file\n"
                "of exported lines. URL is https://CONSOLE/api/audit/chains, or /api/audit/chains/ORIGIN for one\n"
                "chain; an API token of the console is taken from SLUICE_API_TOKEN.\n\n"
                "Exit status: 0 intact, 1 broken (the first record that does not fit is named) or nothing that\n"
                "could be verified was found there, 2 a wrong command line.\n",
        .options = verify_options},
    CommandPage{
        .command = Command::guard_scan,
        .name = "guard scan",
        .summary = "finds credentials, personal data and injected orders in texts from standard input",
        .text = "A JSON object a line in, a line out, in the same order:\n"
                "  {\"id\":\"1\",\"text\":\"…\",\"phase\":\"input\"}  →  {\"id\":\"1\",\"findings\":[…]}\n"
                "id comes back as it is; phase is \"input\" (what a model is sent, the default) or \"output\" (what\n"
                "it answers); other fields are ignored. A finding has detector, rule, type, start and end in bytes,\n"
                "and a score; \"hit\":true at or above its rule's threshold. The text found is not printed.\n\n"
                "Exit status: 0 every line was scanned, 1 a line or FILE could not be read (standard error says\n"
                "which; the scan ends there), 2 a wrong command line.\n",
        .no_operand = "it reads standard input: sluice guard scan < FILE",
        .options = scan_options},
    CommandPage{.command = Command::guard_rules,
                .name = "guard rules",
                .summary = "the built-in rules for secrets, whose names a guardrail may choose",
                .text = "A line a rule: its name, how it finds, and what it was compared with. {\"kind\":\"secrets\",\n"
                        "\"names\":[NAME, …]} in a rule's detectors asks for these alone.\n\n"
                        "Exit status: 0, 2 a wrong command line.\n"},
    CommandPage{
        .command = Command::policy_test,
        .name = "policy test",
        .operand = "FILE",
        .summary = "what guardrails would decide on the cases in FILE, with the rule that decided",
        .text =
            "FILE is {\"policy\":DOCUMENT or the path of one, \"cases\":[{\"name\",\"text\" or "
            "\"request\",\"subject\",\n"
            "\"surface\",\"expect\"}]}. A document alone (what the console exports) is no FILE: name it as policy.\n"
            "  {\"policy\":\"guardrails.json\",\"cases\":[{\"text\":\"Mail jo@example.org\",\"expect\":\"redact\"}]}\n"
            "surface is input (the default), tool_results, output or tool_arguments; expect is pass, shadow,\n"
            "flag, redact or block, or {\"decision\",\"rule\",\"text\"}. docs/guardrails.md describes all of it.\n\n"
            "Exit status: 0 all is as expected, 1 a case differs, 2 FILE, its policy or the command line is\n"
            "wrong.\n",
        .options = test_options},
};

}  // namespace

std::span<const CommandPage> command_pages() noexcept {
  return pages;
}

}  // namespace sluice::agent
