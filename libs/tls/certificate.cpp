#include "tls/certificate.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <utility>

#include "base/handle.h"
#include "tls/handles.h"
#include "tls/keys.h"

namespace sluice::tls {
namespace {

constexpr std::size_t pem_limit = 4 * 1024 * 1024;  // a system's whole bundle has about 200 KiB

std::string entry(const X509_NAME* name, int nid) {
  const int index = X509_NAME_get_index_by_NID(name, nid, -1);
  if (index < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  std::string text(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

TimePoint time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return TimePoint(std::chrono::seconds(timegm(&parts)));
}

std::string serial_of(X509* certificate) {
  const Handle<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  must(number != nullptr);
  char* hex = BN_bn2hex(number.get());
  must(hex != nullptr);
  std::string text(hex);
  OPENSSL_free(hex);
  for (char& digit : text)
    if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit - 'A' + 'a');
  return text;
}

std::vector<std::string> dns_names_of(X509* certificate) {
  std::vector<std::string> names;
  auto* found = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  const Handle<GENERAL_NAMES, GENERAL_NAMES_free> alternatives(found);
  for (int i = 0; i < sk_GENERAL_NAME_num(found); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(found, i);
    if (name->type != GEN_DNS) continue;
    const ASN1_STRING* text = name->d.dNSName;
    names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                       static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return names;
}

}  // namespace

std::string subject_public_key_der(x509_st* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  must(size > 0);
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

Result<CertificateFacts> facts_of(x509_st* certificate) {
  CertificateFacts facts;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  facts.serial = serial_of(certificate);
  facts.subject_cn = entry(subject, NID_commonName);
  facts.subject_o = entry(subject, NID_organizationName);
  facts.subject_ou = entry(subject, NID_organizationalUnitName);
  facts.subject_serial = entry(subject, NID_serialNumber);
  facts.issuer_cn = entry(X509_get_issuer_name(certificate), NID_commonName);
  facts.dns_names = dns_names_of(certificate);
  facts.not_before = time_of(X509_get0_notBefore(certificate));
  facts.not_after = time_of(X509_get0_notAfter(certificate));
  facts.public_key_der = subject_public_key_der(certificate);
  facts.pin = spki_pin(facts.public_key_der);
  facts.is_ca = X509_check_ca(certificate) == 1;
  return facts;
}

std::string to_pem(x509_st* certificate) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  must(bio != nullptr && PEM_write_bio_X509(bio.get(), certificate) == 1);
  return bio_text(bio.get());
}

Result<std::vector<X509Handle>> parse_pem_chain(std::string_view pem) {
  if (pem.size() > pem_limit) return fail(ErrorCode::too_large, "certificates of more than 4 MiB");
  const BioHandle bio = memory_bio(pem);
  std::vector<X509Handle> chain;
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) chain.emplace_back(certificate);
  const unsigned long code = ERR_peek_last_error();
  const bool at_end = ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
  const std::string why = library_error();
  if (!at_end)
    return fail(ErrorCode::malformed, "certificate " + std::to_string(chain.size() + 1) + " of the PEM text: " + why);
  if (chain.empty()) return fail(ErrorCode::malformed, "no certificate found in the PEM text");
  return chain;
}

Result<CertificateFacts> certificate_facts(std::string_view pem) {
  auto chain = parse_pem_chain(pem);
  if (!chain) return fail(chain.error());
  return facts_of(chain->front().get());
}

Result<CertificateFacts> certificate_facts_of_der(std::string_view der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const X509Handle certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
  if (!certificate) return fail(ErrorCode::malformed, "the bytes are no certificate: " + library_error());
  return facts_of(certificate.get());
}

Result<std::string> certificate_der(std::string_view pem) {
  auto chain = parse_pem_chain(pem);
  if (!chain) return fail(chain.error());
  unsigned char* der = nullptr;
  const int size = i2d_X509(chain->front().get(), &der);
  must(size > 0);
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

Result<std::vector<std::string>> split_pem_chain(std::string_view pem) {
  auto chain = parse_pem_chain(pem);
  if (!chain) return fail(chain.error());
  std::vector<std::string> parts;
  for (const X509Handle& certificate : *chain) parts.push_back(to_pem(certificate.get()));
  return parts;
}

}  // namespace sluice::tls
