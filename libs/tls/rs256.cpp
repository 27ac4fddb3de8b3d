#include "tls/rs256.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/handle.h"
#include "tls/handles.h"

namespace sluice::tls {

Result<std::string> sign_rs256(const Secret& pem, std::string_view message) {
  constexpr int least_bits = 2048;
  const BioHandle bio = memory_bio(pem.reveal());
  // A key under a passphrase is refused instead of asking for it on the terminal.
  const auto no_passphrase = [](char*, int, int, void*) -> int { return -1; };
  const Handle<EVP_PKEY, free_pkey> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "RSA") != 1 || EVP_PKEY_get_bits(key.get()) < least_bits) {
    library_error();
    return fail(ErrorCode::malformed, "no RSA key of 2048 bits or more");
  }
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  must(context != nullptr);
  must(EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.get(), nullptr) == 1);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
  std::size_t size = signature.size();
  must(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                      reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1);
  signature.resize(size);
  return signature;
}

}  // namespace sluice::tls
