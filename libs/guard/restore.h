// Reversible tokens in a text, and what they stand for.
#pragma once
#include <string_view>
#include <vector>

#include "dialect/json_text.h"
#include "guard/outcome.h"

namespace sluice::guard {

// One edit for each token of `vault` that stands in `text`, in order.
std::vector<dialect::TextEdit> restorations(std::string_view text, const TokenVault& vault);

// The offset from which on the end of `text` may be the beginning of a token; text.size() when it is none.
std::size_t token_open_from(std::string_view text, const TokenVault& vault);

}  // namespace sluice::guard
