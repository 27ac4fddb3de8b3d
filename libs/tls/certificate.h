// What Sluice reads from a certificate. Pure; threads: any.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace sluice::tls {

struct CertificateFacts {
  std::string serial{};  // hex, lower case, as listed in the snapshot's revoked_serials
  std::string subject_cn, subject_o, subject_ou, subject_serial;
  std::string issuer_cn{};
  std::vector<std::string> dns_names;
  TimePoint not_before{}, not_after{};
  std::string pin{};             // "sha256//BASE64" of its public key
  std::string public_key_der{};  // SubjectPublicKeyInfo
  bool is_ca = false;
};

// The facts of the first certificate of the text.
Result<CertificateFacts> certificate_facts(std::string_view pem);
Result<CertificateFacts> certificate_facts_of_der(std::string_view der);
Result<std::string> certificate_der(std::string_view pem);
// Each certificate of a bundle as its own PEM text, in order; malformed when there is none.
Result<std::vector<std::string>> split_pem_chain(std::string_view pem);

}  // namespace sluice::tls
