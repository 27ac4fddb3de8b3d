// Certificates and signing requests arrive from the network: any bytes give facts or an error.
#include "tls/certificate.h"

#include <cstdint>
#include <string_view>

#include "base/encoding.h"
#include "tls/keys.h"

using namespace sluice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)tls::certificate_facts_of_der(bytes);
  (void)tls::certificate_facts(bytes);
  (void)tls::parse_signing_request(bytes);
  const std::string body = to_base64(bytes);
  (void)tls::parse_signing_request("-----BEGIN CERTIFICATE REQUEST-----\n" + body +
                                   "\n-----END CERTIFICATE REQUEST-----\n");
  return 0;
}
