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
    return sealed(snapshot, key == nullptr ? signing : *key);
  }
  std::string envelope(std::int64_t version, const std::function<void(policy::GatewaySnapshot&)>& edit) {
    policy::GatewaySnapshot snapshot =
        *policy::parse_gateway_snapshot(*wire::open_envelope(envelope(version), signing.public_key()));
    edit(snapshot);
    return sealed(snapshot, signing);
  }
  std::string sealed(const policy::GatewaySnapshot& snapshot, const tls::SigningKey& signer) {
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

TEST_F(Snapshots, ARevocationDoesNotWaitForNewGuardrailsToBeCompiled) {
  SnapshotKeeper keeper(file, identity);
  ASSERT_TRUE(keeper.accept(envelope(3), now));
  std::vector<PolicyPtr> meanwhile;
  const auto guarded = [&](std::string_view regex) {
    return [regex](policy::GatewaySnapshot& snapshot) {
      snapshot.fleet.revoked_serials = {"abc"};
      snapshot.guard_hash_key = Secret(std::string(64, 'a'));
      snapshot.fleet.guardrails = *policy::parse_guardrails(
          R"({"rules":[{"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["p"]}],"action":"flag"}],)"
          R"("patterns":[{"id":"p","regex":")" +
          std::string(regex) + R"("}]})");
    };
  };
  const auto note = [&](PolicyPtr policy) { meanwhile.push_back(std::move(policy)); };
  const Result<PolicyPtr> policy = keeper.accept(envelope(4, guarded("x")), now, note);
  ASSERT_TRUE(policy) << policy.error().message();
  ASSERT_EQ(meanwhile.size(), 1U);
  EXPECT_TRUE(meanwhile[0]->rules().fleet().is_revoked("abc"));
  EXPECT_EQ(meanwhile[0]->guard(), nullptr) << "the guardrails before: none";
  EXPECT_EQ(meanwhile[0]->version().version, 3) << "what is reported is not in force as a whole yet";
  EXPECT_NE((*policy)->guard(), nullptr);
  EXPECT_EQ((*policy)->version().version, 4);

  ASSERT_TRUE(keeper.accept(envelope(5, guarded("x")), now, note));
  EXPECT_EQ(meanwhile.size(), 1U) << "nothing to compile";

  EXPECT_FALSE(keeper.accept(envelope(6, guarded("(")), now, note));
  ASSERT_EQ(meanwhile.size(), 3U);
  EXPECT_EQ(meanwhile[2]->version().version, 5) << "the policy before is back";
  EXPECT_EQ(keeper.in_force().version, 5);
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
