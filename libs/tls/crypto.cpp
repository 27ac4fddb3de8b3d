#include "tls/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/handle.h"
#include "base/hmac.h"
#include "base/random.h"
#include "tls/handles.h"

namespace sluice::tls {
namespace {

using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

unsigned char* bytes_of(char* text) noexcept {
  return reinterpret_cast<unsigned char*>(text);
}
const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Fetched once: looking an algorithm up by name takes longer than hashing a record.
const EVP_MD* sha256_method() {
  static const EVP_MD* method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

CipherContext gcm(const Secret& key, const unsigned char* nonce, int encrypt) {
  if (key.reveal().size() != 32) return nullptr;
  CipherContext context(EVP_CIPHER_CTX_new());
  must(context != nullptr);
  must(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()), nonce, encrypt) == 1);
  return context;
}

struct ScryptCost {
  unsigned log_n = 15, r = 8, p = 1;
};

std::string scrypt(std::string_view password, std::string_view salt, ScryptCost cost) {
  std::string hash(32, '\0');
  const std::uint64_t memory = 128ULL * cost.r * ((1ULL << cost.log_n) + cost.p + 2) + (1U << 20);
  must(EVP_PBE_scrypt(password.data(), password.size(), bytes_of(salt), salt.size(), 1ULL << cost.log_n, cost.r, cost.p,
                      memory, bytes_of(hash.data()), hash.size()) == 1);
  return hash;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  return sha256_of({bytes});
}

Digest sha256(std::string_view first, std::string_view second, std::string_view third) {
  return sha256_of({first, second, third});
}

Digest sha256_of(std::initializer_list<std::string_view> pieces) {
  // One context a thread: its allocation would cost as much as the hash of a short text.
  thread_local const DigestContext context(EVP_MD_CTX_new());
  must(context != nullptr);
  Digest digest;
  must(EVP_DigestInit_ex2(context.get(), sha256_method(), nullptr) == 1);
  for (const std::string_view piece : pieces)
    if (!piece.empty()) must(EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1);
  must(EVP_DigestFinal_ex(context.get(), bytes_of(digest.data()), nullptr) == 1);
  return digest;
}

std::string sha256_hex(std::string_view bytes) {
  return to_hex(view(sha256(bytes)));
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  return sluice::hmac_sha256(key, bytes);
}

Secret hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info, std::size_t length) {
  const Handle<EVP_KDF, EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  must(kdf != nullptr);
  const Handle<EVP_KDF_CTX, EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(kdf.get()));
  must(context != nullptr);
  std::string digest_name = "SHA256";
  const auto octets = [](const char* name, std::string_view value) {
    static char empty = 0;
    return OSSL_PARAM_construct_octet_string(name, value.empty() ? &empty : const_cast<char*>(value.data()),
                                             value.size());
  };
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest_name.data(), 0),
                                   octets("key", secret), octets("salt", salt), octets("info", info),
                                   OSSL_PARAM_construct_end()};
  std::string out(length, '\0');
  must(EVP_KDF_derive(context.get(), bytes_of(out.data()), out.size(), parameters) == 1);
  return Secret(std::move(out));
}

std::string seal(const Secret& key, std::string_view plain, std::string_view context) {
  std::string sealed = random_bytes(nonce_size);
  sealed.resize(nonce_size + plain.size() + tag_size);
  const CipherContext cipher = gcm(key, bytes_of(sealed), 1);
  must(cipher != nullptr);
  int count = 0;
  must(EVP_EncryptUpdate(cipher.get(), nullptr, &count, bytes_of(context), static_cast<int>(context.size())) == 1);
  must(EVP_EncryptUpdate(cipher.get(), bytes_of(sealed.data() + nonce_size), &count, bytes_of(plain),
                         static_cast<int>(plain.size())) == 1);
  must(EVP_EncryptFinal_ex(cipher.get(), bytes_of(sealed.data() + nonce_size + count), &count) == 1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, sealed.data() + nonce_size + plain.size()) ==
       1);
  return sealed;
}

Result<Secret> open_sealed(const Secret& key, std::string_view sealed, std::string_view context) {
  if (sealed.size() < nonce_size + tag_size) return fail(ErrorCode::malformed, "sealed bytes are too short");
  const CipherContext cipher = gcm(key, bytes_of(sealed), 0);
  if (!cipher) return fail(ErrorCode::invalid_argument, "the key of sealed bytes must have 32 bytes");
  const std::string_view body = sealed.substr(nonce_size, sealed.size() - nonce_size - tag_size);
  std::string tag(sealed.substr(sealed.size() - tag_size));
  std::string plain(body.size(), '\0');
  int count = 0;
  must(EVP_DecryptUpdate(cipher.get(), nullptr, &count, bytes_of(context), static_cast<int>(context.size())) == 1);
  must(EVP_DecryptUpdate(cipher.get(), bytes_of(plain.data()), &count, bytes_of(body), static_cast<int>(body.size())) ==
       1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
  Secret opened(std::move(plain));
  unsigned char rest = 0;
  if (EVP_DecryptFinal_ex(cipher.get(), &rest, &count) != 1)
    return fail(ErrorCode::bad_signature, "the bytes were not sealed with this key for this use");
  return opened;
}

std::string hash_password(std::string_view password) {
  const std::string salt = random_bytes(16);
  return "$scrypt$ln=15,r=8,p=1$" + to_base64(salt) + "$" + to_base64(scrypt(password, salt, {}));
}

bool verify_password(std::string_view password, std::string_view encoded) {
  constexpr std::string_view prefix = "$scrypt$ln=15,r=8,p=1$";
  if (!encoded.starts_with(prefix)) return false;
  encoded.remove_prefix(prefix.size());
  const std::size_t cut = encoded.find('$');
  if (cut == std::string_view::npos) return false;
  const auto salt = from_base64(encoded.substr(0, cut));
  const auto hash = from_base64(encoded.substr(cut + 1));
  if (!salt || !hash || hash->size() != 32) return false;
  return equal_in_constant_time(scrypt(password, *salt, {}), *hash);
}

}  // namespace sluice::tls
