// How much a word looks like a proper name rather than like an ordinary word, by its letters alone: the sum of weights
// of its groups of three to five letters, trained on names and towns against the dictionaries of ten languages
// (tools/name_shape.mjs). About six names in seven are above 0, and one ordinary word in nine.
#pragma once
#include <string_view>

namespace sluice::guard::pii {

// Sixteenths of log-odds, for a folded word (lexicon.h) of Latin letters; 0 for one of another script.
int name_shape(std::string_view folded) noexcept;

}  // namespace sluice::guard::pii
