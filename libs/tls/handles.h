// Private to libs/tls: owners of OpenSSL's objects and its error texts, without an OpenSSL header. Used by the .cpp
// files of this folder only.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/handle.h"
#include "base/result.h"
#include "tls/certificate.h"

struct bio_st;
struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;
struct x509_st;

namespace sluice::tls {

void free_bio(bio_st* object) noexcept;
void free_pkey(evp_pkey_st* object) noexcept;
void free_ssl(ssl_st* object) noexcept;
void free_ssl_ctx(ssl_ctx_st* object) noexcept;
void free_ssl_session(ssl_session_st* object) noexcept;
void free_x509(x509_st* object) noexcept;

using BioHandle = Handle<bio_st, free_bio>;
using SslHandle = Handle<ssl_st, free_ssl>;
using SslContextHandle = Handle<ssl_ctx_st, free_ssl_ctx>;
using SslSessionHandle = Handle<ssl_session_st, free_ssl_session>;
using X509Handle = Handle<x509_st, free_x509>;

// The newest text of OpenSSL's error queue, which is emptied: "no start line".
std::string library_error();

// Throws std::bad_alloc when `ok` is false: for calls that fail only for want of memory or by a bug of ours.
void must(bool ok);

BioHandle memory_bio(std::string_view text);  // reads `text`, which must outlive it
std::string bio_text(bio_st* bio);

// All certificates of the text, in order; malformed when there is none or one does not parse.
Result<std::vector<X509Handle>> parse_pem_chain(std::string_view pem);
Result<CertificateFacts> facts_of(x509_st* certificate);
std::string to_pem(x509_st* certificate);
std::string subject_public_key_der(x509_st* certificate);
// EVP_PKEY from PEM; `kind` is "EC" (P-256 only) or "ED25519".
Result<std::shared_ptr<evp_pkey_st>> private_key_from_pem(std::string_view pem, std::string_view passphrase,
                                                          std::string_view kind);

}  // namespace sluice::tls
