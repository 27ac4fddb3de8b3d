// What the subcommands say to whoever uses them in the wrong order.
#include "console_backend/app/commands.h"

#include "tests/contract/console_fixture.h"

namespace sluice::console {
namespace {

struct Said {
  int status = 0;
  std::string out, problem;
};

class ConsoleCommands : public testing::Test {
 protected:
  Said run(std::vector<std::string> words) {
    const std::string file = (folder.path / "console.json").string();
    must(write_file_atomically(file, R"({"state_dir":")" + state().string() + R"(","org":{"name":"Example Corp"}})"));
    words.insert(words.begin(), "sluice-console");
    words.insert(words.end(), {"--config", file});
    std::vector<const char*> arguments;
    for (const std::string& word : words) arguments.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const auto line = config::run_command_line(program(), static_cast<int>(arguments.size()), arguments.data());
    Said said{line ? run_command(*line) : line.error(), "", ""};
    said.out = testing::internal::GetCapturedStdout();
    said.problem = testing::internal::GetCapturedStderr();
    return said;
  }
  [[nodiscard]] std::filesystem::path state() const { return folder.path / "state"; }
  Folder folder;
};

TEST_F(ConsoleCommands, before_init_every_one_says_what_to_run_first_and_leaves_nothing_behind) {
  must(write_file_atomically(folder.path / "passphrase", "a passphrase\n"));
  const std::vector<std::vector<std::string>> all = {
      {"token", "--for", "gateway"},
      {"api-token", "--name", "ci"},
      {"pin"},
      {"ca-reissue", "--passphrase-file", (folder.path / "passphrase").string()}};
  for (const auto& words : all) {
    for (const bool folder_is_there : {false, true}) {
      std::filesystem::remove_all(state());
      if (folder_is_there) std::filesystem::create_directory(state());
      const Said said = run(words);
      EXPECT_EQ(said.status, 1) << words[0];
      EXPECT_EQ(said.out, "") << words[0];
      EXPECT_THAT(said.problem, testing::HasSubstr("run 'sluice-console init'")) << words[0];
      EXPECT_THAT(said.problem, testing::HasSubstr(state().string())) << words[0];
      EXPECT_TRUE(!folder_is_there || std::filesystem::is_empty(state())) << words[0];
    }
  }
}

TEST_F(ConsoleCommands, after_init_tokens_and_the_pin_are_printed) {
  const Said begun = run({"init"});
  ASSERT_EQ(begun.status, 0) << begun.problem;
  EXPECT_EQ(run({"token", "--for", "gateway"}).status, 0);
  EXPECT_EQ(run({"api-token", "--name", "ci"}).status, 0);
  const Said pin = run({"pin"});
  EXPECT_EQ(pin.status, 0);
  EXPECT_THAT(begun.out, testing::HasSubstr(pin.out));
}

}  // namespace
}  // namespace sluice::console
