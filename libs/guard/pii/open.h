// Private to libs/guard/pii: where a text that goes on may hold the beginning of something personal.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "guard/finding.h"
#include "guard/open_match.h"
#include "guard/pii/sweep.h"

namespace sluice::guard::pii {

class OpenEnd {
 public:
  // The forms that are expressions, with all that is read behind them.
  explicit OpenEnd(std::span<const OpenSyntax> forms) : forms_(OpenMatcher::make(forms)) {}

  // The smallest offset >= from at which a finding may begin that more text could bring, change or take away. What the
  // detectors look at decides: each rule below names the code that it follows.
  [[nodiscard]] std::size_t open_from(const Tables& tables, std::string_view text, std::size_t from) const;

  // Up to where the text decides about a finding that was found: parts of an address join what stands beside them.
  static std::size_t reach(std::string_view text, const Finding& finding) noexcept;

 private:
  OpenMatcher forms_;
};

}  // namespace sluice::guard::pii
