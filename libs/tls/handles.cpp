#include "tls/handles.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <new>

namespace sluice::tls {

void free_bio(bio_st* object) noexcept {
  BIO_free_all(object);
}
void free_pkey(evp_pkey_st* object) noexcept {
  EVP_PKEY_free(object);
}
void free_ssl(ssl_st* object) noexcept {
  SSL_free(object);
}
void free_ssl_ctx(ssl_ctx_st* object) noexcept {
  SSL_CTX_free(object);
}
void free_ssl_session(ssl_session_st* object) noexcept {
  SSL_SESSION_free(object);
}
void free_x509(x509_st* object) noexcept {
  X509_free(object);
}

std::string library_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return "no reason given";
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(code);
}

void must(bool ok) {
  if (!ok) throw std::bad_alloc();
}

BioHandle memory_bio(std::string_view text) {
  BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  must(bio != nullptr);
  return bio;
}

std::string bio_text(bio_st* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace sluice::tls
