// Result<T>: a value or an Error. `return fail(ErrorCode::malformed, "line 3: …");`
#pragma once
#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace sluice {

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string detail = {}) {
  return std::unexpected<Error>(Error{code, std::move(detail)});
}
inline std::unexpected<Error> fail(Error error) {
  return std::unexpected<Error>(std::move(error));
}

}  // namespace sluice
