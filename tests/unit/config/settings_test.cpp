#include "config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/json.h"
#include "sample_table.h"

namespace sluice::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string problem(std::string_view json) {
  const auto settings = parse_settings(sample_table, json);
  return settings ? "accepted" : settings.error().detail;
}

TEST(Settings, HaveTheirDefaults) {
  const auto settings = parse_settings(sample_table, R"({"state_dir":"/var/lib/sluice"})");
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->path("state_dir"), "/var/lib/sluice");
  EXPECT_EQ(settings->address("listen.api"), (Address{"127.0.0.1", 8080}));
  EXPECT_EQ(settings->address("listen.metrics"), Address{});
  EXPECT_EQ(settings->text("console_url"), "");
  EXPECT_EQ(settings->integer("threads"), 0);
  EXPECT_EQ(settings->size("limits.body"), 32U << 20);
  EXPECT_EQ(settings->duration("limits.wait"), std::chrono::seconds(30));
  EXPECT_EQ(settings->text("log.level"), "info");
  EXPECT_TRUE(settings->boolean("relay"));
  EXPECT_THAT(settings->texts("names"), ElementsAre("localhost", "127.0.0.1"));
  EXPECT_TRUE(settings->secret("master_key").empty());
  EXPECT_TRUE(settings->given("state_dir"));
  EXPECT_FALSE(settings->given("threads"));
}

TEST(Settings, TakeWhatTheFileSays) {
  const auto settings = parse_settings(sample_table, R"({"state_dir":"/s","listen":{"api":"[::1]:81","metrics":":9"},
      "console_url":"https://console:8445/","org":{"name":""},"threads":64,"limits":{"body":4096,"wait":"1m"},
      "log":{"level":"debug"},"relay":false,"names":[],"master_key":"k"})");
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->address("listen.api"), (Address{"::1", 81}));
  EXPECT_EQ(settings->address("listen.metrics"), (Address{"", 9}));
  EXPECT_EQ(settings->text("console_url"), "https://console:8445");
  EXPECT_EQ(settings->text("org.name"), "");
  EXPECT_EQ(settings->size("limits.body"), 4096U);
  EXPECT_EQ(settings->duration("limits.wait"), std::chrono::minutes(1));
  EXPECT_FALSE(settings->boolean("relay"));
  EXPECT_TRUE(settings->texts("names").empty());
  EXPECT_EQ(settings->secret("master_key").reveal(), "k");
}

