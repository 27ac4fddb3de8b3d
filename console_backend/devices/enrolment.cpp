#include "console_backend/devices/enrolment.h"

#include "base/ids.h"
#include "console_backend/devices/devices.h"
#include "console_backend/devices/enrolment_tokens.h"

namespace sluice::console {

namespace {

Result<tls::SigningRequest> signing_request(std::string_view csr) {
  Result<tls::SigningRequest> request = tls::parse_signing_request(csr);
  if (!request) return fail(Error{request.error().code, "csr: " + request.error().detail});
  return request;
}

Result<std::string> sign(const Keys& keys, const tls::SigningRequest& request, const std::string& id, wire::Party party,
                         TimePoint now) {
  const tls::IdentitySubject subject{id, keys.org, std::string(name_of(party)), {id}};
  return tls::sign_identity(keys.identity, request, subject, identity_life, now);
}

wire::EnrolResponse answer(const Keys& keys, std::string id, std::string certificate) {
  return {std::move(id), keys.org, std::move(certificate), keys.identity.certificate_pem, keys.policy.public_key(),
          keys.root_pem};
}

}  // namespace

Result<wire::EnrolResponse> enrol_device(store::Database& config, const Keys& keys, const wire::EnrolRequest& request,
                                         TimePoint now) {
  Result<tls::SigningRequest> signing = signing_request(request.csr);
  if (!signing) return fail(signing.error());
  const std::string id = DeviceId::make().text();
  Result<std::string> certificate = sign(keys, *signing, id, wire::Party::device, now);
  if (!certificate) return fail(certificate.error());
  Result<void> stored = config.write([&](store::Session& session) -> Result<void> {
    Result<void> used = use_enrolment_token(session, wire::Party::device, request.token, now);
    if (!used) return used;
    add_device(session, id, request, now);
    add_issued_certificate(session, "device", id, *certificate, now);
    return {};
  });
  if (!stored) return fail(stored.error());
  return answer(keys, id, std::move(*certificate));
}

Result<wire::EnrolResponse> enrol_gateway(store::Database& config, const Keys& keys,
                                          const wire::GatewayEnrolRequest& request, TimePoint now) {
  Result<tls::SigningRequest> signing = signing_request(request.csr);
  if (!signing) return fail(signing.error());
  const std::string id = GatewayId::make().text();
  Result<std::string> certificate = sign(keys, *signing, id, wire::Party::gateway, now);
  if (!certificate) return fail(certificate.error());
  Result<void> stored = config.write([&](store::Session& session) -> Result<void> {
    Result<void> used = use_enrolment_token(session, wire::Party::gateway, request.token, now);
    if (!used) return used;
    add_gateway(session, id, request.name, now);
    add_issued_certificate(session, "gateway", id, *certificate, now);
    return {};
  });
  if (!stored) return fail(stored.error());
  return answer(keys, id, std::move(*certificate));
}

Result<wire::RenewResponse> renew_identity(store::Database& config, const Keys& keys, const PresentCertificate& present,
                                           const wire::RenewRequest& request, TimePoint now) {
  Result<tls::SigningRequest> signing = signing_request(request.csr);
  if (!signing) return fail(signing.error());
  if (present.not_after <= now && signing->public_key_der != present.public_key_der) {
    return fail(ErrorCode::forbidden, "csr: an expired certificate is renewed with the same key only");
  }
  Result<std::string> certificate = sign(keys, *signing, present.id, present.party, now);
  if (!certificate) return fail(certificate.error());
  Result<void> stored = config.write([&](store::Session& session) {
    add_issued_certificate(session, name_of(present.party), present.id, *certificate, now);
  });
  if (!stored) return fail(stored.error());
  return wire::RenewResponse{std::move(*certificate)};
}

}  // namespace sluice::console
