// The command line of `sluice` says what is wrong with it, and each command what it takes.
#include "agent/cli/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/cli/command_pages.h"
#include "agent/cli/guard_rules.h"
#include "agent/cli/guard_scan.h"
#include "guard/secrets/builtin.h"

namespace sluice::agent {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Result<CommandLine> read(std::initializer_list<const char*> words) {
  return read_command_line(std::span(words.begin(), words.size()));
}

std::string mistake_in(std::initializer_list<const char*> words) {
  const auto line = read(words);
  return line ? std::string("accepted") : line.error().detail;
}

TEST(CommandLine, TakesACommandWithItsOperandAndOptionsInAnyOrder) {
  const auto line = read({"--pin", "sha256//x", "audit", "verify", "spool", "--json"});
  ASSERT_TRUE(line) << line.error().detail;
  EXPECT_EQ(line->page->command, Command::audit_verify);
  EXPECT_EQ(line->operand, "spool");
  EXPECT_EQ(line->option("--pin"), "sha256//x");
  EXPECT_TRUE(line->has("--json"));
  EXPECT_EQ(line->option("--checkpoint-key"), std::nullopt);
}

TEST(CommandLine, NamesAWordThatItDoesNotKnow) {
  EXPECT_THAT(mistake_in({"bogus"}), AllOf(HasSubstr("no command 'bogus'"), HasSubstr("guard scan, guard rules")));
  EXPECT_EQ(mistake_in({"guard", "bogus"}), "there is no command 'guard bogus'; there are: guard scan, guard rules");
  EXPECT_EQ(mistake_in({"audit"}), "'audit' is half of: audit verify");
  EXPECT_THAT(mistake_in({}), HasSubstr("a command is missing: status"));
  EXPECT_EQ(mistake_in({"status", "--bogus"}), "there is no option '--bogus'");
  EXPECT_EQ(mistake_in({"status", "--pin", "x"}), "status: there is no option '--pin'");
}

TEST(CommandLine, NamesAnOperandThatIsMissingOrNotTaken) {
  EXPECT_EQ(mistake_in({"policy", "test"}), "policy test: FILE is missing");
  EXPECT_EQ(mistake_in({"audit", "verify", "a", "b"}), "audit verify: 'b' is one too many: it takes one PATH|URL");
  EXPECT_EQ(mistake_in({"guard", "scan", "lines"}),
            "guard scan: 'lines' is not taken: it reads standard input: sluice guard scan < FILE");
}

TEST(CommandLine, RefusesAnOptionWithoutItsValue) {
  EXPECT_EQ(mistake_in({"guard", "scan", "--detectors"}), "--detectors: a value is missing (LIST)");
  EXPECT_EQ(mistake_in({"guard", "scan", "--detectors", ""}), "--detectors: a value is missing (LIST)");
}

TEST(CommandLine, ShowsThePageOfACommandWhateverElseIsThere) {
  EXPECT_EQ(read({"--help"})->page, nullptr);
  const auto line = read({"guard", "scan", "--help"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->wants, CommandLine::Wants::help);
  EXPECT_EQ(line->page->command, Command::guard_scan);
  EXPECT_EQ(read({"policy", "test", "-h"})->page->command, Command::policy_test);
}

TEST(CommandLine, TellsAnErrorOfItsInputWithoutAPreface) {
  EXPECT_EQ(told(Error{ErrorCode::not_found, "x is not there"}), "x is not there");
  EXPECT_EQ(told(Error{ErrorCode::untrusted, "x"}), Error(ErrorCode::untrusted, "x").message());
  EXPECT_EQ(told(Error{ErrorCode::malformed, ""}), Error(ErrorCode::malformed, "").message());
}

TEST(CommandPages, TellTheirOptionsAndExitStatuses) {
  for (const CommandPage& page : command_pages()) {
    const std::string text = page_text(page);
    EXPECT_THAT(text, HasSubstr("Exit status: 0")) << page.name;
    for (const CommandOption& option : page.options)
      EXPECT_THAT(text, HasSubstr("\n  " + std::string(option.name))) << page.name;
    EXPECT_THAT(overview(), HasSubstr("\n  " + std::string(page.name) + " ")) << page.name;
  }
  const std::string scan = page_text(*read({"guard", "scan", "--help"})->page);
  EXPECT_THAT(scan,
              AllOf(HasSubstr("secrets,pii,injection"), HasSubstr("\"input\" (what"), HasSubstr("\"output\" (what")));
}

TEST(GuardScan, RefusesADetectorThatThereIsNot) {
  std::vector<std::string> notes;
  for (const char* const list : {"", "nothing", "secrets,", "secrets,,pii"}) {
    const auto scanner = GuardScanner::make({.detectors = list}, notes);
    ASSERT_FALSE(scanner) << list;
    EXPECT_EQ(scanner.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(scanner.error().detail, HasSubstr("none of injection pii secrets"));
  }
}

TEST(GuardRules, AreListedByNameALineEach) {
  const std::string text = guard_rules_text();
  const auto rules = guard::builtin_secret_rules();
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), rules.size());
  for (const guard::SecretRule& rule : rules) EXPECT_THAT("\n" + text, HasSubstr("\n" + rule.id + " "));
  EXPECT_THAT(text, HasSubstr("by its form; docs.aws.amazon.com"));
}

}  // namespace
}  // namespace sluice::agent
