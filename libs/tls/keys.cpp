#include "tls/keys.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/handle.h"
#include "tls/crypto.h"
#include "tls/handles.h"

namespace sluice::tls {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
constexpr std::size_t ed25519_key_size = 32;
constexpr std::size_t ed25519_signature_size = 64;
constexpr std::size_t minimum_passphrase = 8;

Key adopt(EVP_PKEY* key) {
  must(key != nullptr);
  return {key, free_pkey};
}

// PKCS#8 for a passphrase: PBES2 with scrypt, which the one-call functions of OpenSSL do not offer.
std::string sealed_pem(EVP_PKEY* key, std::string_view passphrase) {
  const Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> plain(EVP_PKEY2PKCS8(key));
  must(plain != nullptr);
  // RFC 7914 §7: the parameters travel in the file. 2^14 is the most that OpenSSL opens under its memory limit.
  X509_ALGOR* scheme = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, 1ULL << 14, 8, 1);
  must(scheme != nullptr);
  X509_SIG* made = PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()), plain.get(), scheme);
  if (made == nullptr) X509_ALGOR_free(scheme);
  const Handle<X509_SIG, X509_SIG_free> sealed(made);
  must(sealed != nullptr);
  const BioHandle bio(BIO_new(BIO_s_mem()));
  must(bio != nullptr && PEM_write_bio_PKCS8(bio.get(), sealed.get()) == 1);
  return bio_text(bio.get());
}

Secret plain_pem(EVP_PKEY* key) {
  const BioHandle bio(BIO_new(BIO_s_secmem()));
  must(bio != nullptr && PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return Secret(bio_text(bio.get()));
}

Result<Secret> sealed_or_refused(EVP_PKEY* key, const Secret& passphrase) {
  if (passphrase.reveal().size() < minimum_passphrase)
    return fail(ErrorCode::invalid_argument, "a passphrase needs at least 8 characters");
  return Secret(sealed_pem(key, passphrase.reveal()));
}

std::string public_der(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  must(size > 0);
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

bool is_p256(EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
         std::string_view(group.data(), size) == SN_X9_62_prime256v1;
}

int give_passphrase(char* buffer, int size, int, void* argument) noexcept {
  const auto* passphrase = static_cast<const std::string_view*>(argument);
  if (passphrase->empty() || passphrase->size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(*passphrase, buffer);
  return static_cast<int>(passphrase->size());
}

}  // namespace

Result<std::shared_ptr<evp_pkey_st>> private_key_from_pem(std::string_view pem, std::string_view passphrase,
                                                          std::string_view kind) {
  if (pem.size() > 64 * 1024) return fail(ErrorCode::too_large, "a private key of more than 64 KiB");
  const BioHandle bio = memory_bio(pem);
  EVP_PKEY* read = PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase);
  if (read == nullptr) {
    const std::string why = library_error();
    const bool sealed = pem.find("ENCRYPTED PRIVATE KEY") != std::string_view::npos;
    return fail(ErrorCode::malformed,
                sealed ? "the private key does not open with this passphrase" : "the text is no private key: " + why);
  }
  Key key = adopt(read);
  const bool fits = kind == "EC" ? is_p256(key.get()) : EVP_PKEY_is_a(key.get(), "ED25519") == 1;
  if (!fits)
    return fail(ErrorCode::malformed,
                kind == "EC" ? "the private key is not ECDSA on P-256" : "the private key is not Ed25519");
  return key;
}

EcKey EcKey::generate() {
  return EcKey(adopt(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")));
}

Result<EcKey> EcKey::from_pem(const Secret& pem, const Secret& passphrase) {
  auto key = private_key_from_pem(pem.reveal(), passphrase.reveal(), "EC");
  if (!key) return fail(key.error());
  return EcKey(std::move(*key));
}

Secret EcKey::to_pem() const {
  return plain_pem(key_.get());
}

Result<Secret> EcKey::to_sealed_pem(const Secret& passphrase) const {
  return sealed_or_refused(key_.get(), passphrase);
}

std::string EcKey::public_key_der() const {
  return public_der(key_.get());
}

std::string EcKey::pin() const {
  return spki_pin(public_key_der());
}

SigningKey SigningKey::generate() {
  return SigningKey(adopt(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

Result<SigningKey> SigningKey::from_pem(const Secret& pem, const Secret& passphrase) {
  auto key = private_key_from_pem(pem.reveal(), passphrase.reveal(), "ED25519");
  if (!key) return fail(key.error());
  return SigningKey(std::move(*key));
}

Secret SigningKey::to_pem() const {
  return plain_pem(key_.get());
}

Result<Secret> SigningKey::to_sealed_pem(const Secret& passphrase) const {
  return sealed_or_refused(key_.get(), passphrase);
}

std::string SigningKey::public_key() const {
  std::string raw(ed25519_key_size, '\0');
  std::size_t size = raw.size();
  must(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size) == 1);
  return raw;
}

std::string SigningKey::sign(std::string_view message) const {
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  must(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  std::string signature(ed25519_signature_size, '\0');
  std::size_t size = signature.size();
  must(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                      reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1);
  return signature;
}

bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature) noexcept {
  if (public_key.size() != ed25519_key_size || signature.size() != ed25519_signature_size) return false;
  const auto* raw = reinterpret_cast<const unsigned char*>(public_key.data());
  const std::unique_ptr<EVP_PKEY, Release<free_pkey>> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw, public_key.size()));
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  if (!key || !context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
}

std::string key_id(std::string_view public_key) {
  return sha256_hex(public_key).substr(0, 8);
}

std::string spki_pin(std::string_view public_key_der) {
  return "sha256//" + to_base64(view(sha256(public_key_der)));
}

bool is_pin(std::string_view text) noexcept {
  constexpr std::string_view prefix = "sha256//";
  if (!text.starts_with(prefix)) return false;
  const auto digest = from_base64(text.substr(prefix.size()));
  return digest && digest->size() == 32;
}

Result<std::string> make_signing_request(const EcKey& key, std::string_view subject_cn) {
  if (subject_cn.empty() || subject_cn.size() > 64)
    return fail(ErrorCode::invalid_argument, "the name in a signing request must have 1 to 64 characters");
  const Handle<X509_REQ, X509_REQ_free> request(X509_REQ_new());
  must(request != nullptr && X509_REQ_set_version(request.get(), 0) == 1);
  must(X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(subject_cn.data()),
                                  static_cast<int>(subject_cn.size()), -1, 0) == 1);
  must(X509_REQ_set_pubkey(request.get(), key.native()) == 1 &&
       X509_REQ_sign(request.get(), key.native(), EVP_sha256()) > 0);
  const BioHandle bio(BIO_new(BIO_s_mem()));
  must(bio != nullptr && PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1);
  return bio_text(bio.get());
}

Result<SigningRequest> parse_signing_request(std::string_view pem) {
  if (pem.size() > 16 * 1024) return fail(ErrorCode::too_large, "a signing request of more than 16 KiB");
  const BioHandle bio = memory_bio(pem);
  const Handle<X509_REQ, X509_REQ_free> request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
  if (!request) return fail(ErrorCode::malformed, "the text is no PEM certificate request: " + library_error());
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr || !is_p256(key))
    return fail(ErrorCode::unsupported, "the key of a signing request must be ECDSA on P-256");
  if (X509_REQ_verify(request.get(), key) != 1) {
    library_error();
    return fail(ErrorCode::bad_signature, "the signing request is not signed with its own key");
  }
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, name.data(), name.size());
  return SigningRequest{public_der(key), name.data()};
}

}  // namespace sluice::tls
