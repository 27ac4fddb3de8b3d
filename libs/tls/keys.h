// Private and public keys. Copies share one key; it is wiped with the last of them. Threads: any.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY; named only in .cpp files

namespace sluice::tls {

// ECDSA on P-256: certificates and TLS. Every client measured takes it (Ed25519 leaves do not work everywhere).
class EcKey {
 public:
  static EcKey generate();
  // PKCS#8, plain or encrypted. untrusted never; malformed for anything that is not a P-256 key or when the
  // passphrase does not open it.
  static Result<EcKey> from_pem(const Secret& pem, const Secret& passphrase = Secret());
  [[nodiscard]] Secret to_pem() const;
  // PKCS#8 under PBES2 with scrypt (RFC 7914) and AES-256-CBC; a passphrase of less than 8 bytes is invalid_argument.
  [[nodiscard]] Result<Secret> to_sealed_pem(const Secret& passphrase) const;
  [[nodiscard]] std::string public_key_der() const;  // SubjectPublicKeyInfo
  [[nodiscard]] std::string pin() const;             // "sha256//BASE64" of the above, as libcurl takes it

  [[nodiscard]] evp_pkey_st* native() const noexcept { return key_.get(); }
  explicit EcKey(std::shared_ptr<evp_pkey_st> key) noexcept : key_(std::move(key)) {}

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

// Ed25519: policy documents and audit checkpoints.
class SigningKey {
 public:
  static SigningKey generate();
  static Result<SigningKey> from_pem(const Secret& pem, const Secret& passphrase = Secret());
  [[nodiscard]] Secret to_pem() const;
  [[nodiscard]] Result<Secret> to_sealed_pem(const Secret& passphrase) const;
  [[nodiscard]] std::string public_key() const;                    // raw, 32 bytes
  [[nodiscard]] std::string sign(std::string_view message) const;  // 64 bytes

 private:
  explicit SigningKey(std::shared_ptr<evp_pkey_st> key) noexcept : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

// `public_key` is the raw 32 bytes. False also for a key or a signature of the wrong length.
bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature) noexcept;
// The first 8 hex digits of SHA-256 of the public key: names a key in signed documents.
std::string key_id(std::string_view public_key);

// "sha256//BASE64" of a SubjectPublicKeyInfo in DER.
std::string spki_pin(std::string_view public_key_der);
// True when the text has the form of a pin: "sha256//" and the base64 of 32 bytes.
bool is_pin(std::string_view text) noexcept;

// A certificate signing request that verified against its own key, which is P-256. Nothing of its subject or
// extensions is taken over into a certificate: the signer decides those.
struct SigningRequest {
  std::string public_key_der;
  std::string subject_cn;  // what the requester calls itself; a hint only
};
Result<std::string> make_signing_request(const EcKey& key, std::string_view subject_cn);  // PEM
// malformed, too_large (16 KiB), unsupported (other key kinds), bad_signature.
Result<SigningRequest> parse_signing_request(std::string_view pem);

}  // namespace sluice::tls
