#include "gateway/app/settings.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

std::string with(std::string_view more) {
  return "{\"console_url\":\"https://console.example.com:8445\",\"console_pin\":\"" + std::string(pin) + "\"" +
         std::string(more) + "}";
}

// The name of the key that is complained about, or nothing.
std::string complaint(std::string_view json) {
  const Result<config::Settings> settings = config::parse_settings(settings_table, json);
  if (!settings) return settings.error().detail.substr(0, settings.error().detail.find(':'));
  const Result<Configuration> made = configuration_of(*settings);
  return made ? "" : made.error().detail.substr(0, made.error().detail.find(':'));
}

TEST(Settings, TheConsolesAddressAndPinAreAllThatIsNeeded) {
  const Result<config::Settings> settings = config::parse_settings(settings_table, with(""));
  ASSERT_TRUE(settings) << settings.error().message();
  const Result<Configuration> made = configuration_of(*settings);
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(net::to_string(made->api), "127.0.0.1:8080");
  EXPECT_EQ(net::to_string(made->devices), "0.0.0.0:8444");
  EXPECT_EQ(made->live.body_limit, 32U * 1024 * 1024);
  EXPECT_EQ(made->live.on_full, OnFull::refuse);
  EXPECT_GE(made->threads, 1U);
}

TEST(Settings, WhatIsWrongIsNamedByItsPath) {
  EXPECT_EQ(complaint("{}"), "console_url");
  EXPECT_EQ(complaint(with(",\"upstream\":{\"unknown\":1}")), "upstream.unknown");
  EXPECT_EQ(complaint(with(",\"upstream\":{\"allowed_private_networks\":[\"10.0.0.0/99\"]}")),
            "upstream.allowed_private_networks");
  EXPECT_EQ(complaint(with(",\"audit\":{\"on_full\":\"maybe\"}")), "audit.on_full");
  EXPECT_EQ(complaint(with(",\"listen\":{\"api\":\"nowhere\"}")), "listen.api");
}

TEST(Settings, AGatewayWithoutAnIdentityNeedsATokenFile) {
  const std::filesystem::path state = std::filesystem::path(testing::TempDir()) / "needs_of";
  std::filesystem::remove_all(state);
  const auto needs = [&](const std::string& more) {
    const auto settings =
        config::parse_settings(settings_table, with(",\"state_dir\":\"" + state.string() + "\"" + more));
    EXPECT_TRUE(settings);
    return needs_of(*settings);
  };
  ASSERT_FALSE(needs(""));
  EXPECT_TRUE(needs("").error().detail.starts_with("enrolment_token_file: is needed")) << needs("").error().detail;
  EXPECT_TRUE(needs(",\"enrolment_token_file\":\"/a/token\""));
  std::filesystem::create_directories(state);
  EXPECT_FALSE(needs(""));
  ASSERT_TRUE(write_file_atomically(state / "identity.json", "{}"));
  EXPECT_TRUE(needs(""));
  std::filesystem::remove_all(state);
}

TEST(Settings, TheAdminRelayIsOnlyForLoopback) {
  EXPECT_EQ(complaint(with(",\"admin_relay\":\"https://localhost:8443\"")), "");
  EXPECT_EQ(complaint(with(",\"admin_relay\":\"https://localhost:8443\",\"listen\":{\"api\":\"0.0.0.0:8080\"}")),
            "admin_relay");
  EXPECT_EQ(complaint(with(",\"admin_relay\":\"https://localhost:8443\",\"listen\":{\"api\":\"[::1]:8080\"}")), "");
}

}  // namespace
}  // namespace sluice::gateway
