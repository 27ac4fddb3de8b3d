// Private to libs/guard/pii: names of people in Chinese, Japanese and Korean script beside a word that announces one.
// The scripts have neither capitals nor (but for Korean) blanks, so surnames and the lengths of names decide where one
// begins and ends; a name that nothing announces is not looked for.
#pragma once
#include <cstddef>
#include <string_view>

namespace sluice::guard::pii {

// The end of the name that begins at `at`; `at` when there is none.
std::size_t han_name_after(std::string_view text, std::size_t at) noexcept;

struct HanName {
  std::size_t start = 0, end = 0;
  float score = 0;  // 0: none
};
// The name in front of the form of address that ends at `end`.
HanName han_name_before(std::string_view text, std::size_t end) noexcept;

}  // namespace sluice::guard::pii
