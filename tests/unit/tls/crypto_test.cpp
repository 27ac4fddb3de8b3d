#include "tls/crypto.h"

#include <gtest/gtest.h>

#include <string>

#include "base/encoding.h"
#include "base/random.h"

namespace sluice::tls {
namespace {

TEST(crypto, sha256_and_hmac_give_the_published_values) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4
  EXPECT_EQ(sha256("a", "b", "c"), sha256("abc"));
  // RFC 4231 §4.3
  EXPECT_EQ(to_hex(view(hmac_sha256("Jefe", "what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(crypto, hkdf_gives_the_values_of_rfc_5869) {
  const std::string secret(22, '\x0b');
  const auto salt = *from_hex("000102030405060708090a0b0c");
  const auto info = *from_hex("f0f1f2f3f4f5f6f7f8f9");
  EXPECT_EQ(to_hex(hkdf_sha256(secret, salt, info, 42).reveal()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(to_hex(hkdf_sha256(secret, "", "", 42).reveal()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(crypto, what_was_sealed_opens_with_the_same_key_and_context_only) {
  const Secret key(random_bytes(32));
  for (const std::string& plain : {std::string(), std::string("x"), std::string(100'000, 'y')}) {
    const std::string sealed = seal(key, plain, "use one");
    const auto opened = open_sealed(key, sealed, "use one");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), plain);
    EXPECT_EQ(open_sealed(key, sealed, "use two").error().code, ErrorCode::bad_signature);
    EXPECT_EQ(open_sealed(Secret(random_bytes(32)), sealed, "use one").error().code, ErrorCode::bad_signature);
  }
  EXPECT_NE(seal(key, "same", ""), seal(key, "same", ""));
}

TEST(crypto, a_changed_bit_or_a_missing_byte_of_sealed_text_is_noticed) {
  const Secret key(random_bytes(32));
  const std::string sealed = seal(key, "policy", "use");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(open_sealed(key, changed, "use")) << i;
    EXPECT_FALSE(open_sealed(key, sealed.substr(0, i), "use")) << i;
  }
}

TEST(crypto, passwords_verify_against_their_own_hash_alone) {
  const std::string hash = hash_password("correct horse");
  EXPECT_TRUE(verify_password("correct horse", hash));
  EXPECT_FALSE(verify_password("correct horsf", hash));
  EXPECT_NE(hash, hash_password("correct horse"));
  for (const char* text : {"", "$scrypt$", "$scrypt$ln=15,r=8,p=1$AAAA", "$scrypt$ln=15,r=8,p=1$!$!", "correct horse"})
    EXPECT_FALSE(verify_password("correct horse", text)) << text;
}

}  // namespace
}  // namespace sluice::tls
