#include "tls/ca.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/handle.h"
#include "base/random.h"
#include "tls/ai_domains.h"
#include "tls/client_hello.h"
#include "tls/crypto.h"
#include "tls/handles.h"

namespace sluice::tls {
namespace {

struct NameParts {
  std::string_view common_name, organization, unit, serial;
};

// Always as UTF8String: device ids hold '_', which PrintableString (X.520's type for serialNumber) does not allow.
void set_entry(X509_NAME* name, int nid, std::string_view value) {
  if (value.empty()) return;
  must(X509_NAME_add_entry_by_NID(name, nid, V_ASN1_UTF8STRING, reinterpret_cast<const unsigned char*>(value.data()),
                                  static_cast<int>(value.size()), -1, 0) == 1);
}

void set_name(X509_NAME* name, const NameParts& parts) {
  set_entry(name, NID_organizationName, parts.organization);
  set_entry(name, NID_organizationalUnitName, parts.unit);
  set_entry(name, NID_commonName, parts.common_name);
  set_entry(name, NID_serialNumber, parts.serial);
}

// RFC 5280 §4.1.2.4: upper bounds of the attributes; checked here, so that set_entry fails for want of memory only.
Result<void> check_name(const NameParts& parts) {
  const auto bad = [](std::string_view value, std::size_t most) { return value.size() > most; };
  if (bad(parts.common_name, 64) || bad(parts.organization, 64) || bad(parts.unit, 64) || bad(parts.serial, 64))
    return fail(ErrorCode::invalid_argument, "a part of a certificate's subject has more than 64 characters");
  if (parts.common_name.empty()) return fail(ErrorCode::invalid_argument, "a certificate's subject needs a name");
  return {};
}

void set_time(ASN1_TIME* into, TimePoint time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  must(ASN1_TIME_set(into, static_cast<time_t>(seconds)) != nullptr);
}

void add_extension(X509* certificate, const X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, const_cast<X509*>(issuer), certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// A version 3 certificate with a random serial of 128 bits and no extension yet.
X509Handle begin(const NameParts& subject, EVP_PKEY* key, TimePoint now, std::chrono::hours life) {
  X509Handle certificate(X509_new());
  must(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  std::string serial = random_bytes(16);
  serial[0] = static_cast<char>((static_cast<unsigned char>(serial[0]) & 0x7f) | 0x40);  // positive and full length
  const Handle<BIGNUM, BN_free> number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), static_cast<int>(serial.size()), nullptr));
  must(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr);
  set_time(X509_getm_notBefore(certificate.get()), now - clock_skew);
  set_time(X509_getm_notAfter(certificate.get()), now + life);
  set_name(X509_get_subject_name(certificate.get()), subject);
  must(X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

std::string finish(X509* certificate, const X509* issuer, EVP_PKEY* issuer_key) {
  must(X509_set_issuer_name(certificate, X509_get_subject_name(const_cast<X509*>(issuer))) == 1);
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  must(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
  return to_pem(certificate);
}

std::optional<Error> domains_error(const std::vector<std::string>& domains) {
  if (domains.empty()) return Error{ErrorCode::invalid_argument, "a name constraint needs at least one domain"};
  for (const std::string& domain : domains)
    if (!is_host_name(domain)) return Error{ErrorCode::invalid_argument, "\"" + domain + "\" is not a domain name"};
  return std::nullopt;
}

// RFC 5280 §4.2.1.10. "DNS:x" permits x and everything below; excluding 0/0 of both families means no IP at all.
std::string constraint(const std::vector<std::string>& domains) {
  std::string text = "critical";
  for (const std::string& domain : domains) text += ",permitted;DNS:" + domain;
  return text + ",excluded;IP:0.0.0.0/0.0.0.0,excluded;IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0";
}

// The domains that an issuing certificate permits, read back from it: what is signed follows what stands in the CA.
std::vector<std::string> permitted_by(X509* issuer) {
  std::vector<std::string> domains;
  const Handle<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free> constraints(
      static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(issuer, NID_name_constraints, nullptr, nullptr)));
  if (!constraints) return domains;
  for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees); ++i) {
    const GENERAL_NAME* base = sk_GENERAL_SUBTREE_value(constraints->permittedSubtrees, i)->base;
    if (base->type != GEN_DNS) continue;
    const ASN1_STRING* text = base->d.dNSName;
    domains.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                         static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return domains;
}

using PublicKey = std::unique_ptr<EVP_PKEY, Release<free_pkey>>;
Result<PublicKey> public_key_of(const SigningRequest& request) {
  const auto* der = reinterpret_cast<const unsigned char*>(request.public_key_der.data());
  PublicKey key(d2i_PUBKEY(nullptr, &der, static_cast<long>(request.public_key_der.size())));
  if (!key) return fail(ErrorCode::malformed, "the public key of the signing request: " + library_error());
  return key;
}

Result<X509Handle> certificate_of(const Authority& authority) {
  auto chain = parse_pem_chain(authority.certificate_pem);
  if (!chain) return fail(chain.error().during("the certificate of the authority"));
  return std::move(chain->front());
}

bool is_ip_literal(const std::string& text) {
  const Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> address(a2i_IPADDRESS(text.c_str()));
  return address != nullptr;
}

}  // namespace

Result<Authority> make_root(std::string_view org, const std::vector<std::string>& permitted_domains, TimePoint now) {
  if (auto error = domains_error(permitted_domains)) return fail(*error);
  const NameParts subject{"Sluice Root CA", org, {}, {}};
  if (auto checked = check_name(subject); !checked) return fail(checked.error());
  EcKey key = EcKey::generate();
  const X509Handle certificate = begin(subject, key.native(), now, authority_life);
  X509* self = certificate.get();
  add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:1");
  add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(self, self, NID_name_constraints, constraint(permitted_domains));
  return Authority{finish(self, self, key.native()), std::move(key)};
}

Result<Authority> make_issuing_ca(const Authority& root, std::string_view org,
                                  const std::vector<std::string>& permitted_domains, TimePoint now) {
  if (auto error = domains_error(permitted_domains)) return fail(*error);
  auto above = certificate_of(root);
  if (!above) return fail(above.error());
  // A name below one that the root permits is permitted; any other would make leaves that clients refuse.
  const std::vector<std::string> of_root = permitted_by(above->get());
  for (const std::string& domain : permitted_domains)
    if (!within_domains(domain, of_root))
      return fail(ErrorCode::invalid_argument, "the root CA does not permit \"" + domain + "\"; that needs a new root");
  const NameParts subject{"Sluice Issuing CA", org, {}, {}};
  if (auto checked = check_name(subject); !checked) return fail(checked.error());
  EcKey key = EcKey::generate();
  const X509Handle certificate = begin(subject, key.native(), now, authority_life);
  X509* self = certificate.get();
  add_extension(self, above->get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(self, above->get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(self, above->get(), NID_ext_key_usage, "serverAuth");
  add_extension(self, above->get(), NID_name_constraints, constraint(permitted_domains));
  return Authority{finish(self, above->get(), root.key.native()), std::move(key)};
}

Result<std::vector<std::string>> domains_permitted_by(std::string_view ca_pem) {
  auto chain = parse_pem_chain(ca_pem);
  if (!chain) return fail(chain.error());
  return permitted_by(chain->front().get());
}

Result<Authority> make_identity_ca(std::string_view org, TimePoint now) {
  const NameParts subject{"Sluice Identity CA", org, {}, {}};
  if (auto checked = check_name(subject); !checked) return fail(checked.error());
  EcKey key = EcKey::generate();
  const X509Handle certificate = begin(subject, key.native(), now, authority_life);
  X509* self = certificate.get();
  add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  return Authority{finish(self, self, key.native()), std::move(key)};
}

Result<std::string> sign_leaf(const Authority& issuing, const SigningRequest& request, std::string_view host,
                              std::string_view device_id, TimePoint now) {
  auto above = certificate_of(issuing);
  if (!above) return fail(above.error());
  if (!is_host_name(host) || !within_domains(host, permitted_by(above->get())))
    return fail(ErrorCode::not_governed, "the issuing CA may not sign for \"" + std::string(host) + "\"");
  auto key = public_key_of(request);
  if (!key) return fail(key.error());
  // A name longer than a CN may be stands in the SAN alone, which is what clients look at.
  const NameParts subject{host.size() <= 64 ? host : std::string_view("Sluice"), {}, {}, device_id};
  if (auto checked = check_name(subject); !checked) return fail(checked.error());
  const X509Handle certificate = begin(subject, key->get(), now, leaf_life);
  X509* self = certificate.get();
  add_extension(self, above->get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(self, above->get(), NID_key_usage, "critical,digitalSignature");
  add_extension(self, above->get(), NID_ext_key_usage, "serverAuth");
  add_extension(self, above->get(), NID_subject_alt_name, "DNS:" + std::string(host));
  return finish(self, above->get(), issuing.key.native()) + issuing.certificate_pem;
}

Result<std::string> sign_identity(const Authority& identity_ca, const SigningRequest& request,
                                  const IdentitySubject& subject, std::chrono::hours life, TimePoint now) {
  auto above = certificate_of(identity_ca);
  if (!above) return fail(above.error());
  auto key = public_key_of(request);
  if (!key) return fail(key.error());
  const NameParts parts{subject.common_name, subject.organization, subject.unit, {}};
  if (auto checked = check_name(parts); !checked) return fail(checked.error());
  std::string alternatives;
  for (const std::string& name : subject.names) {
    const bool address = is_ip_literal(name);
    if (!address && !is_host_name(name))
      return fail(ErrorCode::invalid_argument, "\"" + name + "\" is neither a host name nor an IP address");
    alternatives += (alternatives.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + name;
  }
  const X509Handle certificate = begin(parts, key->get(), now, life);
  X509* self = certificate.get();
  add_extension(self, above->get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(self, above->get(), NID_key_usage, "critical,digitalSignature");
  add_extension(self, above->get(), NID_ext_key_usage, "serverAuth,clientAuth");
  if (!alternatives.empty()) add_extension(self, above->get(), NID_subject_alt_name, alternatives);
  return finish(self, above->get(), identity_ca.key.native());
}

const std::vector<std::string>& ai_domains() {
  static const std::vector<std::string> domains(ai_domain_table.begin(), ai_domain_table.end());
  return domains;
}

bool within_domains(std::string_view host, const std::vector<std::string>& domains) noexcept {
  return std::ranges::any_of(domains, [host](std::string_view domain) {
    return host == domain ||
           (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
  });
}

}  // namespace sluice::tls
