#include "gateway/snapshot/identity.h"

#include "base/encoding.h"
#include "base/files.h"
#include "base/json.h"
#include "tls/certificate.h"
#include "tls/crypto.h"
#include "wire/device_api.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t state_file_limit = 256 * 1024;

Result<void> set_dates(GatewayIdentity& identity) {
  Result<tls::CertificateFacts> facts = tls::certificate_facts(identity.certificate_pem);
  if (!facts) return fail(facts.error().during("the gateway's certificate"));
  identity.not_before = facts->not_before;
  identity.not_after = facts->not_after;
  return {};
}

std::string print(const GatewayIdentity& identity) {
  JsonWriter json;
  json.begin_object().field("gateway_id", identity.gateway_id).field("org", identity.org);
  json.field("certificate", identity.certificate_pem).field("identity_ca", identity.identity_ca_pem);
  json.field("policy_key", to_base64(identity.policy_key)).field("root_ca", identity.root_ca_pem).end_object();
  return json.take() + "\n";
}

Result<GatewayIdentity> parse(std::string_view text) {
  Result<JsonValue> document = parse_json(text, {.bytes = state_file_limit});
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  GatewayIdentity identity;
  identity.gateway_id = fields.text("gateway_id");
  identity.org = fields.text("org");
  identity.certificate_pem = fields.text("certificate");
  identity.identity_ca_pem = fields.text("identity_ca");
  const Result<std::string> policy_key = from_base64(fields.text("policy_key"));
  identity.root_ca_pem = fields.text("root_ca");
  if (std::optional<Error> error = fields.finish()) return fail(*error);
  if (!policy_key) return fail(policy_key.error().during("policy_key"));
  identity.policy_key = *policy_key;
  return identity;
}

}  // namespace

fetch::Peer peer_of(const ConsoleAddress& console, const GatewayIdentity* identity) {
  fetch::Peer peer{.pin = console.pin, .ca_pem = {}, .client_certificate_pem = {}, .client_key_pem = {}};
  if (identity != nullptr) {
    peer.client_certificate_pem = identity->certificate_pem;
    peer.client_key_pem = identity->key_pem.duplicate();
  }
  return peer;
}

Result<IdentityPtr> IdentityStore::load() const {
  Result<std::string> text = read_file(folder_ / "identity.json", state_file_limit);
  if (!text) return fail(text.error());
  Result<GatewayIdentity> identity = parse(*text);
  if (!identity) return fail(identity.error().during((folder_ / "identity.json").string()));
  Result<std::string> key_pem = read_file(folder_ / "identity.key", state_file_limit);
  if (!key_pem) return fail(key_pem.error());
  identity->key_pem = Secret(std::move(*key_pem));
  Result<void> dated = set_dates(*identity);
  if (!dated) return fail(dated.error());
  return std::make_shared<const GatewayIdentity>(std::move(*identity));
}

bool IdentityStore::may_be_there() const {
  std::error_code unknown;
  return std::filesystem::exists(folder_ / "identity.json", unknown) || unknown;
}

Result<tls::EcKey> IdentityStore::key() {
  const std::filesystem::path file = folder_ / "identity.key";
  Result<std::string> pem = read_file(file, state_file_limit);
  if (pem) return tls::EcKey::from_pem(Secret(std::move(*pem)));
  if (pem.error().code != ErrorCode::not_found) return fail(pem.error());
  tls::EcKey made = tls::EcKey::generate();
  Result<void> written = write_file_atomically(file, made.to_pem().reveal(), 0600);
  if (!written) return fail(written.error());
  return made;
}

Result<IdentityPtr> IdentityStore::store(GatewayIdentity identity) {
  Result<void> dated = set_dates(identity);
  if (!dated) return fail(dated.error());
  Result<void> written = write_file_atomically(folder_ / "identity.json", print(identity), 0600);
  if (!written) return fail(written.error());
  return std::make_shared<const GatewayIdentity>(std::move(identity));
}

Result<IdentityPtr> IdentityStore::enrol(const ConsoleAddress& console, const Secret& token, std::string_view name) {
  Result<tls::EcKey> own = key();
  if (!own) return fail(own.error());
  Result<std::string> csr = tls::make_signing_request(*own, name);
  if (!csr) return fail(csr.error());
  const wire::GatewayEnrolRequest question{.token = token.duplicate(), .csr = *csr, .name = std::string(name)};
  const fetch::Request request{.method = "POST",
                               .url = console.url + "/gateway/v1/enrol",
                               .headers = {{"content-type", "application/json"}},
                               .body = wire::print(question)};
  Result<fetch::Response> response = fetch::fetch_once(peer_of(console, nullptr), request);
  if (!response) return fail(response.error());
  if (response->status != 201) return fail(wire::parse_error_response(response->body, response->status));
  Result<wire::EnrolResponse> answer = wire::parse_enrol_response(response->body, wire::Party::gateway);
  if (!answer) return fail(answer.error().during("the console's answer"));
  GatewayIdentity identity{.gateway_id = answer->id,
                           .org = answer->org,
                           .certificate_pem = answer->certificate,
                           .identity_ca_pem = answer->identity_ca,
                           .policy_key = answer->policy_key,
                           .root_ca_pem = answer->root_ca,
                           .key_pem = own->to_pem()};
  return store(std::move(identity));
}

Result<IdentityPtr> IdentityStore::renew(fetch::Fetcher& fetcher, const ConsoleAddress& console,
                                         const GatewayIdentity& identity) {
  Result<tls::EcKey> own = tls::EcKey::from_pem(identity.key_pem);
  if (!own) return fail(own.error());
  Result<std::string> csr = tls::make_signing_request(*own, identity.gateway_id);
  if (!csr) return fail(csr.error());
  const fetch::Request request{.method = "POST",
                               .url = console.url + "/gateway/v1/renew",
                               .headers = {{"content-type", "application/json"}},
                               .body = wire::print(wire::RenewRequest{.csr = *csr})};
  Result<fetch::Response> response = fetcher.fetch(request);
  if (!response) return fail(response.error());
  if (response->status != 200) return fail(wire::parse_error_response(response->body, response->status));
  Result<wire::RenewResponse> answer = wire::parse_renew_response(response->body);
  if (!answer) return fail(answer.error().during("the console's answer"));
  GatewayIdentity renewed{.gateway_id = identity.gateway_id,
                          .org = identity.org,
                          .certificate_pem = answer->certificate,
                          .identity_ca_pem = identity.identity_ca_pem,
                          .policy_key = identity.policy_key,
                          .root_ca_pem = identity.root_ca_pem,
                          .key_pem = identity.key_pem.duplicate()};
  return store(std::move(renewed));
}

Secret IdentityStore::storage_key(const GatewayIdentity& identity) {
  return tls::hkdf_sha256(identity.key_pem.reveal(), {}, "sluice.gateway.storage.v1");
}

Result<tls::TlsContext> device_listener_context(const GatewayIdentity& identity) {
  tls::ServerOptions options;
  options.identity = {.chain_pem = identity.certificate_pem, .key_pem = identity.key_pem.duplicate()};
  options.client_certificate = tls::ClientCertificate::required;
  options.client_ca_pem = identity.identity_ca_pem;
  return tls::TlsContext::server(std::move(options));
}

}  // namespace sluice::gateway
