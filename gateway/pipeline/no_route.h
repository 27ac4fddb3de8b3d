// Why nothing is served to an API client at a method and path below the API's prefixes. Pure.
#pragma once
#include <string>
#include <string_view>

#include "dialect/dialect.h"

namespace sluice::gateway {

struct NoRoute {
  int status = 404;             // 404 nothing is there, 405 another method is, 501 not in this release
  std::string_view code = {};   // OpenAI's error.code
  std::string_view allow = {};  // the method that is possible (RFC 9110 §15.5.6); empty: none
  std::string message = {};
};

NoRoute no_route(std::string_view method, std::string_view path);

// In whose form it is said: by the prefix and the words of the path.
dialect::Dialect dialect_of_path(std::string_view path) noexcept;

}  // namespace sluice::gateway
