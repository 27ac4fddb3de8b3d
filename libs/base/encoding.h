// Hexadecimal (lower case) and base64 (RFC 4648 §4 with padding, §5 url-safe without).
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice {

std::string to_hex(std::string_view bytes);
Result<std::string> from_hex(std::string_view text);
std::string to_base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);
std::string to_base64url(std::string_view bytes);
Result<std::string> from_base64url(std::string_view text);

}  // namespace sluice
