#include "wire/signed.h"

#include <charconv>
#include <memory>

#include "base/encoding.h"
#include "base/json.h"
#include "tls/keys.h"

namespace sluice::wire {
namespace {

constexpr std::string_view format = "sluice.signed.v1";

// The format's name stands in front, so that the signature says nothing about bytes of any other kind.
std::string signed_bytes(std::string_view payload) {
  std::string bytes(format);
  bytes.reserve(format.size() + 1 + payload.size());
  return bytes.append("\n").append(payload);
}

std::string envelope(std::string_view payload, std::string_view public_key, std::string_view signature) {
  JsonWriter out;
  out.begin_object().field("format", format).field("key_id", key_id_of(public_key));
  out.field("payload", to_base64(payload)).field("signature", to_base64(signature));
  return out.end_object().take();
}

}  // namespace

std::string key_id_of(std::string_view public_key) {
  return tls::key_id(public_key);
}

Result<std::string> seal(std::string_view payload, std::string_view public_key, const Signer& signer) {
  const auto signature = signer(signed_bytes(payload));
  if (!signature) return fail(signature.error().during("signing the document"));
  return envelope(payload, public_key, *signature);
}

std::string seal(std::string_view payload, const tls::SigningKey& key) {
  return envelope(payload, key.public_key(), key.sign(signed_bytes(payload)));
}

Result<std::string> open_envelope(std::string_view text, std::string_view public_key, std::size_t largest) {
  const auto document = parse_json(text, {.bytes = largest, .depth = 2});
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  (void)fields.choice("format", {format});
  const auto key_id = fields.text("key_id", 64);
  const auto payload_text = fields.text("payload", largest);
  const auto signature_text = fields.text("signature", 256);
  if (auto error = fields.finish()) return fail(std::move(*error));
  auto payload = from_base64(payload_text);
  if (!payload) return fail(ErrorCode::malformed, "payload: must be base64");
  const auto signature = from_base64(signature_text);
  if (!signature) return fail(ErrorCode::malformed, "signature: must be base64");
  if (key_id != key_id_of(public_key)) return fail(ErrorCode::bad_signature, "signed with another key");
  if (!tls::verify_ed25519(public_key, signed_bytes(*payload), *signature))
    return fail(ErrorCode::bad_signature, "the policy document");
  return payload;
}

std::string SnapshotVersion::etag() const {
  return "\"" + std::to_string(epoch) + "." + std::to_string(version) + "\"";
}

Result<SnapshotVersion> parse_etag(std::string_view text) {
  const auto wrong = [] { return fail(ErrorCode::malformed, "an etag must look like \"3.17\", with its quotes"); };
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (text.size() < 5 || !text.starts_with('"') || !text.ends_with('"')) return wrong();
  text = text.substr(1, text.size() - 2);
  const auto* const begin = std::to_address(text.begin());
  const auto* const end = std::to_address(text.end());
  SnapshotVersion found;
  const auto epoch = std::from_chars(begin, end, found.epoch);
  if (epoch.ec != std::errc() || epoch.ptr == end || *epoch.ptr != '.') return wrong();
  const auto version = std::from_chars(epoch.ptr + 1, end, found.version);
  if (version.ec != std::errc() || version.ptr != end || found.epoch < 0 || found.version < 0) return wrong();
  return found;
}

Result<void> check_snapshot(std::string_view org, SnapshotVersion version, TimePoint not_after,
                            const SnapshotCheck& check) {
  if (!check.org.empty() && org != check.org)
    return fail(ErrorCode::forbidden, "the snapshot is of another organisation");
  if (version < check.in_force)
    return fail(ErrorCode::outdated, "snapshot " + version.etag() + ", in force is " + check.in_force.etag());
  if (check.now >= not_after)
    return fail(ErrorCode::expired, "snapshot " + version.etag() + " was valid until " + to_rfc3339(not_after));
  return {};
}

}  // namespace sluice::wire
