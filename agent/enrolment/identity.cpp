#include "agent/enrolment/identity.h"

#include "base/encoding.h"
#include "base/files.h"
#include "base/json.h"
#include "tls/certificate.h"
#include "tls/keys.h"

namespace sluice::agent {
namespace {

constexpr const char* key_file = "device.key";
constexpr const char* identity_file = "identity.json";

}  // namespace

DeviceIdentity DeviceIdentity::duplicate() const {
  return {.device_id = device_id,
          .org = org,
          .certificate = certificate,
          .identity_ca = identity_ca,
          .policy_key = policy_key,
          .root_ca = root_ca,
          .key_pem = key_pem.duplicate(),
          .not_before = not_before,
          .not_after = not_after};
}

Result<void> read_dates(DeviceIdentity& identity) {
  const auto facts = tls::certificate_facts(identity.certificate);
  if (!facts) return fail(facts.error().during("reading the device certificate"));
  identity.not_before = facts->not_before;
  identity.not_after = facts->not_after;
  return {};
}

Result<DeviceIdentity> load_identity(const std::filesystem::path& folder) {
  const auto text = read_file(folder / identity_file, 256 * 1024);
  if (!text) return fail(text.error());
  auto key = read_file(folder / key_file, 16 * 1024);
  if (!key) return fail(key.error());
  DeviceIdentity identity;
  identity.key_pem = Secret(std::move(*key));
  if (const auto known = tls::EcKey::from_pem(identity.key_pem); !known)
    return fail(known.error().during("reading device.key"));
  const auto document = parse_json(*text);
  if (!document) return fail(document.error().during("reading identity.json"));
  JsonFields fields(*document);
  identity.device_id = fields.text("device_id");
  identity.org = fields.text("org");
  identity.certificate = fields.text("certificate");
  identity.identity_ca = fields.text("identity_ca");
  identity.root_ca = fields.text("root_ca");
  const auto policy_key = from_base64(fields.text("policy_key"));
  if (auto error = fields.finish()) return fail(error->during("reading identity.json"));
  if (!policy_key || policy_key->size() != 32)
    return fail(ErrorCode::malformed, "identity.json: policy_key: must be the base64 of 32 bytes");
  identity.policy_key = *policy_key;
  if (auto dated = read_dates(identity); !dated) return fail(dated.error());
  return identity;
}

Result<void> save_identity(const std::filesystem::path& folder, const DeviceIdentity& identity) {
  if (auto done = write_file_atomically(folder / key_file, identity.key_pem.reveal(), 0600); !done) return done;
  JsonWriter json;
  json.begin_object().field("device_id", identity.device_id).field("org", identity.org);
  json.field("certificate", identity.certificate).field("identity_ca", identity.identity_ca);
  json.field("root_ca", identity.root_ca).field("policy_key", to_base64(identity.policy_key)).end_object();
  // Last: its presence says that the device is enrolled.
  return write_file_atomically(folder / identity_file, json.text(), 0600);
}

bool renewal_due(const DeviceIdentity& identity, TimePoint now) {
  return now >= identity.not_before + std::chrono::hours(24);
}

}  // namespace sluice::agent
