// Owns a pointer of a C library: Handle<SSL_CTX, SSL_CTX_free>.
#pragma once
#include <memory>

namespace sluice {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* pointer) const noexcept {
    release(pointer);
  }
};
template <class T, auto release>
using Handle = std::unique_ptr<T, Release<release>>;

}  // namespace sluice
