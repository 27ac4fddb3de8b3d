#include "config/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "base/files.h"
#include "sample_table.h"

namespace sluice::config {
namespace {

using testing::HasSubstr;

constexpr Option serve_options[] = {{"--role", "ROLE", "part of the program"}};
constexpr Option init_options[] = {{"--passphrase-file", "FILE", "passphrase"}, {"--force", "", "replace"}};
constexpr Command commands[] = {{"", "", serve_options}, {"init", "creates keys", init_options}};

class CommandLineTest : public testing::Test {
 protected:
  void SetUp() override {
    file_ = std::filesystem::path(testing::TempDir()) / "command_line_test.json";
    write(R"({"state_dir":"/s"})");
  }
  void TearDown() override { std::filesystem::remove(file_); }
  void write(std::string_view text) const { ASSERT_TRUE(write_file_atomically(file_, text)); }

  // "FILE" stands for the configuration file.
  std::expected<CommandLine, int> run(std::vector<std::string> words) {
    std::vector<const char*> pointers{"sluice-sample"};
    for (auto& word : words) {
      if (word == "FILE") word = file_.string();
      pointers.push_back(word.c_str());
    }
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    auto line = run_command_line(program_, static_cast<int>(pointers.size()), pointers.data());
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return line;
  }

  Program program_{.table = sample_table, .version = "1.2.3", .commands = commands};
  std::filesystem::path file_;
  std::string out_, err_;
};

TEST_F(CommandLineTest, GivesTheSettingsAndTheOptions) {
  const auto serve = run({"--config", "FILE", "--role", "traffic"});
  ASSERT_TRUE(serve) << err_;
  EXPECT_EQ(serve->command, "");
  EXPECT_EQ(serve->option("--role"), "traffic");
  EXPECT_EQ(serve->settings.path("state_dir"), "/s");

  const auto init = run({"init", "--force", "--passphrase-file=/p", "--config=" + file_.string()});
  ASSERT_TRUE(init) << err_;
  EXPECT_EQ(init->command, "init");
  EXPECT_TRUE(init->has("--force"));
  EXPECT_EQ(init->option("--passphrase-file"), "/p");
  EXPECT_EQ(init->option("--role"), std::nullopt);
}

TEST_F(CommandLineTest, AnswersQuestionsAboutTheProgram) {
  EXPECT_EQ(run({"--version"}).error(), 0);
  EXPECT_EQ(out_, "sluice-sample 1.2.3\n");
  EXPECT_EQ(run({"--help"}).error(), 0);
  EXPECT_THAT(out_, HasSubstr("\ninit: creates keys\n  --passphrase-file FILE"));
  EXPECT_THAT(out_, HasSubstr("listen.api  Address for API clients. (127.0.0.1:8080)"));
  EXPECT_EQ(run({"--print-config-schema"}).error(), 0);
  EXPECT_EQ(out_, print_schema(sample_table));
  EXPECT_EQ(run({"--print-config-docs"}).error(), 0);
  EXPECT_EQ(out_, print_docs(sample_table));
}

TEST_F(CommandLineTest, ChecksTheConfigurationAndNamesTheField) {
  EXPECT_EQ(run({"--check-config", "--config", "FILE"}).error(), 0);
  write(R"({"state_dir":"/s","listen":{"apy":":1"}})");
  EXPECT_EQ(run({"--check-config", "--config", "FILE"}).error(), 2);
  EXPECT_THAT(err_, HasSubstr("listen.apy: is not a known setting"));
  EXPECT_EQ(run({"--config", "FILE"}).error(), 2);
  EXPECT_EQ(run({"--config", "/does/not/exist.json"}).error(), 2);
  EXPECT_THAT(err_, HasSubstr("/does/not/exist.json"));
}

TEST_F(CommandLineTest, SaysWhatServingNeedsOfThisMachine) {
  program_.needs = [](const Settings&) -> Result<void> {
    return fail(ErrorCode::invalid_argument, "token_file: is needed");
  };
  EXPECT_EQ(run({"--check-config", "--config", "FILE"}).error(), 2);
  EXPECT_THAT(err_, HasSubstr("token_file: is needed"));
  EXPECT_EQ(run({"--config", "FILE"}).error(), 2);
  EXPECT_TRUE(run({"init", "--config", "FILE"})) << "what is no service needs nothing";
}

TEST_F(CommandLineTest, RefusesWhatItDoesNotKnow) {
  const std::vector<std::vector<std::string>> lines{
      {"--colour"},       {"destroy"},       {"--role"},       {"--config"},     {"--config=a", "--config=b"},
      {"init", "--role"}, {"--version=now"}, {"serve", "now"}, {"init", "init"}, {""}};
  for (const auto& line : lines) {
    const auto result = run(line);
    EXPECT_EQ(result ? 0 : result.error(), 2) << testing::PrintToString(line);
    EXPECT_THAT(err_, HasSubstr("Try --help"));
  }
}

}  // namespace
}  // namespace sluice::config
