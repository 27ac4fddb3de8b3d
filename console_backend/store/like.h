// Patterns for `LOWER(column) LIKE :pattern ESCAPE '\\'`.
#pragma once
#include <string>
#include <string_view>

namespace sluice::console {

// Matches columns that hold `part`, without regard to (ASCII) case; '%' and '_' of the part stand for themselves.
inline std::string like_pattern(std::string_view part) {
  std::string pattern = "%";
  for (char letter : part) {
    if (letter == '%' || letter == '_' || letter == '\\') pattern.push_back('\\');
    pattern.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter);
  }
  return pattern + "%";
}

}  // namespace sluice::console
