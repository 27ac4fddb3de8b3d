#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "agent/capture/rules.h"
#include "agent/channel/channel.h"
#include "agent/discovery/installed.h"
#include "agent/trust/trust_store.h"
#include "base/files.h"

namespace sluice::agent {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "agent_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void put(const std::string& file, const std::string& text, bool executable = false) const {
    fs::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text;
    if (executable) ::chmod((path_ / file).c_str(), 0755);
  }
  [[nodiscard]] std::optional<std::string> text(const std::string& file) const {
    auto text = read_file(path_ / file);
    return text ? std::optional(*text) : std::nullopt;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(CaptureRules, ExemptBeforeTheyRedirect) {
  const auto text = capture_commands({.port = 15443, .exempt_uid = 990, .cgroup = std::nullopt});
  const auto exemption = text.find("outgoing meta skuid 990 return");
  const auto loopback = text.find("outgoing oif \"lo\" return");
  const auto redirect = text.find("tcp dport 443 redirect to :15443");
  ASSERT_NE(redirect, std::string::npos);
  EXPECT_LT(exemption, redirect);
  EXPECT_LT(loopback, redirect);
  EXPECT_NE(text.find("flags owner"), std::string::npos);
  EXPECT_NE(text.find("udp dport 443 reject"), std::string::npos);
}

TEST(CaptureRules, CoverOnlyTheSessionsWhereACgroupIsGiven) {
  const auto text = capture_commands({.port = 1, .exempt_uid = 2, .cgroup = "user.slice"});
  EXPECT_NE(text.find("socket cgroupv2 level 1 \"user.slice\" tcp dport 443 redirect"), std::string::npos);
  EXPECT_NE(text.find("socket cgroupv2 level 1 \"user.slice\" udp dport 443 reject"), std::string::npos);
}

TEST(Discovery, FindsAppsOfEveryUserWithTheirVersions) {
  const Folder root;
  root.put("etc/passwd", "root:x:0:0::/root:/bin/sh\ndaemon:x:1:1::/usr/sbin:/x\nann:x:1000:1000::/home/ann:/bin/sh\n");
  root.put("usr/lib/node_modules/@openai/codex/package.json", R"({"name":"@openai/codex","version":"0.169.0","x":{}})");
  root.put("home/ann/.nvm/versions/node/v22.23.3/lib/node_modules/@google/gemini-cli/package.json",
           R"({"name":"@google/gemini-cli","version":"0.61.0"})");
  root.put("home/ann/.local/share/claude/versions/2.1.327", "old", true);
  root.put("home/ann/.local/share/claude/versions/2.1.328", "new", true);
  root.put("home/ann/.opencode/bin/opencode", "program", true);
  root.put("var/lib/dpkg/status",
           "Package: claude-code\nStatus: install ok installed\nVersion: 2.1.300\n\n"
           "Package: codex\nStatus: deinstall ok config-files\nVersion: 1\n");
  const auto apps = installed_apps(root.path(), homes_of(root.path()));
  const std::vector<InstalledApp> expected = {
      {"claude-code", "Claude Code", "2.1.300", "/var/lib/dpkg/status", ""},
      {"claude-code", "Claude Code", "2.1.328", "/home/ann/.local/share/claude/versions/2.1.328", "ann"},
      {"codex", "Codex", "0.169.0", "/usr/lib/node_modules/@openai/codex", ""},
      {"gemini-cli", "Gemini CLI", "0.61.0",
       "/home/ann/.nvm/versions/node/v22.23.3/lib/node_modules/@google/gemini-cli", "ann"},
      {"opencode", "OpenCode", "", "/home/ann/.opencode/bin/opencode", "ann"},
  };
  EXPECT_EQ(apps, expected);
  EXPECT_EQ(*installed_from_json(to_json(apps)), expected);
}

TEST(Discovery, TakesTheVersionInUseOfClaude) {
  const Folder root;
  root.put(".local/share/claude/versions/2.1.327", "old", true);
  root.put(".local/share/claude/versions/2.1.328", "new", true);
  fs::create_directories(root.path() / ".local/bin");
  fs::create_symlink("/home/ann/.local/share/claude/versions/2.1.327", root.path() / ".local/bin/claude");
  const auto apps = installed_apps(root.path(), {{"ann", "/"}});
  ASSERT_EQ(apps.size(), 1U);
  EXPECT_EQ(apps[0].version, "2.1.327");
}

TEST(Discovery, FollowsNoLinkOutOfTheHome) {
  const Folder root;
  root.put("secret/package.json", R"({"name":"@openai/codex","version":"6.6.6"})");
  fs::create_directories(root.path() / "home/node_modules/@openai");
  fs::create_symlink(root.path() / "secret", root.path() / "home/node_modules/@openai/codex");
  EXPECT_THAT(installed_apps(root.path(), {{"ann", "/home"}}), testing::IsEmpty());
}

TEST(Discovery, IgnoresWhatIsNoPackage) {
  const Folder root;
  root.put("home/node_modules/@openai/codex/package.json", std::string(300 * 1024, ' '));
  root.put("home/node_modules/opencode-ai/package.json", "{not json");
  fs::create_directories(root.path() / "home/node_modules/@google/gemini-cli/package.json");
  EXPECT_THAT(installed_apps(root.path(), {{"ann", "/home"}}), testing::IsEmpty());
}

TEST(Discovery, KnowsTheVersionOfARunningProgram) {
  const std::vector<InstalledApp> apps = {{"codex", "", "1.0", "/usr/lib/node_modules/@openai/codex", ""},
                                          {"codex", "", "2.0", "/home/ann/node_modules/@openai/codex", "ann"},
                                          {"opencode", "", "3.0", "/x/opencode-ai", ""}};
  EXPECT_EQ(version_at(apps, "codex", "/home/ann/node_modules/@openai/codex/bin/codex"), "2.0");
  EXPECT_EQ(version_at(apps, "codex", "/elsewhere/codex"), "");
  EXPECT_EQ(version_at(apps, "opencode", "/elsewhere/opencode"), "3.0");
}

class Trust : public testing::Test {
 protected:
  TrustStore store() {
    return TrustStore(folder.path(), [this](const std::vector<std::string>& command) -> Result<void> {
      commands.push_back(command.front());
      if (!update_works) return fail(ErrorCode::io_failed, "no");
      const auto dropped = folder.text("usr/local/share/ca-certificates/sluice-root.crt");
      folder.put("etc/ssl/certs/ca-certificates.crt", "others\n" + dropped.value_or(""));
      return {};
    });
  }
  void SetUp() override {
    fs::create_directories(folder.path() / "etc/ca-certificates");
    folder.put("etc/ssl/certs/ca-certificates.crt", "others\n");
  }
  Folder folder;
  std::vector<std::string> commands;
  bool update_works = true;
  const std::string pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
};

TEST_F(Trust, InstallsOnceAndSetsTheLoginEnvironment) {
  ASSERT_TRUE(store().install(pem));
  ASSERT_TRUE(store().install(pem));
  EXPECT_THAT(commands, testing::ElementsAre("update-ca-certificates"));
  EXPECT_TRUE(store().installed(pem));
  EXPECT_EQ(folder.text("etc/sluice/root.pem"), pem);
  EXPECT_THAT(*folder.text("etc/profile.d/sluice.sh"), testing::HasSubstr("NODE_EXTRA_CA_CERTS=/etc/sluice/root.pem"));
  EXPECT_THAT(*folder.text("etc/environment"), testing::HasSubstr("NODE_EXTRA_CA_CERTS=/etc/sluice/root.pem"));
}

TEST_F(Trust, RestoresEveryByteOnRemoval) {
  folder.put("etc/environment", "PATH=\"/usr/bin\"\nLANG=C");
  ASSERT_TRUE(store().install(pem));
  ASSERT_TRUE(store().remove());
  EXPECT_EQ(folder.text("etc/environment"), "PATH=\"/usr/bin\"\nLANG=C");
  EXPECT_EQ(folder.text("etc/profile.d/sluice.sh"), std::nullopt);
  EXPECT_EQ(folder.text("etc/sluice/root.pem"), std::nullopt);
  EXPECT_EQ(folder.text("etc/ssl/certs/ca-certificates.crt"), "others\n");
}

TEST_F(Trust, TriesAgainAfterAnUpdateThatFailed) {
  update_works = false;
  EXPECT_FALSE(store().install(pem));
  EXPECT_FALSE(store().installed(pem));
  update_works = true;
  EXPECT_TRUE(store().install(pem));
  EXPECT_TRUE(store().installed(pem));
}

TEST_F(Trust, LeavesAForeignSettingAloneAndNamesIt) {
  folder.put("etc/environment", "NODE_EXTRA_CA_CERTS=/opt/proxy.pem\n");
  ASSERT_TRUE(store().install(pem));
  EXPECT_EQ(folder.text("etc/environment"), "NODE_EXTRA_CA_CERTS=/opt/proxy.pem\n");
  EXPECT_THAT(store().conflicts(), testing::ElementsAre("/etc/environment sets NODE_EXTRA_CA_CERTS"));
}

TEST(EnvironmentBlock, ComesAndGoesWithoutATrace) {
  for (const std::optional<std::string>& before :
       {std::optional<std::string>(), std::optional<std::string>(""), std::optional<std::string>("A=1\n"),
        std::optional<std::string>("A=1"), std::optional<std::string>("A=1\n\n")}) {
    const auto with = with_environment_block(before);
    ASSERT_TRUE(with);
    EXPECT_FALSE(with_environment_block(with));
    const auto restored = without_environment_block(*with);
    ASSERT_TRUE(restored);
    EXPECT_EQ(*restored, before);
  }
  EXPECT_EQ(without_environment_block("A=1\n"), std::nullopt);
}

TEST(EnvironmentBlock, KeepsWhatWasAddedBehindIt) {
  const auto with = with_environment_block("A=1\n");
  const auto restored = without_environment_block(*with + "B=2\n");
  ASSERT_TRUE(restored && *restored);
  EXPECT_EQ(**restored, "A=1\nB=2\n");
}

TEST(Channel, CarriesEveryMessage) {
  ProcessFacts facts{.pid = 7,
                     .start_ticks = 1ULL << 40,
                     .uid = 1000,
                     .user = "ann",
                     .exe = "/x",
                     .argv = {"a", ""},
                     .script = "s",
                     .parents = {"/bin/sh"}};
  const auto answer = decode_to_traffic(encode(ToTraffic(WhoAnswers{3, facts})));
  ASSERT_TRUE(answer);
  EXPECT_EQ(std::get<WhoAnswers>(*answer).facts, facts);
  const auto asks =
      decode_to_privileged(encode(ToPrivileged(WhoAsks{9, {"\x7f\0\0\1", 5}, {std::string(4, 'x'), 443}})));
  ASSERT_FALSE(asks) << "an address of the wrong length is refused";
  const auto good = decode_to_privileged(
      encode(ToPrivileged(WhoAsks{9, {std::string("\x7f\0\0\1", 4), 5}, {std::string(16, '\xff'), 443}})));
  ASSERT_TRUE(good);
  EXPECT_EQ(std::get<WhoAsks>(*good).client, (SocketEnd{std::string("\x7f\0\0\1", 4), 5}));
  EXPECT_TRUE(std::holds_alternative<Ready>(*decode_to_privileged(encode(ToPrivileged(Ready{443})))));
  EXPECT_EQ(std::get<TokenReport>(*decode_to_traffic(encode(ToTraffic(TokenReport{Secret("t")})))).token.reveal(), "t");
}

TEST(Channel, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(decode_to_privileged(R"({"type":"run","command":"sh"})"));
  EXPECT_FALSE(decode_to_privileged(R"({"type":"ready","port":70000})"));
  EXPECT_FALSE(decode_to_privileged(R"({"type":"ready","port":1,"x":1})"));
  EXPECT_FALSE(decode_to_privileged("[]"));
  EXPECT_FALSE(decode_to_traffic(R"({"type":"capture","state":"fine","detail":"","restarts":0})"));
}

}  // namespace
}  // namespace sluice::agent
