// The reader must give the same answer for the bytes in one piece and byte by byte, and never hold more than its limit.
#include "tls/client_hello.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace sluice::tls;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ClientHelloReader whole;
  const HelloProgress at_once = whole.feed(bytes);
  ClientHelloReader pieces;
  HelloProgress by_byte;
  for (const char& byte : bytes) by_byte = pieces.feed(std::string_view(&byte, 1));
  if (size != 0 && size <= ClientHelloReader::limit && at_once.index() != by_byte.index()) std::abort();
  if (const auto* hello = std::get_if<ClientHello>(&at_once)) {
    if (!hello->sni.empty() && !is_host_name(hello->sni)) std::abort();
    const auto* other = std::get_if<ClientHello>(&by_byte);
    if (other != nullptr && (other->sni != hello->sni || other->alpn != hello->alpn)) std::abort();
  }
  return 0;
}
