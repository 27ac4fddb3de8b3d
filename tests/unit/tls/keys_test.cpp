#include "tls/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/encoding.h"
#include "tls/rs256.h"

namespace sluice::tls {
namespace {

using testing::HasSubstr;

TEST(keys, a_p256_key_survives_pem_plain_and_sealed) {
  const EcKey key = EcKey::generate();
  const auto plain = EcKey::from_pem(key.to_pem());
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->pin(), key.pin());
  const auto sealed = key.to_sealed_pem(Secret("open sesame"));
  ASSERT_TRUE(sealed);
  EXPECT_THAT(std::string(sealed->reveal()), HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
  const auto opened = EcKey::from_pem(*sealed, Secret("open sesame"));
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->pin(), key.pin());
  EXPECT_THAT(EcKey::from_pem(*sealed, Secret("open sesami")).error().detail, HasSubstr("passphrase"));
  EXPECT_FALSE(EcKey::from_pem(*sealed));
  EXPECT_EQ(key.to_sealed_pem(Secret("short")).error().code, ErrorCode::invalid_argument);
}

TEST(keys, a_key_of_another_kind_is_refused) {
  EXPECT_THAT(EcKey::from_pem(SigningKey::generate().to_pem()).error().detail, HasSubstr("P-256"));
  EXPECT_THAT(SigningKey::from_pem(EcKey::generate().to_pem()).error().detail, HasSubstr("Ed25519"));
  EXPECT_EQ(EcKey::from_pem(Secret("no key at all")).error().code, ErrorCode::malformed);
}

TEST(keys, a_pin_has_the_form_that_libcurl_takes) {
  const EcKey key = EcKey::generate();
  EXPECT_TRUE(is_pin(key.pin()));
  EXPECT_EQ(key.pin().size(), 8U + 44U);
  for (const char* text : {"", "sha256//", "sha256//AAAA", "sha1//AAAA", "sha256//not base64"})
    EXPECT_FALSE(is_pin(text)) << text;
}

TEST(keys, ed25519_gives_the_values_of_rfc_8032) {
  const auto public_key = *from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const auto signature = *from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(verify_ed25519(public_key, "\x72", signature));
  EXPECT_FALSE(verify_ed25519(public_key, "\x73", signature));
}

TEST(keys, signatures_verify_with_the_own_key_and_survive_pem) {
  const SigningKey key = SigningKey::generate();
  const auto again = SigningKey::from_pem(key.to_pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_key(), key.public_key());
  const std::string signature = again->sign("policy");
  EXPECT_TRUE(verify_ed25519(key.public_key(), "policy", signature));
  EXPECT_FALSE(verify_ed25519(SigningKey::generate().public_key(), "policy", signature));
  EXPECT_FALSE(verify_ed25519(key.public_key(), "policy", signature.substr(1)));
  EXPECT_FALSE(verify_ed25519("short", "policy", signature));
  EXPECT_EQ(key_id(key.public_key()).size(), 8U);
}

TEST(keys, a_signing_request_carries_the_public_key_and_proves_its_owner) {
  const EcKey key = EcKey::generate();
  const auto pem = make_signing_request(key, "laptop-1");
  ASSERT_TRUE(pem);
  const auto parsed = parse_signing_request(*pem);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->public_key_der, key.public_key_der());
  EXPECT_EQ(parsed->subject_cn, "laptop-1");
}

TEST(keys, a_changed_signing_request_is_refused) {
  const auto pem = *make_signing_request(EcKey::generate(), "laptop-1");
  const std::size_t begin = pem.find('\n') + 1;
  const std::size_t end = pem.find("-----END");
  std::string body = pem.substr(begin, end - begin);
  std::erase(body, '\n');
  const std::string der = *from_base64(body);
  for (std::size_t i = 0; i < der.size(); ++i) {
    std::string changed = der;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    const std::string text =
        "-----BEGIN CERTIFICATE REQUEST-----\n" + to_base64(changed) + "\n-----END CERTIFICATE REQUEST-----\n";
    EXPECT_FALSE(parse_signing_request(text)) << "byte " << i;
  }
  EXPECT_EQ(parse_signing_request("no request").error().code, ErrorCode::malformed);
  EXPECT_EQ(parse_signing_request(std::string(20'000, 'x')).error().code, ErrorCode::too_large);
}

TEST(keys, only_rsa_keys_sign_tokens_of_others) {
  const std::array pems{EcKey::generate().to_pem(), SigningKey::generate().to_pem(), Secret("no key"), Secret()};
  for (const Secret& pem : pems) {
    const auto signature = sign_rs256(pem, "header.claims");
    ASSERT_FALSE(signature);
    EXPECT_EQ(signature.error().code, ErrorCode::malformed);
  }
}

}  // namespace
}  // namespace sluice::tls