TEST(Settings, NameTheWrongFieldByItsPath) {
  const auto with = [](std::string_view more) { return problem(R"({"state_dir":"/s",)" + std::string(more) + "}"); };
  EXPECT_EQ(problem("{}"), "state_dir: is missing");
  EXPECT_EQ(problem("[]"), "the document must be an object");
  EXPECT_EQ(problem(R"({"state_dir":"relative"})"), "state_dir: must be an absolute path");
  EXPECT_EQ(problem(R"({"state_dir":""})"), "state_dir: must not be empty");
  EXPECT_EQ(with(R"("listen":{"apy":":1"})"), "listen.apy: is not a known setting");
  EXPECT_EQ(with(R"("listen":":1")"), "listen: must be an object");
  EXPECT_EQ(with(R"("liste":1)"), "liste: is not a known setting");
  EXPECT_EQ(with(R"("listen.api":":1")"), "listen.api: is not a known setting");
  EXPECT_EQ(with(R"("listen":{"api":":1","api":":2"})"), "listen.api: stands twice");
  EXPECT_EQ(with(R"("listen":{"api":"8080"})"), "listen.api: must be an address with a port, like 127.0.0.1:8080");
  EXPECT_EQ(with(R"("listen":{"api":"a:70000"})"), "listen.api: must end with a port from 0 to 65535");
  EXPECT_EQ(with(R"("listen":{"api":"::1:80"})"), "listen.api: must have an IPv6 address in brackets, like [::1]:8080");
  EXPECT_EQ(with(R"("threads":65)"), "threads: must be from 0 to 64");
  EXPECT_EQ(with(R"("threads":"4")"), "threads: must be a whole number");
  EXPECT_EQ(with(R"("threads":1.5)"), "threads: must be a whole number");
  EXPECT_EQ(with(R"("threads":null)"), "threads: must be a whole number");
  EXPECT_EQ(with(R"("limits":{"body":"1KB"})"), "limits.body: must be a number with a unit, like 64KiB, 32MiB or 1GiB");
  EXPECT_EQ(with(R"("limits":{"body":1})"), "limits.body: must be from 1024 to 1073741824 bytes");
  EXPECT_EQ(with(R"("limits":{"wait":"90s"})"), "limits.wait: must be from 1000 to 60000 ms");
  EXPECT_EQ(with(R"("limits":{"wait":30})"), "limits.wait: must be a string");
  EXPECT_EQ(with(R"("limits":{"wait":"9223372036854775807d"})"), "limits.wait: is too large");
  EXPECT_EQ(with(R"("log":{"level":"trace"})"), "log.level: must be one of: debug, info");
  EXPECT_EQ(with(R"("relay":"yes")"), "relay: must be true or false");
  EXPECT_EQ(with(R"("names":["a",2])"), "names: entry 1 must be a string");
  EXPECT_EQ(with(R"("names":"a")"), "names: must be a list of strings");
  EXPECT_EQ(with(R"("console_url":"console:8445")"), "console_url: must begin with https:// or http://");
  EXPECT_EQ(with(R"("console_url":"https://")"), "console_url: must be a URL with a host and without a user name");
  EXPECT_EQ(with(R"("console_url":"https://u:p@host")"),
            "console_url: must be a URL with a host and without a user name");
}

TEST(Settings, TakeSecretsFromTheEnvironmentAndRefuseVaults) {
  ::setenv("SLUICE_TEST_KEY", "from the environment", 1);
  const auto settings = parse_settings(sample_table, R"({"state_dir":"/s","master_key":"env.SLUICE_TEST_KEY"})");
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->secret("master_key").reveal(), "from the environment");
  ::unsetenv("SLUICE_TEST_KEY");
  EXPECT_EQ(problem(R"({"state_dir":"/s","master_key":"env.SLUICE_TEST_KEY"})"),
            "master_key: the environment variable SLUICE_TEST_KEY is not set");
  const auto vault = parse_settings(sample_table, R"({"state_dir":"/s","master_key":"vault.kv/x#y"})");
  ASSERT_FALSE(vault);
  EXPECT_EQ(vault.error().code, ErrorCode::unsupported);
  EXPECT_THAT(vault.error().detail, HasSubstr("master_key: "));
}

TEST(Settings, SayWhichChangesNeedARestart) {
  const auto before = parse_settings(sample_table, R"({"state_dir":"/s","threads":1,"master_key":"a"})");
  const auto after = parse_settings(
      sample_table,
      R"({"state_dir":"/s","threads":2,"master_key":"b","limits":{"body":4096},"log":{"level":"debug"}})");
  ASSERT_TRUE(before && after);
  EXPECT_THAT(before->restart_needed(*after), ElementsAre("master_key", "threads"));
  EXPECT_TRUE(before->restart_needed(*before).empty());
}

TEST(Settings, AreRefusedByTheTablesOwnCheck) {
  Table table = sample_table;
  table.check = [](const Settings& settings) -> Result<void> {
    if (settings.boolean("relay") && settings.integer("threads") == 3)
      return fail(ErrorCode::invalid_argument, "relay: needs another number of threads");
    return {};
  };
  const auto settings = parse_settings(table, R"({"state_dir":"/s","threads":3})");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().detail, "relay: needs another number of threads");
}

TEST(Settings, FindADefaultThatItsOwnRowRefuses) {
  static constexpr Setting rows[] = {{.key = "wait", .type = Type::duration, .fallback = "2s", .maximum = 1000}};
  const Table table{.program = "sluice-sample", .settings = rows};
  const auto settings = parse_settings(table, "{}");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, ErrorCode::internal);
  EXPECT_EQ(settings.error().detail, "default of wait: must be from 0 to 1000 ms");
}

TEST(PrintSchema, DescribesEveryRowAndAllowsNothingElse) {
  const auto text = print_schema(sample_table);
  const auto schema = parse_json(text);
  ASSERT_TRUE(schema) << text;
  EXPECT_THAT(text, HasSubstr(R"("required":["state_dir"],"additionalProperties":false})"));
  EXPECT_THAT(text,
              HasSubstr(R"("listen":{"type":"object","properties":{"api":{"description":"Address for API clients.",)"
                        R"("type":"string","default":"127.0.0.1:8080"},"metrics":)"));
  EXPECT_THAT(text, HasSubstr(R"("enum":["debug","info"],"default":"info")"));
  EXPECT_THAT(text, HasSubstr(R"("names":{"description":"Names.","type":"array","items":{"type":"string"},)"));
}

TEST(PrintDocs, HasALineForEveryRow) {
  const auto text = print_docs(sample_table);
  for (const auto& row : sample_rows) EXPECT_THAT(text, HasSubstr("| `" + std::string(row.key) + "` |"));
  EXPECT_THAT(text, HasSubstr("Name \\| of the organisation."));
  EXPECT_THAT(text,
              HasSubstr("| `console_url` | URL |  | The console. May be set by device management. | on restart |"));
  EXPECT_THAT(text,
              HasSubstr("`limits.body` | size | `32MiB` | Largest body. From 1024 to 1073741824 bytes. | on reload"));
}

}  // namespace
}  // namespace sluice::config
