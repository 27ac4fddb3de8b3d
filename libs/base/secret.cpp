#include "base/secret.h"

#include <openssl/crypto.h>

#include <utility>

namespace sluice {

Secret::Secret(std::string value) noexcept : value_(std::move(value)) {}
Secret::~Secret() {
  wipe();
}
Secret::Secret(Secret&& other) noexcept : value_(other.value_) {
  other.wipe();
}
Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = other.value_;
    other.wipe();
  }
  return *this;
}
void Secret::wipe() noexcept {
  if (!value_.empty()) OPENSSL_cleanse(value_.data(), value_.size());
  value_.clear();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sluice
