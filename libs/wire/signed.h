// The signed envelope around policy documents:
//   {"format":"sluice.signed.v1","key_id":…,"payload":base64,"signature":base64}
// key_id is the first 8 hex digits of SHA-256 over the raw public key; the signature is Ed25519 (RFC 8032) over
// "sluice.signed.v1\n" followed by the payload bytes, so that it is worth nothing in any other place.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace sluice::tls {
class SigningKey;
}

namespace sluice::wire {

// Signs the bytes and gives the raw 64-byte signature. The key stays with whoever made the callable.
using Signer = std::function<Result<std::string>(std::string_view message)>;

// `public_key` is the raw 32 bytes. The envelope's text: the same bytes go to every reader.
Result<std::string> seal(std::string_view payload, std::string_view public_key, const Signer& signer);

std::string seal(std::string_view payload, const tls::SigningKey& key);

// The payload, after its signature was verified. malformed (with the field), too_large, or bad_signature (also for a
// key_id of another key).
Result<std::string> open_envelope(std::string_view envelope, std::string_view public_key,
                                  std::size_t largest = 16 * 1024 * 1024);

// The first 8 hex digits of SHA-256 over the raw public key.
std::string key_id_of(std::string_view public_key);

struct SnapshotVersion {
  std::int64_t epoch = 0;
  std::int64_t version = 0;
  auto operator<=>(const SnapshotVersion&) const = default;
  [[nodiscard]] std::string etag() const;  // "\"3.17\"", with its quotes
};
Result<SnapshotVersion> parse_etag(std::string_view text);

// What a reader checks before it obeys a verified snapshot: the organisation (forbidden), an epoch and version not
// older than the one in force (outdated), and a validity that is not over (expired).
struct SnapshotCheck {
  std::string_view org = {};  // of the reader; empty accepts any
  SnapshotVersion in_force = {};
  TimePoint now = {};
};
Result<void> check_snapshot(std::string_view org, SnapshotVersion version, TimePoint not_after,
                            const SnapshotCheck& check);

}  // namespace sluice::wire
