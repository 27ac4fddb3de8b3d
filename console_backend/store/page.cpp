#include "console_backend/store/page.h"

#include <charconv>
#include <limits>

#include "base/encoding.h"

namespace sluice::console {

std::int64_t Position::number() const noexcept {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), value);
  const bool whole = error == std::errc() && end == key.data() + key.size();
  return whole ? value : std::numeric_limits<std::int64_t>::max();
}

std::string print_cursor(const Position& position) {
  return to_base64url(position.key + '\n' + position.id);
}

Result<Position> parse_cursor(std::string_view text) {
  Result<std::string> plain = text.size() > 512 ? fail(ErrorCode::too_large) : from_base64url(text);
  const std::size_t split = plain ? plain->find('\n') : std::string::npos;
  if (split == std::string::npos) return fail(ErrorCode::invalid_argument, "cursor: not one that this API gave");
  return Position{plain->substr(0, split), plain->substr(split + 1)};
}

}  // namespace sluice::console
