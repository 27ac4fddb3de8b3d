#include "tls/ca.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/encoding.h"
#include "tls/client_hello.h"

namespace sluice::tls {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const TimePoint now = *from_rfc3339("2026-11-20T12:00:00.000Z");
const std::vector<std::string> domains{"anthropic.com", "api.openai.com"};

SigningRequest request_for(const EcKey& key) {
  return *parse_signing_request(*make_signing_request(key, "whoever"));
}

struct Hierarchy {
  Authority root = *make_root("Example", domains, now);
  Authority issuing = *make_issuing_ca(root, "Example", domains, now);
  EcKey key = EcKey::generate();
};

TEST(ca, authorities_live_ten_years_and_are_marked_as_such) {
  const Hierarchy made;
  for (const std::string& pem : {made.root.certificate_pem, made.issuing.certificate_pem}) {
    const auto facts = certificate_facts(pem);
    ASSERT_TRUE(facts);
    EXPECT_TRUE(facts->is_ca);
    EXPECT_EQ(facts->subject_o, "Example");
    EXPECT_EQ(facts->not_before, now - std::chrono::hours(1));
    EXPECT_EQ(facts->not_after, now + authority_life);
  }
  EXPECT_EQ(certificate_facts(made.issuing.certificate_pem)->issuer_cn, "Sluice Root CA");
}

TEST(ca, a_leaf_carries_host_and_device_for_48_hours_followed_by_its_issuer) {
  const Hierarchy made;
  const auto pem = sign_leaf(made.issuing, request_for(made.key), "api.anthropic.com", "dev_1", now);
  ASSERT_TRUE(pem) << pem.error().message();
  const auto facts = certificate_facts(*pem);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->subject_cn, "api.anthropic.com");
  EXPECT_EQ(facts->subject_serial, "dev_1");
  EXPECT_THAT(facts->dns_names, ElementsAre("api.anthropic.com"));
  EXPECT_EQ(facts->not_before, now - std::chrono::hours(1));
  EXPECT_EQ(facts->not_after, now + std::chrono::hours(48));
  EXPECT_EQ(facts->pin, made.key.pin());
  EXPECT_FALSE(facts->is_ca);
  const auto chain = split_pem_chain(*pem);
  ASSERT_EQ(chain->size(), 2U);
  EXPECT_EQ((*chain)[1], made.issuing.certificate_pem);
}

TEST(ca, serials_are_128_random_bits) {
  const Hierarchy made;
  std::set<std::string> serials;
  for (int i = 0; i < 20; ++i) {
    const auto pem = *sign_leaf(made.issuing, request_for(made.key), "api.openai.com", "dev_1", now);
    const auto serial = certificate_facts(pem)->serial;
    EXPECT_EQ(serial.size(), 32U);
    serials.insert(serial);
  }
  EXPECT_EQ(serials.size(), 20U);
}

TEST(ca, a_host_outside_the_constraint_is_not_signed) {
  const Hierarchy made;
  for (const char* host :
       {"bank.example", "openai.com", "evilanthropic.com", "anthropic.com.evil.example", "10.0.0.1", "*.anthropic.com",
        "", "api.anthropic.com\nDNS:bank.example", "a.anthropic.com,DNS:b.example"}) {
    const auto refused = sign_leaf(made.issuing, request_for(made.key), host, "dev_1", now);
    ASSERT_FALSE(refused) << host;
    EXPECT_EQ(refused.error().code, ErrorCode::not_governed) << host;
  }
}

TEST(ca, constraints_need_domain_names) {
  EXPECT_EQ(make_root("Example", {}, now).error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(make_root("Example", {"a.example,excluded;DNS:b"}, now).error().detail, HasSubstr("not a domain name"));
  EXPECT_EQ(make_root(std::string(65, 'x'), domains, now).error().code, ErrorCode::invalid_argument);
}

TEST(ca, an_issuing_ca_may_narrow_what_the_root_permits_and_not_widen_it) {
  const Hierarchy made;
  EXPECT_TRUE(make_issuing_ca(made.root, "Example", {"api.anthropic.com"}, now));
  for (const char* wider : {"openai.com", "bank.example", "com"}) {
    const auto refused = make_issuing_ca(made.root, "Example", {"anthropic.com", wider}, now);
    ASSERT_FALSE(refused) << wider;
    EXPECT_THAT(refused.error().detail, HasSubstr("needs a new root"));
  }
  EXPECT_EQ(*domains_permitted_by(made.root.certificate_pem), domains);
}

TEST(ca, an_identity_says_who_it_is_and_nothing_of_the_request_is_taken_over) {
  const Authority identity_ca = *make_identity_ca("Example", now);
  const EcKey key = EcKey::generate();
  const IdentitySubject subject{"gw_1", "Example", "gateway", {"gw.corp.example", "10.1.0.2"}};
  const auto pem = sign_identity(identity_ca, request_for(key), subject, std::chrono::hours(24 * 7), now);
  ASSERT_TRUE(pem) << pem.error().message();
  const auto facts = certificate_facts(*pem);
  EXPECT_EQ(facts->subject_cn, "gw_1");
  EXPECT_EQ(facts->subject_ou, "gateway");
  EXPECT_EQ(facts->subject_o, "Example");
  EXPECT_THAT(facts->dns_names, ElementsAre("gw.corp.example"));
  EXPECT_EQ(facts->not_after, now + std::chrono::hours(24 * 7));
  const IdentitySubject wrong{"gw_1", "Example", "gateway", {"x.example,IP:1.1.1.1"}};
  EXPECT_EQ(sign_identity(identity_ca, request_for(key), wrong, std::chrono::hours(1), now).error().code,
            ErrorCode::invalid_argument);
}

TEST(ca, certificate_text_that_is_not_one_is_refused) {
  EXPECT_THAT(certificate_facts("nothing here").error().detail, HasSubstr("no certificate"));
  const Hierarchy made;
  const std::string cut = made.root.certificate_pem + made.issuing.certificate_pem.substr(0, 300);
  EXPECT_THAT(split_pem_chain(cut).error().detail, HasSubstr("certificate 2"));
  EXPECT_EQ(certificate_facts_of_der("\x30\x82").error().code, ErrorCode::malformed);
}

TEST(ca, the_registry_holds_domain_names_once_each_and_no_login_or_mail_hosts) {
  std::set<std::string> seen;
  for (const std::string& domain : ai_domains()) {
    EXPECT_TRUE(is_host_name(domain)) << domain;
    EXPECT_TRUE(seen.insert(domain).second) << domain;
  }
  for (const char* host : {"api.anthropic.com", "api.openai.com", "generativelanguage.googleapis.com", "chatgpt.com"})
    EXPECT_TRUE(within_domains(host, ai_domains())) << host;
  for (const char* host : {"accounts.google.com", "google.com", "github.com", "login.microsoftonline.com", "azure.com"})
    EXPECT_FALSE(within_domains(host, ai_domains())) << host;
}

}  // namespace
}  // namespace sluice::tls
