#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "gateway/snapshot/console_link.h"
#include "tls/crypto.h"

namespace sluice::gateway {
namespace {

using std::chrono::hours;

struct Snapshots : ::testing::Test {
  TimePoint now = wall_now();
  tls::SigningKey signing = tls::SigningKey::generate();
  std::filesystem::path file = std::filesystem::temp_directory_path() / ("sluice-snapshot-" + to_hex_name());
  IdentityPtr identity = make_identity();

  static std::string to_hex_name() {
    return tls::sha256_hex(std::to_string(wall_now().time_since_epoch().count())).substr(0, 12);
  }
  IdentityPtr make_identity() {
    GatewayIdentity made;
    made.gateway_id = "gw_1";
    made.org = "Test Org";
    made.policy_key = signing.public_key();
    made.key_pem = tls::EcKey::generate().to_pem();
    return std::make_shared<const GatewayIdentity>(std::move(made));
  }
  ~Snapshots() override { std::filesystem::remove(file); }

  std::string envelope(std::int64_t version, hours life = hours(24), std::string org = "Test Org",
                       const tls::SigningKey* key = nullptr) {
    policy::GatewaySnapshot snapshot;
    snapshot.fleet.org = std::move(org);
    snapshot.fleet.epoch = 1;
    snapshot.fleet.version = version;
    snapshot.fleet.issued_at = now;
    snapshot.fleet.not_after = now + life;
    const tls::SigningKey& signer = key == nullptr ? signing : *key;
    return *wire::seal(policy::print_snapshot(snapshot), signing.public_key(),
                       [&](std::string_view message) -> Result<std::string> { return signer.sign(message); });
  }
};

TEST_F(Snapshots, ANewerOneIsTakenAndKeptAndRestoredAfterARestart) {
  SnapshotKeeper keeper(file, identity);
  ASSERT_TRUE(keeper.accept(envelope(3), now));
  EXPECT_EQ(keeper.in_force().version, 3);
  SnapshotKeeper restarted(file, identity);
  const Result<PolicyPtr> restored = restarted.restore(now);
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_EQ((*restored)->version().version, 3);
}

TEST_F(Snapshots, OlderExpiredForeignAndWronglySignedOnesAreRefused) {
  SnapshotKeeper keeper(file, identity);
  ASSERT_TRUE(keeper.accept(envelope(3), now));
  const tls::SigningKey other = tls::SigningKey::generate();
  EXPECT_EQ(keeper.accept(envelope(2), now).error().code, ErrorCode::outdated);
  EXPECT_EQ(keeper.accept(envelope(4, hours(-1)), now).error().code, ErrorCode::expired);
  EXPECT_EQ(keeper.accept(envelope(4, hours(1), "Other Org"), now).error().code, ErrorCode::forbidden);
  EXPECT_EQ(keeper.accept(envelope(4, hours(1), "Test Org", &other), now).error().code, ErrorCode::bad_signature);
  EXPECT_EQ(keeper.in_force().version, 3);
}

TEST_F(Snapshots, WhatIsOnDiskIsSealedToTheIdentityAndNotObeyedWhenChangedOrExpired) {
  SnapshotKeeper keeper(file, identity);
  ASSERT_TRUE(keeper.accept(envelope(3, hours(2)), now));
  EXPECT_EQ(SnapshotKeeper(file, make_identity()).restore(now).error().code, ErrorCode::bad_signature);
  EXPECT_EQ(SnapshotKeeper(file, identity).restore(now + hours(3)).error().code, ErrorCode::expired);
  std::string sealed = *read_file(file);
  sealed[sealed.size() / 2] = static_cast<char>(sealed[sealed.size() / 2] ^ 1);
  ASSERT_TRUE(write_file_atomically(file, sealed));
  EXPECT_EQ(SnapshotKeeper(file, identity).restore(now).error().code, ErrorCode::bad_signature);
}

TEST(BackOff, WaitsGrowToTheLongestAndStartAnew) {
  BackOff back_off(std::chrono::milliseconds(100), std::chrono::milliseconds(1000));
  for (const int full : {100, 200, 400, 800, 1000, 1000}) {
    const auto wait = back_off.next().count();
    EXPECT_LE(wait, full);
    EXPECT_GE(wait, full * 3 / 4 - 1);
  }
  back_off.reset();
  EXPECT_LE(back_off.next().count(), 100);
}

TEST(Renewal, IsDueAtHalfOfTheCertificatesLife) {
  GatewayIdentity identity;
  identity.not_before = TimePoint(hours(0));
  identity.not_after = TimePoint(hours(100));
  EXPECT_FALSE(identity.renewal_due(TimePoint(hours(50))));
  EXPECT_TRUE(identity.renewal_due(TimePoint(hours(51))));
}

}  // namespace
}  // namespace sluice::gateway
