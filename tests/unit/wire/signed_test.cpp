#include "wire/signed.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/json.h"
#include "tls/keys.h"

namespace sluice::wire {
namespace {

std::string field_of(std::string_view envelope, std::string_view name) {
  const auto document = parse_json(envelope);
  return document ? std::get<std::string>(document->find(name)->data) : std::string();
}

TEST(Envelope, GivesThePayloadToTheHolderOfThePublicKey) {
  const auto key = tls::SigningKey::generate();
  const std::string payload = R"({"kind":"fleet"})";
  const auto sealed = seal(payload, key);
  EXPECT_EQ(open_envelope(sealed, key.public_key()), payload);
  EXPECT_EQ(field_of(sealed, "format"), "sluice.signed.v1");
  EXPECT_EQ(field_of(sealed, "key_id"), key_id_of(key.public_key()));
  EXPECT_EQ(field_of(sealed, "key_id").size(), 8U);
  EXPECT_EQ(field_of(sealed, "payload"), to_base64(payload));
}

TEST(Envelope, IsTheSameThroughASigner) {
  const auto key = tls::SigningKey::generate();
  const Signer signer = [&](std::string_view message) -> Result<std::string> { return key.sign(message); };
  EXPECT_EQ(seal("payload", key.public_key(), signer), seal("payload", key));
  const Signer broken = [](std::string_view) -> Result<std::string> { return fail(ErrorCode::io_failed, "no key"); };
  EXPECT_EQ(seal("payload", key.public_key(), broken).error().code, ErrorCode::io_failed);
}

TEST(Envelope, SignsTheFormatsNameWithThePayload) {
  const auto key = tls::SigningKey::generate();
  const Signer bare = [&](std::string_view) -> Result<std::string> { return key.sign("payload"); };
  const auto sealed = seal("payload", key.public_key(), bare);
  EXPECT_EQ(open_envelope(*sealed, key.public_key()).error().code, ErrorCode::bad_signature);
}

TEST(Envelope, RefusesAnotherKeyAndEveryChangedCharacter) {
  const auto key = tls::SigningKey::generate();
  const auto sealed = seal(R"({"kind":"fleet","version":1})", key);
  EXPECT_EQ(open_envelope(sealed, tls::SigningKey::generate().public_key()).error().code, ErrorCode::bad_signature);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    ASSERT_FALSE(open_envelope(changed, key.public_key())) << i;
    ASSERT_FALSE(open_envelope(sealed.substr(0, i), key.public_key())) << i;
  }
}

TEST(Envelope, NamesAWrongField) {
  const auto key = tls::SigningKey::generate().public_key();
  const auto detail = [&](std::string_view text) { return open_envelope(text, key).error().detail; };
  EXPECT_EQ(detail(R"({"format":"x","key_id":"","payload":"","signature":""})"),
            "format: must be one of: sluice.signed.v1");
  EXPECT_EQ(detail(R"({"format":"sluice.signed.v1","key_id":"","payload":"","signature":"","more":1})"),
            "more: is not a known field");
  EXPECT_EQ(detail(R"({"format":"sluice.signed.v1","key_id":"","payload":"*","signature":""})"),
            "payload: must be base64");
  EXPECT_EQ(detail(R"({"format":"sluice.signed.v1","key_id":"","payload":"","signature":"*"})"),
            "signature: must be base64");
  EXPECT_EQ(open_envelope(std::string(100, ' '), key, 99).error().code, ErrorCode::too_large);
}

TEST(SnapshotVersion, TravelsAsAnEtag) {
  const SnapshotVersion version{3, 17};
  EXPECT_EQ(version.etag(), "\"3.17\"");
  EXPECT_EQ(parse_etag("\"3.17\""), version);
  EXPECT_EQ(parse_etag("W/\"3.17\""), version);
  for (const auto* wrong : {"", "3.17", "\"3\"", "\"3.\"", "\".1\"", "\"3.17", "\"3.1x\"", "\"-3.1\"", "\"3.1.2\"", "*",
                            "\"99999999999999999999.1\""})
    EXPECT_FALSE(parse_etag(wrong)) << wrong;
  EXPECT_LT((SnapshotVersion{3, 17}), (SnapshotVersion{4, 1}));
}

TEST(CheckSnapshot, RefusesOldExpiredAndForeignOnes) {
  const auto now = *from_rfc3339("2026-02-01T00:00:00Z");
  const auto later = now + std::chrono::seconds(1);
  const SnapshotCheck check{.org = "Example", .in_force = {2, 7}, .now = now};
  EXPECT_TRUE(check_snapshot("Example", {2, 7}, later, check));
  EXPECT_TRUE(check_snapshot("Example", {3, 1}, later, check));
  EXPECT_EQ(check_snapshot("Example", {2, 6}, later, check).error().code, ErrorCode::outdated);
  EXPECT_EQ(check_snapshot("Example", {1, 9}, later, check).error().code, ErrorCode::outdated);
  EXPECT_EQ(check_snapshot("Other", {2, 7}, later, check).error().code, ErrorCode::forbidden);
  EXPECT_EQ(check_snapshot("Example", {2, 7}, now, check).error().code, ErrorCode::expired);
}

}  // namespace
}  // namespace sluice::wire
