// What single code points become; private to the normaliser. Ranges: Unicode 15, names in the comments.
#pragma once
#include <cstdint>

namespace sluice::guard::tables {

enum class Fold : std::uint8_t { kept, dropped, ascii, foreign };

struct Folding {
  Fold kind = Fold::kept;
  char ascii = 0;
  char32_t foreign = 0;  // Greek or Cyrillic in lower case
};

Folding fold(char32_t point) noexcept;

// The Latin letter a Greek or Cyrillic one (lower case) is taken for, 0 if none.
char looks_like(char32_t point) noexcept;

}  // namespace sluice::guard::tables
