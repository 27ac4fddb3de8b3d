#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/files.h"

namespace sluice {
namespace {

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / ("files_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(Files, AReplacedFileHasTheNewTextAndModeAndLeavesNothingBeside) {
  const auto file = folder_ / "key.pem";
  ASSERT_TRUE(write_file_atomically(file, "old", 0644));
  ASSERT_TRUE(write_file_atomically(file, "new", 0600));
  EXPECT_EQ(read_file(file), "new");
  struct stat facts{};
  ASSERT_EQ(::stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(Files, AMissingFileIsNotFoundAndNamed) {
  const auto text = read_file(folder_ / "absent");
  EXPECT_EQ(text.error().code, ErrorCode::not_found);
  EXPECT_NE(text.error().detail.find("absent"), std::string::npos);
}

TEST_F(Files, AFileOverTheLimitIsRefused) {
  const auto file = folder_ / "large";
  ASSERT_TRUE(write_file_atomically(file, std::string(1001, 'x')));
  EXPECT_EQ(read_file(file, 1000).error().code, ErrorCode::too_large);
  EXPECT_TRUE(read_file(file, 1001));
}

TEST_F(Files, WritingIntoAMissingFolderFailsAndSaysWhere) {
  const auto done = write_file_atomically(folder_ / "absent" / "file", "x");
  EXPECT_EQ(done.error().code, ErrorCode::not_found);
  EXPECT_NE(done.error().detail.find("absent"), std::string::npos);
}

}  // namespace
}  // namespace sluice
