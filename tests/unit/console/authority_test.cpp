#include "console_backend/ca/authority.h"

#include <sys/stat.h>

#include "base/files.h"
#include "console_backend/ca/leaves.h"
#include "console_backend/devices/devices.h"
#include "console_backend/devices/enrolment.h"
#include "console_backend/devices/enrolment_tokens.h"
#include "policy/hosts.h"
#include "tests/unit/console/fixture.h"
#include "tls/certificate.h"

namespace sluice::console {
namespace {

using std::chrono::hours;

class AuthorityTest : public ConsoleTest {
 protected:
  std::string csr() { return must(tls::make_signing_request(key, "laptop")); }
  Secret token(wire::Party party = wire::Party::device, std::int64_t uses = 1) {
    return std::move(config([&](store::Session& session) {
                       return add_enrolment_token(session, party, hours(24), uses, "ada", clock.now());
                     }).token);
  }
  Result<wire::EnrolResponse> enrol(Secret with) {
    wire::EnrolRequest request{std::move(with), csr(), "laptop", "linux", "Debian 12", "0.1.0"};
    return enrol_device(*databases.config, *keys, request, clock.now());
  }
  tls::EcKey key = tls::EcKey::generate();
};

TEST_F(AuthorityTest, a_second_init_is_refused_and_changes_nothing) {
  Result<void> again = initialise(databases, master, {{"Other Corp", {}, {"localhost"}}, "eve@example.com"},
                                  Secret("a passphrase"), Secret(password), clock.now());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  const Keys same = config([&](store::Session& session) { return load_keys(session, master); });
  EXPECT_EQ(same.root_pem, keys->root_pem);
  EXPECT_EQ(same.org, "Example Corp");
}

TEST_F(AuthorityTest, keys_do_not_open_under_another_master_key) {
  Result<Keys> other = databases.config->read(
      [](store::Session& session) { return load_keys(session, master_key_from(Secret("another master key"))); });
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::bad_signature);
}

TEST_F(AuthorityTest, no_private_key_lies_in_the_database_in_the_clear) {
  const std::vector<store::Row> rows =
      config([](store::Session& session) { return session.rows("SELECT name, sealed FROM private_keys"); });
  ASSERT_EQ(rows.size(), 6U);
  for (const store::Row& row : rows) {
    EXPECT_THAT(row.text("sealed"), testing::Not(testing::HasSubstr("BEGIN PRIVATE KEY"))) << row.text("name");
    if (row.text("name") == "root") {
      EXPECT_THAT(row.text("sealed"), testing::HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
    }
  }
}

TEST_F(AuthorityTest, the_master_key_file_is_made_once_and_for_its_owner_only) {
  const std::filesystem::path file = folder.path / "master.key";
  EXPECT_EQ(master_key_from_file(file, WhenAbsent::refuse).error().code, ErrorCode::not_found);
  const MasterKey first = must(master_key_from_file(file, WhenAbsent::create));
  const MasterKey again = must(master_key_from_file(file, WhenAbsent::create));
  EXPECT_TRUE(equal_in_constant_time(first.bytes.reveal(), again.bytes.reveal()));
  struct stat facts{};
  ASSERT_EQ(::stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST_F(AuthorityTest, reissue_needs_the_passphrase_and_keeps_the_root) {
  const auto reissue = [&](const char* passphrase, std::vector<std::string> extra) {
    return databases.config->write([&](store::Session& session) {
      return reissue_issuing_ca(session, master, extra, Secret(passphrase), clock.now());
    });
  };
  EXPECT_FALSE(reissue("not the passphrase", {}));
  must(reissue("a passphrase", {"eu.api.openai.com"}));
  const Keys after = config([&](store::Session& session) { return load_keys(session, master); });
  EXPECT_EQ(after.root_pem, keys->root_pem);
  EXPECT_NE(after.issuing.certificate_pem, keys->issuing.certificate_pem);
  EXPECT_TRUE(
      tls::sign_leaf(after.issuing, must(tls::parse_signing_request(csr())), "api.openai.com", "dev_1", clock.now()));
  const Result<void> wider = reissue("a passphrase", {"ai.example"});
  ASSERT_FALSE(wider);
  EXPECT_THAT(wider.error().detail, testing::HasSubstr("needs a new root"));
}

TEST_F(AuthorityTest, the_server_certificate_is_renewed_before_it_ends_with_the_same_key) {
  const auto renew = [&](std::vector<std::string> names) {
    return config(
        [&](store::Session& session) { return renew_server_certificate(session, *keys, names, clock.now()); });
  };
  const std::string first = renew({"localhost"});
  EXPECT_EQ(renew({"localhost"}), first);
  EXPECT_NE(renew({"localhost", "console.example.com"}), first);
  clock.advance(hours(24 * 61));
  const std::string later = renew({"localhost", "console.example.com"});
  EXPECT_EQ(must(tls::certificate_facts(later)).pin, must(tls::certificate_facts(first)).pin);
  EXPECT_GT(must(tls::certificate_facts(later)).not_after, clock.now() + hours(24 * 60));
}

TEST_F(AuthorityTest, enrolment_gives_a_certificate_of_seven_days_that_names_the_device) {
  const wire::EnrolResponse enrolled = must(enrol(token()));
  const tls::CertificateFacts facts = must(tls::certificate_facts(enrolled.certificate));
  EXPECT_EQ(facts.subject_cn, enrolled.id);
  EXPECT_EQ(facts.subject_ou, "device");
  EXPECT_EQ(facts.subject_o, "Example Corp");
  EXPECT_EQ(facts.not_after, clock.now() + hours(24 * 7));
  EXPECT_EQ(enrolled.policy_key, keys->policy.public_key());
}

TEST_F(AuthorityTest, a_token_enrols_as_often_as_it_says_and_not_once_more) {
  const Secret twice = token(wire::Party::device, 2);
  EXPECT_TRUE(enrol(twice.duplicate()));
  EXPECT_TRUE(enrol(twice.duplicate()));
  EXPECT_EQ(enrol(twice.duplicate()).error().code, ErrorCode::quota_exceeded);
}

TEST_F(AuthorityTest, an_expired_an_unknown_and_a_gateways_token_enrol_no_device) {
  EXPECT_EQ(enrol(Secret("slc_enrol_made_up")).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(enrol(token(wire::Party::gateway)).error().code, ErrorCode::unauthenticated);
  Secret late = token();
  clock.advance(hours(24));
  EXPECT_EQ(enrol(std::move(late)).error().code, ErrorCode::expired);
  EXPECT_EQ(config([](store::Session& s) { return s.number("SELECT COUNT(*) AS n FROM devices"); }), 0);
}

TEST_F(AuthorityTest, a_broken_request_does_not_use_up_the_token) {
  const Secret once = token();
  wire::EnrolRequest request{once.duplicate(), "no CSR", "laptop", "linux", "Debian 12", "0.1.0"};
  EXPECT_FALSE(enrol_device(*databases.config, *keys, request, clock.now()));
  EXPECT_TRUE(enrol(once.duplicate()));
}

TEST_F(AuthorityTest, an_expired_certificate_renews_with_its_own_key_only) {
  const wire::EnrolResponse enrolled = must(enrol(token()));
  const tls::CertificateFacts facts = must(tls::certificate_facts(enrolled.certificate));
  const PresentCertificate present{enrolled.id, wire::Party::device, facts.public_key_der, facts.not_after};
  const std::string other = must(tls::make_signing_request(tls::EcKey::generate(), "laptop"));
  EXPECT_TRUE(renew_identity(*databases.config, *keys, present, {other}, clock.now()));
  clock.advance(hours(24 * 8));
  EXPECT_EQ(renew_identity(*databases.config, *keys, present, {other}, clock.now()).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(renew_identity(*databases.config, *keys, present, {csr()}, clock.now()));
}

TEST_F(AuthorityTest, revoking_a_device_lists_all_of_its_serials) {
  const wire::EnrolResponse enrolled = must(enrol(token()));
  const tls::CertificateFacts facts = must(tls::certificate_facts(enrolled.certificate));
  must(renew_identity(*databases.config, *keys,
                      {enrolled.id, wire::Party::device, facts.public_key_der, facts.not_after}, {csr()}, clock.now()));
  EXPECT_TRUE(config([&](store::Session& s) { return revoke_device(s, enrolled.id, "lost", "ada", clock.now()); }));
  EXPECT_FALSE(config([&](store::Session& s) { return revoke_device(s, enrolled.id, "lost", "ada", clock.now()); }));
  EXPECT_EQ(config([&](store::Session& s) { return revoked_serials(s, clock.now()); }).size(), 2U);
  EXPECT_THAT(config([](store::Session& s) { return revoked_subjects(s); }), testing::ElementsAre(enrolled.id));
}

TEST_F(AuthorityTest, a_leaf_is_signed_for_a_governed_host_and_written_down) {
  policy::FleetSnapshot fleet;
  fleet.hosts = policy::default_governed_hosts();
  LeafSigner leaves(*databases.audit, *keys, clock);
  const wire::LeafResponse leaf = must(leaves.sign(fleet, "dev_1", {"api.openai.com", csr()}));
  EXPECT_EQ(leaf.not_after, clock.now() + hours(48));
  EXPECT_EQ(must(tls::split_pem_chain(leaf.chain)).size(), 2U);
  EXPECT_EQ(leaves.sign(fleet, "dev_1", {"bank.example", csr()}).error().code, ErrorCode::not_governed);
  EXPECT_EQ(audit([](store::Session& s) { return s.number("SELECT COUNT(*) AS n FROM leaf_signings"); }), 1);
}

TEST_F(AuthorityTest, a_device_gets_only_so_many_leaves_an_hour) {
  policy::FleetSnapshot fleet;
  fleet.hosts = policy::default_governed_hosts();
  LeafSigner leaves(*databases.audit, *keys, clock);
  // A broken request counts as well: it costs work.
  for (std::size_t i = 0; i < LeafSigner::per_hour; ++i) {
    EXPECT_NE(leaves.sign(fleet, "dev_1", {"api.openai.com", "no CSR"}).error().code, ErrorCode::rate_limited);
  }
  EXPECT_EQ(leaves.sign(fleet, "dev_1", {"api.openai.com", csr()}).error().code, ErrorCode::rate_limited);
  EXPECT_TRUE(leaves.sign(fleet, "dev_2", {"api.openai.com", csr()}));
}

}  // namespace
}  // namespace sluice::console
