// The words of the lexicon, folded, as lists. Written for this program from general knowledge of the languages.
#pragma once
#include <span>
#include <string_view>

#include "guard/pii/lexicon.h"

namespace sluice::guard::pii {

struct WordList {
  Flags flags;
  std::string_view words;
};
std::span<const WordList> word_lists() noexcept;
std::span<const WordList> cue_lists() noexcept;       // cues of names, more places, known organisations
std::span<const WordList> more_cue_lists() noexcept;  // more of what streets and companies are called

// Cues of a Register: what a word says of the capitalised one beside it.
struct CueList {
  std::uint16_t listed;
  std::string_view words;
};
std::span<const CueList> register_cues() noexcept;

}  // namespace sluice::guard::pii
