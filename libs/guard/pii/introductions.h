// Private to libs/guard/pii: names that something beside them announces. "Dear Ms …", "Patient: …", a line after
// "Kind regards", and words for "my name is" and titles in scripts where capitals do not help. What nothing announces
// is the sweep's.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "guard/finding.h"
#include "guard/pii/lexicon.h"

namespace sluice::guard::pii {

enum class Introduction : std::uint8_t { label, greeting, closing, spoken, spoken_cjk, honorific_cjk };

struct IntroductionRow {
  Introduction kind;
  const char* regex;
  bool caseless;
};
std::span<const IntroductionRow> introduction_rows() noexcept;

// The row with all that confirm_introduction() may read behind it, over bytes: for open.h. Empty for forms of
// address, which name what stands before them.
std::string open_expression(const IntroductionRow& row);

// The introduction ends at `end`. Appends what it announces and returns where that ends, `end` when it is nothing.
std::size_t confirm_introduction(Introduction kind, const Lexicon& lexicon, std::string_view text, std::size_t end,
                                 std::vector<Finding>& findings);

// "Ada Lovelace <ada@example.org>": the name in front of the angle bracket at `bracket`.
void name_of_mailbox(const Lexicon& lexicon, std::string_view text, std::size_t bracket,
                     std::vector<Finding>& findings);

}  // namespace sluice::guard::pii
